use anykey_core::{LicenseEvent, Timestamp, async_trait};

use super::{Claim, Deliveries, OnceError};

/// Convenience methods on every [`Deliveries`]; implemented for all of them.
#[async_trait]
pub trait DeliveriesExt: Deliveries {
    /// Runs `effect` unless the delivery of `event` was applied before. `now` is the current time.
    ///
    /// If `effect` fails, the vendor's next attempt runs it again. If the returned future is dropped while `effect`
    /// runs, the claim ends with the lease, and the next attempt after that runs it again. After a crash between the
    /// effect and the record of it, the effect is repeated: use an effect that can be repeated (see the crate
    /// documentation), or write both in one transaction with `SqliteDeliveries::begin` or
    /// `PostgresDeliveries::begin`.
    ///
    /// # Errors
    ///
    /// [`OnceError::Effect`] with the error of `effect`, [`OnceError::Store`] when the store fails.
    ///
    /// ```
    /// use anykey_core::{EventKind, LicenseEvent, Timestamp};
    /// use anykey_webhook::{DeliveriesExt, MemoryDeliveries, Once};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let deliveries = MemoryDeliveries::new();
    /// let now = Timestamp::now();
    /// let event = LicenseEvent::new("acme", "msg_1", EventKind::Granted, "license.granted", now);
    /// let apply = async || Ok::<_, std::io::Error>("applied");
    ///
    /// assert_eq!(deliveries.once(&event, now, apply()).await?, Once::Done("applied"));
    /// assert_eq!(deliveries.once(&event, now, apply()).await?, Once::Duplicate);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    async fn once<T, E, F>(
        &self,
        event: &LicenseEvent,
        now: Timestamp,
        effect: F,
    ) -> Result<Once<T>, OnceError<E>>
    where
        T: Send,
        E: Send,
        F: Future<Output = Result<T, E>> + Send,
    {
        match self.claim(event, now).await.map_err(OnceError::Store)? {
            Claim::Done => return Ok(Once::Duplicate),
            Claim::InProgress => return Ok(Once::InProgress),
            Claim::New => {}
        }
        match effect.await {
            Ok(outcome) => {
                self.finish(event, now).await.map_err(OnceError::Store)?;
                Ok(Once::Done(outcome))
            }
            Err(error) => {
                // A claim that cannot be released ends with the lease; the effect's error is more useful.
                let _ = self.release(event, now).await;
                Err(OnceError::Effect(error))
            }
        }
    }
}

impl<D: Deliveries + ?Sized> DeliveriesExt for D {}

/// The result of [`DeliveriesExt::once`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller has to handle each")]
pub enum Once<T> {
    /// The effect ran, with this output.
    Done(T),
    /// The delivery was applied before; the effect did not run.
    Duplicate,
    /// Another caller is applying the delivery and may still fail; the effect did not run.
    InProgress,
}

impl<T> Once<T> {
    /// The HTTP status to answer with: 200, or 503 for a delivery in progress, so that the vendor delivers again in
    /// case it fails.
    #[must_use]
    pub const fn status_hint(&self) -> u16 {
        match self {
            Self::Done(_) | Self::Duplicate => 200,
            Self::InProgress => 503,
        }
    }
}

use anykey_core::{LicenseEvent, Timestamp, async_trait};

use super::{Claim, Deliveries, OnceError};

/// Convenience methods on every [`Deliveries`]; implemented for all of them.
#[async_trait]
pub trait DeliveriesExt: Deliveries {
    /// Runs `effect` unless the delivery of `event` was applied already.
    ///
    /// When `effect` fails, or is dropped, the vendor's next attempt runs it again. A crash between the effect
    /// and its being remembered repeats it: let the effect be one that may be repeated (see the crate's page),
    /// or write both in one transaction with `SqliteDeliveries::begin`.
    ///
    /// # Errors
    ///
    /// [`OnceError::Effect`] with the effect's own error, [`OnceError::Store`] when the store does not answer.
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
                // A claim that cannot be given back ends by itself; the effect's error is the one to return.
                let _ = self.release(event).await;
                Err(OnceError::Effect(error))
            }
        }
    }
}

impl<D: Deliveries + ?Sized> DeliveriesExt for D {}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller has to answer each")]
pub enum Once<T> {
    /// It was applied now.
    Done(T),
    /// It was applied before; nothing was done.
    Duplicate,
    /// It is being applied at this moment and may still fail; nothing was done.
    InProgress,
}

impl<T> Once<T> {
    /// The HTTP status to answer with: 200, or 503 for a delivery that is in progress, so that the vendor tries
    /// again in case it fails.
    #[must_use]
    pub const fn status_hint(&self) -> u16 {
        match self {
            Self::Done(_) | Self::Duplicate => 200,
            Self::InProgress => 503,
        }
    }
}

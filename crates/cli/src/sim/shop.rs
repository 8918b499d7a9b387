use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use anykey::{
    ActivateRequest, Error, ErrorKind, KeyCode, LicenseProvider, Result, SignedDuration, Timestamp,
};
use anykey_http::HttpTransport;

use super::webhooks::Webhooks;

/// A vendor in memory with a seller, customers and keys.
///
/// Clones are the same shop. `Debug` shows neither the token nor keys.
#[derive(Clone)]
#[non_exhaustive]
pub struct Shop {
    /// The vendor's word in a configuration: `dodo`, `polar`.
    pub provider: &'static str,
    /// The vendor's HTTP API.
    pub transport: Arc<dyn HttpTransport>,
    /// The seller's credential, for every operation.
    pub token: String,
    /// The seller's organization; `None` at a vendor that needs none (Dodo).
    pub organization_id: Option<String>,
    /// Keys to try things with.
    pub samples: SampleKeys,
    /// What it tells by itself; `None` when nobody wants to hear it.
    pub webhooks: Option<Webhooks>,
}

/// One license key of each sort, as its customer types it.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct SampleKeys {
    /// In force, with a seat free.
    pub good: String,
    /// Its end has passed; `None` when the shop has too few keys.
    pub ended: Option<String>,
    /// Switched off by the seller; `None` when the shop has too few keys.
    pub disabled: Option<String>,
}

impl fmt::Debug for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shop")
            .field("provider", &self.provider)
            .field("transport", &self.transport)
            .field("organization_id", &self.organization_id)
            .field("webhooks", &self.webhooks)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SampleKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SampleKeys").finish_non_exhaustive()
    }
}

/// What becomes of the keys of a shop, in turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Bought for life; one of three seats is taken.
    Good,
    /// Ends in three months.
    Ending,
    /// Follows a subscription; two seats are taken.
    Subscribed,
    /// Ended a month ago.
    Ended,
    /// Switched off by the seller.
    Disabled,
    /// What only this vendor has.
    Special,
}

impl Fate {
    const TURNS: [Self; 6] =
        [Self::Good, Self::Ending, Self::Subscribed, Self::Ended, Self::Disabled, Self::Special];

    /// The fate of each of `keys` keys.
    pub(super) fn of(keys: u32) -> impl Iterator<Item = Self> {
        Self::TURNS.into_iter().cycle().zip(0..keys).map(|(fate, _)| fate)
    }

    /// The devices that hold a seat.
    pub(super) const fn devices(self) -> &'static [&'static str] {
        match self {
            Self::Good => &["studio-mac"],
            Self::Subscribed => &["office-pc", "laptop"],
            _ => &[],
        }
    }

    /// When the key ends by itself.
    pub(super) fn end(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Ending => Some(days_from(now, 90)),
            Self::Ended => Some(days_from(now, -30)),
            _ => None,
        }
    }
}

/// Takes the seats that `fate` tells.
pub(super) async fn take_seats(provider: &dyn LicenseProvider, code: &str, fate: Fate) -> Result<()> {
    for device in fate.devices() {
        provider.activate(ActivateRequest::new(KeyCode::verbatim(code), *device)).await?;
    }
    Ok(())
}

/// Remembers the first key of each sort.
pub(super) fn remember(samples: &mut SampleKeys, code: &str, fate: Fate) {
    match fate {
        Fate::Good if samples.good.is_empty() => code.clone_into(&mut samples.good),
        Fate::Ended => {
            samples.ended.get_or_insert_with(|| code.to_owned());
        }
        Fate::Disabled => {
            samples.disabled.get_or_insert_with(|| code.to_owned());
        }
        _ => {}
    }
}

/// A shop that cannot be opened; does not happen with the keys made here.
pub(super) fn not_opened(cause: impl StdError + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Conflict, "the simulated shop cannot be opened").with_source(cause)
}

pub(super) fn days_from(now: Timestamp, days: i64) -> Timestamp {
    now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(now)
}

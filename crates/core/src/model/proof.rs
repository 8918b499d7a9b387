use std::fmt;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::{ActivationId, LicenseKey};
use crate::InstallationMark;

/// The vendor's signed statement about a key, which a device can verify without a network
/// ([`LicenseProvider::verify_proof`](crate::LicenseProvider::verify_proof)).
///
/// Asked for with [`ValidateRequest::offline_proof`](crate::ValidateRequest::offline_proof) or
/// [`ActivateRequest::offline_proof`](crate::ActivateRequest::offline_proof). It contains the key's code and may
/// contain personal data: `Debug` prints its length only, and its memory is zeroed on drop.
#[derive(Clone)]
pub struct OfflineProof {
    format: Box<str>,
    text: SecretString,
}

impl OfflineProof {
    /// A proof as the vendor wrote it. `format` is the vendor's word for the kind of document, such as `machine-file`.
    pub fn new(format: impl Into<Box<str>>, text: impl Into<String>) -> Self {
        Self { format: format.into(), text: SecretString::from(text.into()) }
    }

    /// The vendor's word for the kind of document.
    #[must_use]
    pub const fn format(&self) -> &str {
        &self.format
    }

    /// The document, secrets included: what to store and to give back to [`new`](Self::new).
    #[must_use]
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }
}

impl PartialEq for OfflineProof {
    fn eq(&self, other: &Self) -> bool {
        self.format == other.format && self.expose() == other.expose()
    }
}

impl Eq for OfflineProof {}

impl fmt::Debug for OfflineProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OfflineProof({}, {} bytes)", self.format, self.expose().len())
    }
}

/// What an [`OfflineProof`] states: that at [`issued_at`](Self::issued_at) the vendor knew this key, and what it knew
/// of it.
///
/// A proof is issued for a key that is valid. Whether it still counts is decided by its end and by the key's own:
/// [`is_current`](Self::is_current).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProvenLicense {
    /// When the vendor signed it.
    pub issued_at: Timestamp,
    /// When it ends; `None` when it lasts as long as the key.
    pub expires_at: Option<Timestamp>,
    /// The key as it was then; `None` when the proof does not contain it.
    pub key: Option<LicenseKey>,
    /// The device's seat; `None` when the proof is about the key alone.
    pub activation: Option<ActivationId>,
    /// The installation that holds the seat; `None` when the proof names none of this library's.
    pub installation: Option<InstallationMark>,
}

impl ProvenLicense {
    /// A statement of which only the time is known; set the other fields afterwards.
    #[must_use]
    pub const fn new(issued_at: Timestamp) -> Self {
        Self { issued_at, expires_at: None, key: None, activation: None, installation: None }
    }

    /// When it stops to count: at its own end or the key's, whichever is earlier. `None` when neither has one.
    #[must_use]
    pub fn ends_at(&self) -> Option<Timestamp> {
        let key = self.key.as_ref().and_then(|key| key.expiry.at());
        self.expires_at.into_iter().chain(key).min()
    }

    /// Whether it counts at `now`.
    ///
    /// ```
    /// use anykey_core::{ProvenLicense, SignedDuration, Timestamp};
    ///
    /// let signed = Timestamp::UNIX_EPOCH;
    /// let mut proven = ProvenLicense::new(signed);
    /// proven.expires_at = Some(signed + SignedDuration::from_hours(24));
    /// assert!(proven.is_current(signed + SignedDuration::from_hours(23)));
    /// assert!(!proven.is_current(signed + SignedDuration::from_hours(24)));
    /// ```
    #[must_use]
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.ends_at().is_none_or(|end| now < end)
    }
}

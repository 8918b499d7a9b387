use jiff::Timestamp;

use super::{ActivationId, LicenseKey, LicenseKeyId, Metadata, OfflineProof, ProductId};
use crate::InstallationMark;

/// One taken seat of a license key.
///
/// Keep its id where the app keeps the key: without it the device can neither be validated as itself nor
/// give its seat back.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Activation {
    /// Names the seat.
    pub id: ActivationId,
    /// The record of the key; `None` when this call does not report it.
    pub key_id: Option<LicenseKeyId>,
    /// What the device called itself when it activated. Not unique.
    pub label: String,
    /// The installation by which the vendor recognises the seat; `None` when the seat was taken without one, when it
    /// was not this library that took it, or when the vendor recognises none.
    pub installation: Option<InstallationMark>,
    /// What was kept with the activation; empty when the vendor keeps nothing (Dodo).
    pub metadata: Metadata,
    /// What the key is for; `None` when this call does not report it.
    pub product: Option<ProductId>,
    /// When the seat was taken; `None` when the vendor does not report it.
    pub created_at: Option<Timestamp>,
    /// When the seat ends by itself unless it is renewed; `None` where seats do not (Dodo, Polar).
    pub expires_at: Option<Timestamp>,
    /// The key as it is after the activation; `None` when this call does not return it (Dodo).
    pub key: Option<Box<LicenseKey>>,
    /// The vendor's proof of the seat; `None` when it was not
    /// [asked for](crate::ActivateRequest::offline_proof), or when the seat is taken and the vendor gave none for it.
    pub proof: Option<OfflineProof>,
    /// The vendor's own time of the answer to `activate`, by the `Date` of its response; `None` when it reports
    /// none, and for an activation that comes in a list or with a validation.
    pub answered_at: Option<Timestamp>,
}

impl Activation {
    /// A seat of which only the required facts are known; set the other fields afterwards.
    pub fn new(id: ActivationId, label: impl Into<String>) -> Self {
        Self {
            id,
            key_id: None,
            label: label.into(),
            installation: None,
            metadata: Metadata::new(),
            product: None,
            created_at: None,
            expires_at: None,
            key: None,
            proof: None,
            answered_at: None,
        }
    }
}

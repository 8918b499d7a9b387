use crate::{KeyCode, Metadata};

/// A device asks for a seat.
///
/// Every success takes a new seat, also for the same label: neither vendor de-duplicates.
///
/// ```
/// use anykey_core::{ActivateRequest, KeyCode};
///
/// let request = ActivateRequest::new(KeyCode::parse("AAAA-BBBB")?, "studio-mac");
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ActivateRequest {
    /// The code that the customer typed.
    pub code: KeyCode,
    /// What the device is called; seller and customer see it. No personal data belongs here.
    pub label: String,
    /// What to keep with the activation; needs [`Capability::ActivationMetadata`](crate::Capability::ActivationMetadata) unless empty.
    pub metadata: Metadata,
    /// What every later validation of this activation has to send again, whole and equal; needs
    /// [`Capability::Conditions`](crate::Capability::Conditions) unless empty. Vendors never return it: keep it beside the activation's
    /// id.
    pub conditions: Metadata,
}

impl ActivateRequest {
    /// Asks for a seat called `label`.
    pub fn new(code: KeyCode, label: impl Into<String>) -> Self {
        Self { code, label: label.into(), metadata: Metadata::new(), conditions: Metadata::new() }
    }

    /// Keeps `metadata` with the activation.
    #[must_use]
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Ties the activation to `conditions`.
    #[must_use]
    pub fn conditions(mut self, conditions: Metadata) -> Self {
        self.conditions = conditions;
        self
    }
}

use crate::{ActivationId, KeyCode};

/// A device keeps a seat that would end by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RenewRequest {
    /// The key's current code.
    pub code: KeyCode,
    /// The seat to keep.
    pub activation: ActivationId,
}

impl RenewRequest {
    /// Keeps `activation`.
    pub fn new(code: KeyCode, activation: impl Into<ActivationId>) -> Self {
        Self { code, activation: activation.into() }
    }
}

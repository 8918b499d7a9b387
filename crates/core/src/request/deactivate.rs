use crate::{ActivationId, KeyCode};

/// A device gives its seat back. Works on expired and disabled keys too, so always try it on uninstall.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeactivateRequest {
    /// The key's current code: after a rotation the old one no longer frees a seat.
    pub code: KeyCode,
    /// The seat to free.
    pub activation: ActivationId,
}

impl DeactivateRequest {
    /// Gives back `activation`.
    pub fn new(code: KeyCode, activation: impl Into<ActivationId>) -> Self {
        Self { code, activation: activation.into() }
    }
}

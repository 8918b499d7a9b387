use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// The vendor's own JSON text of one record, exactly as it came, fields unknown to this library included.
///
/// Kept only when the configuration asks for it (`raw = true`): it holds the code and the customer's
/// personal data. `Debug` prints its length only, and its memory is zeroed on drop.
#[derive(Clone)]
pub struct RawJson(SecretString);

impl RawJson {
    /// Keeps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The JSON text, secrets included.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for RawJson {}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.expose().len())
    }
}

use std::fmt;

use secrecy::{ExposeSecret, SecretSlice};

/// The bytes of a delivery, exactly as they came.
///
/// They hold the customer's personal data and, at Dodo, the key's code. `Debug` prints their length only, and
/// their memory is zeroed on drop.
#[derive(Clone)]
pub struct RawBody(SecretSlice<u8>);

impl RawBody {
    /// Keeps a copy of `bytes`.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(SecretSlice::from(bytes.to_vec()))
    }

    /// The bytes, secrets included. They need not be UTF-8.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

impl PartialEq for RawBody {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for RawBody {}

impl fmt::Debug for RawBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawBody({} bytes)", self.expose().len())
    }
}

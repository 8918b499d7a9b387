use std::fmt;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, Result, SecretString};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The key that seals answers in Redis: 32 random bytes in base64, such as `openssl rand -base64 32` prints, and the
/// same in every process.
///
/// Digests of key codes are made with it too, so that nobody without it can look for a code. After a change of the key
/// the former answers are not found any more, and end with their time to live. `Debug` prints none of it, and its
/// memory is zeroed on drop.
///
/// ```
/// use anykey_core::SecretString;
/// use anykey_redis::SealKey;
///
/// let key = SealKey::new(&SecretString::from("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="))?;
/// assert!(SealKey::new(&SecretString::from("a short password")).is_err());
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone)]
pub struct SealKey(Zeroizing<[u8; 32]>);

impl SealKey {
    /// Reads the key from base64.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when it is not the base64 of 32 bytes. The error does not contain it.
    pub fn new(secret: &SecretString) -> Result<Self> {
        let mut key = Zeroizing::new([0; 32]);
        let read = STANDARD.decode_slice(secret.expose_secret().trim(), key.as_mut());
        if read == Ok(32) { Ok(Self(key)) } else { Err(not_a_key()) }
    }

    /// A key for one purpose, from which neither this one nor that of another purpose can be found.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        match Hmac::<Sha256>::new_from_slice(self.0.as_ref()) {
            Ok(mut code) => {
                code.update(purpose.as_bytes());
                code.finalize().into_bytes().into()
            }
            // HMAC takes keys of any length.
            Err(_) => *self.0,
        }
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(****)")
    }
}

fn not_a_key() -> Error {
    let message = "the seal key has to be 32 random bytes in base64: make one with `openssl rand -base64 32`";
    Error::new(ErrorKind::Config, message).with_operation(Operation::Configure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_length_is_an_error_that_does_not_contain_it() {
        for secret in
            ["", "planted", "cGxhbnRlZA==", "cGxhbnRlZGNHeGhiblJsWkdOSGVHaGlibEpzWkdOSGVHaGlibEpzWkE9PQ=="]
        {
            let error = SealKey::new(&secret.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{secret}");
            assert!(secret.is_empty() || !format!("{error:?} {error}").contains(secret));
        }
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let key = SealKey::new(&"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=".into()).unwrap();
        assert_ne!(key.derive("a"), key.derive("b"));
        assert_eq!(key.derive("a"), key.clone().derive("a"));
        assert_eq!(format!("{key:?}"), "SealKey(****)");
    }
}

use std::fmt;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, Result, SecretString};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

/// Accepts missing padding, which is easily lost when a secret is copied.
const SECRET: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Shorter keys are not secure.
const MINIMUM_LENGTH: usize = 16;

/// The key with which a vendor signs its deliveries. `Debug` prints none of its bytes, and its memory is zeroed on
/// drop.
#[derive(Clone)]
pub struct SigningKey(SecretSlice<u8>);

impl SigningKey {
    /// Reads a secret of Standard Webhooks: base64 with or without the prefix `whsec_`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the secret is not base64, or the key is shorter than 16 bytes. The error does not
    /// contain the secret.
    pub fn standard(secret: &SecretString) -> Result<Self> {
        let text = secret.expose_secret();
        let bytes = SECRET.decode(text.strip_prefix("whsec_").unwrap_or(text)).map_err(|_| {
            config_error("the webhook secret is not base64; copy all of it, including `whsec_`")
        })?;
        Self::new(bytes)
    }

    /// Uses the bytes of the secret's text as the key, including a prefix.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the text is shorter than 16 bytes. The error does not contain the secret.
    pub fn literal(secret: &SecretString) -> Result<Self> {
        Self::new(secret.expose_secret().as_bytes().to_vec())
    }

    fn new(bytes: Vec<u8>) -> Result<Self> {
        let key = Self(SecretSlice::from(bytes));
        if key.0.expose_secret().len() < MINIMUM_LENGTH {
            return Err(config_error("the webhook secret is too short; copy all of it"));
        }
        Ok(key)
    }

    /// A new message authentication code. Never `None`, because HMAC takes keys of any length.
    pub(crate) fn code(&self) -> Option<Hmac<Sha256>> {
        Hmac::new_from_slice(self.0.expose_secret()).ok()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(****)")
    }
}

fn config_error(message: &'static str) -> Error {
    Error::new(ErrorKind::Config, message).with_operation(Operation::Configure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard(secret: &str) -> Result<SigningKey> {
        SigningKey::standard(&SecretString::from(secret))
    }

    #[test]
    fn prefix_and_padding_are_optional() {
        let bytes = |secret| standard(secret).unwrap().0.expose_secret().to_vec();
        let expected: Vec<u8> = (0..32).collect();
        for secret in [
            "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ] {
            assert_eq!(bytes(secret), expected, "{secret}");
        }
    }

    #[test]
    fn an_invalid_secret_is_an_error_that_does_not_contain_it() {
        for secret in ["", "whsec_", "whsec_planted!", "whsec_cGxhbnRlZA==", "acme_whs_planted"] {
            let error = standard(secret).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{secret}");
            assert!(!format!("{error} {error:?}").contains("planted"));
        }
        let error = SigningKey::literal(&SecretString::from("planted")).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("planted"));
        let key = SigningKey::literal(&SecretString::from("planted-planted-planted")).unwrap();
        assert!(!format!("{key:?}").contains("planted"));
    }
}

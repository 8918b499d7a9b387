use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A webhook endpoint's key, ready to sign with as [Standard Webhooks](https://www.standardwebhooks.com) does:
/// HMAC-SHA256 over `id.timestamp.body`. `Debug` prints nothing of it.
///
/// ```
/// use anykey_sim_kit::SigningKey;
///
/// let key = SigningKey::from_bytes(b"secret").ok_or("unusable")?;
/// assert!(key.sign("msg_1", 1_793_348_142, b"{}").starts_with("v1,"));
/// assert!(SigningKey::from_base64("no base64!").is_none());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    /// The key with these bytes; `None` if HMAC cannot use them.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(bytes).ok().map(Self)
    }

    /// The key behind padded base64; `None` if the text is something else.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        Self::from_bytes(&BASE64_STANDARD.decode(text).ok()?)
    }

    /// One entry of `webhook-signature`: `v1,` and the signature in base64. `timestamp` is in Unix seconds.
    #[must_use]
    pub fn sign(&self, message_id: &str, timestamp: i64, body: &[u8]) -> String {
        let head = format!("{message_id}.{timestamp}.");
        let digest = self.0.clone().chain_update(head).chain_update(body).finalize().into_bytes();
        format!("v1,{}", BASE64_STANDARD.encode(digest))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

/// `whsec_` and `bytes` in base64: the text of a secret whose key is `bytes`.
#[must_use]
pub fn standard_secret(bytes: &[u8]) -> String {
    format!("whsec_{}", BASE64_STANDARD.encode(bytes))
}

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The signing key of a webhook endpoint by [Standard Webhooks](https://www.standardwebhooks.com): HMAC-SHA256 over
/// `id.timestamp.body`. `Debug` prints none of its bytes.
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
    /// A key with these bytes; `None` if HMAC cannot use them.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(bytes).ok().map(Self)
    }

    /// Decodes a key from padded base64; `None` if `text` is not base64.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        Self::from_bytes(&BASE64_STANDARD.decode(text).ok()?)
    }

    /// Signs a message: one entry of `webhook-signature`, `v1,` and the signature in base64. `timestamp` is in Unix
    /// seconds.
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

/// The secret of the key `bytes` in the form of Standard Webhooks: `whsec_` and base64.
#[must_use]
pub fn standard_secret(bytes: &[u8]) -> String {
    format!("whsec_{}", BASE64_STANDARD.encode(bytes))
}

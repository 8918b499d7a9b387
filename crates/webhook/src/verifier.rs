use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, NotAuthentic, Operation, Result, Timestamp, WebhookError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;
use http::{HeaderMap, HeaderValue};

use crate::{Delivery, SigningKey};

const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";

/// How far the signed time may differ from the receiver's clock, in whole seconds.
const TOLERANCE: i64 = 5 * 60;

/// Verifies deliveries by [Standard Webhooks](https://www.standardwebhooks.com/): HMAC-SHA-256 over
/// `id.timestamp.body`, scheme `v1`, with a timestamp at most five minutes off.
///
/// Several keys can be given while a secret is rotated: a delivery that matches any of them is authentic.
///
/// ```
/// use anykey_core::{HeaderMap, NotAuthentic, SecretString, Timestamp};
/// use anykey_webhook::{SigningKey, Verifier};
///
/// let secret = SecretString::from("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
/// let verifier = Verifier::new([SigningKey::standard(&secret)?]);
/// let refused = verifier.verify(&HeaderMap::new(), b"{}", Timestamp::now()).unwrap_err();
/// assert_eq!(refused, NotAuthentic::MissingHeader("webhook-id"));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    keys: Vec<SigningKey>,
}

/// The signed headers of an authentic delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Authentic {
    /// The id of the delivery. It stays the same when the vendor delivers again.
    pub id: Box<str>,
    /// When this attempt was sent, with a resolution of one second.
    pub sent_at: Timestamp,
}

impl Authentic {
    /// What a receiver with a signature scheme of its own has verified. For authors of receivers.
    pub fn new(id: impl Into<Box<str>>, sent_at: Timestamp) -> Self {
        Self { id: id.into(), sent_at }
    }
}

impl Verifier {
    /// A verifier that accepts deliveries signed with any of `keys`. Without keys it accepts nothing.
    pub fn new(keys: impl IntoIterator<Item = SigningKey>) -> Self {
        Self { keys: keys.into_iter().collect() }
    }

    /// As [`new`](Self::new), with keys that may have failed to parse, at least one. For authors of receivers.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when there is no key, otherwise the first error in `keys`.
    pub fn requiring(keys: impl IntoIterator<Item = Result<SigningKey>>) -> Result<Self> {
        let keys: Vec<SigningKey> = keys.into_iter().collect::<Result<_>>()?;
        if keys.is_empty() {
            return Err(Error::new(ErrorKind::Config, "there is no webhook secret; configure at least one")
                .with_operation(Operation::Configure));
        }
        Ok(Self { keys })
    }

    /// Verifies that one of the keys signed `body`, and that it was sent at most five minutes before or after `now`.
    ///
    /// Every signature of the scheme `v1` in the header is tried; other schemes are ignored. The signature is checked
    /// before the time, so [`TooOld`](NotAuthentic::TooOld) and [`TooNew`](NotAuthentic::TooNew) mean a replay or a
    /// wrong clock, not a forgery.
    ///
    /// # Errors
    ///
    /// [`NotAuthentic`] with the failed check.
    pub fn verify(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Authentic, NotAuthentic> {
        let id = text(headers, ID)?;
        let timestamp = text(headers, TIMESTAMP)?;
        let sent_at = seconds(timestamp).ok_or(NotAuthentic::MalformedHeader(TIMESTAMP))?;
        let signatures = text(headers, SIGNATURE)?;
        if !self.is_signed(&[id.as_bytes(), timestamp.as_bytes(), body], signatures) {
            return Err(NotAuthentic::SignatureMismatch);
        }
        let age = now.as_second().saturating_sub(sent_at.as_second());
        if age > TOLERANCE {
            return Err(NotAuthentic::TooOld);
        }
        if age < -TOLERANCE {
            return Err(NotAuthentic::TooNew);
        }
        Ok(Authentic { id: id.into(), sent_at })
    }

    /// Verifies the delivery as [`verify`](Self::verify) does, and parses the envelope that Standard Webhooks
    /// recommends and both Dodo and Polar use: `type`, `timestamp` and `data`.
    ///
    /// # Errors
    ///
    /// [`WebhookError::NotAuthentic`] as for [`verify`](Self::verify), or [`WebhookError::Unreadable`] when there is
    /// no such envelope.
    pub fn open<'a>(
        &self,
        headers: &HeaderMap,
        body: &'a [u8],
        now: Timestamp,
    ) -> Result<Delivery<'a>, WebhookError> {
        Delivery::open(self.verify(headers, body, now)?, body)
    }

    fn is_signed(&self, parts: &[&[u8]; 3], signatures: &str) -> bool {
        let candidates: Vec<Vec<u8>> = signatures
            .split(' ')
            .filter_map(|signature| signature.strip_prefix("v1,"))
            .filter_map(|signature| STANDARD.decode(signature).ok())
            .collect();
        let [id, timestamp, body] = *parts;
        self.keys.iter().filter_map(SigningKey::code).any(|mut code| {
            for part in [id, b".", timestamp, b".", body] {
                code.update(part);
            }
            candidates.iter().any(|candidate| code.clone().verify_slice(candidate).is_ok())
        })
    }
}

/// The visible text of a header that has to be there once.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, NotAuthentic> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or(NotAuthentic::MissingHeader(name))?;
    if values.next().is_some() {
        return Err(NotAuthentic::RepeatedHeader(name));
    }
    let visible = |value: &'a HeaderValue| value.to_str().ok().filter(|text| !text.is_empty());
    visible(value).ok_or(NotAuthentic::MalformedHeader(name))
}

/// Parses Unix seconds, which must consist of digits only.
fn seconds(text: &str) -> Option<Timestamp> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Timestamp::from_second(text.parse().ok()?).ok()
}

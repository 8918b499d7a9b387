use std::error::Error as StdError;
use std::fmt;

use jiff::Timestamp;

use super::RawBody;

/// Why a delivery is no [`LicenseEvent`](crate::LicenseEvent). The three cases want different answers.
///
/// None of them prints the delivery's text or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookError {
    /// Nothing proves that the vendor sent it. Answer 400 or 401, do nothing with the bytes.
    NotAuthentic(NotAuthentic),
    /// The vendor sent it, but this version cannot read it. Keep the bytes and look at them, then answer 200;
    /// a failure makes the vendor send it again.
    Unreadable(UnreadableDelivery),
    /// The vendor sent it, and it is not about license keys. Answer 200.
    NotOfInterest(IgnoredDelivery),
}

impl WebhookError {
    /// The HTTP status for an endpoint that does nothing else about it: 400 when a header is missing or
    /// broken, 401 when the signature or its time is not good, 500 for an unreadable delivery, so that it is
    /// not lost, and 200 for one of no interest.
    ///
    /// An endpoint that keeps an unreadable delivery answers 200 instead: Polar switches an endpoint off after
    /// ten events in a row have failed.
    #[must_use]
    pub const fn status_hint(&self) -> u16 {
        match self {
            Self::NotAuthentic(reason) => reason.status_hint(),
            Self::Unreadable(_) => 500,
            Self::NotOfInterest(_) => 200,
        }
    }

    /// Whether the vendor sent the delivery without doubt.
    #[must_use]
    pub const fn is_authentic(&self) -> bool {
        !matches!(self, Self::NotAuthentic(_))
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAuthentic(reason) => write!(f, "the delivery is not authentic: {reason}"),
            Self::Unreadable(delivery) => {
                write!(f, "the delivery `{}` is authentic but unreadable: {}", delivery.id, delivery.cause)
            }
            Self::NotOfInterest(delivery) => {
                write!(f, "the delivery `{}` is not about license keys: {}", delivery.id, delivery.raw_type)
            }
        }
    }
}

impl StdError for WebhookError {}

impl From<NotAuthentic> for WebhookError {
    fn from(reason: NotAuthentic) -> Self {
        Self::NotAuthentic(reason)
    }
}

/// What is missing for a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotAuthentic {
    /// There is no header of this name.
    MissingHeader(&'static str),
    /// There are several headers of this name, and it is unknown which one was signed.
    RepeatedHeader(&'static str),
    /// The header of this name is not what the vendor's scheme says.
    MalformedHeader(&'static str),
    /// No signature matches any secret: another sender, changed bytes, or a secret that is not configured.
    SignatureMismatch,
    /// The signature is good, but the delivery is older than allowed: a replay, or this machine's clock is
    /// ahead.
    TooOld,
    /// The signature is good, but the delivery is further in the future than allowed: this machine's clock is
    /// behind.
    TooNew,
}

impl NotAuthentic {
    const fn status_hint(self) -> u16 {
        match self {
            Self::MissingHeader(_) | Self::RepeatedHeader(_) | Self::MalformedHeader(_) => 400,
            Self::SignatureMismatch | Self::TooOld | Self::TooNew => 401,
        }
    }
}

impl fmt::Display for NotAuthentic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeader(name) => write!(f, "the header `{name}` is missing"),
            Self::RepeatedHeader(name) => write!(f, "the header `{name}` is there more than once"),
            Self::MalformedHeader(name) => write!(f, "the header `{name}` is malformed"),
            Self::SignatureMismatch => f.write_str("no signature matches any secret"),
            Self::TooOld => f.write_str("its timestamp is too old; check this machine's clock"),
            Self::TooNew => f.write_str("its timestamp is in the future; check this machine's clock"),
        }
    }
}

impl StdError for NotAuthentic {}

/// A delivery that the vendor sent but this version cannot read. Its bytes are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableDelivery {
    id: Box<str>,
    sent_at: Timestamp,
    cause: Box<str>,
    body: RawBody,
}

impl UnreadableDelivery {
    /// The delivery `id` with its `body`; `cause` says what cannot be read and repeats nothing of the body.
    pub fn new(id: impl Into<Box<str>>, sent_at: Timestamp, cause: impl Into<Box<str>>, body: &[u8]) -> Self {
        Self { id: id.into(), sent_at, cause: cause.into(), body: RawBody::new(body) }
    }

    /// Names the delivery; the same whenever the vendor sends it again.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When this attempt was sent.
    #[must_use]
    pub const fn sent_at(&self) -> Timestamp {
        self.sent_at
    }

    /// What cannot be read.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.cause
    }

    /// The delivery's bytes, to keep and to look at.
    #[must_use]
    pub const fn body(&self) -> &RawBody {
        &self.body
    }
}

/// A delivery that the vendor sent and that is not about license keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredDelivery {
    id: Box<str>,
    raw_type: Box<str>,
}

impl IgnoredDelivery {
    /// The delivery `id` of the vendor's type `raw_type`.
    pub fn new(id: impl Into<Box<str>>, raw_type: impl Into<Box<str>>) -> Self {
        Self { id: id.into(), raw_type: raw_type.into() }
    }

    /// Names the delivery; the same whenever the vendor sends it again.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The vendor's own word for what happened, verbatim.
    #[must_use]
    pub fn raw_type(&self) -> &str {
        &self.raw_type
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_has_its_own_answer() {
        let unreadable = UnreadableDelivery::new("msg_1", Timestamp::UNIX_EPOCH, "no JSON", b"planted");
        for (error, status, authentic) in [
            (NotAuthentic::MissingHeader("webhook-id").into(), 400, false),
            (NotAuthentic::RepeatedHeader("webhook-id").into(), 400, false),
            (NotAuthentic::MalformedHeader("webhook-id").into(), 400, false),
            (NotAuthentic::SignatureMismatch.into(), 401, false),
            (NotAuthentic::TooOld.into(), 401, false),
            (NotAuthentic::TooNew.into(), 401, false),
            (WebhookError::Unreadable(unreadable), 500, true),
            (WebhookError::NotOfInterest(IgnoredDelivery::new("msg_1", "order.paid")), 200, true),
        ] {
            assert_eq!((error.status_hint(), error.is_authentic()), (status, authentic), "{error}");
            assert!(!format!("{error} {error:?}").contains("planted"));
        }
    }
}

use std::fmt;

use crate::names::stable_names;

/// What sort of failure an [`Error`](crate::Error) is.
///
/// Only [`Refused`](Self::Refused) says something about the license. Everything else means that there
/// is no verdict: keep the last known good state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The vendor answered and said no; see [`Error::refusal`](crate::Error::refusal).
    Refused,
    /// The management plane knows no record with this id.
    NotFound,
    /// The vendor's state forbids it: the key exists already, its status does not allow the change.
    Conflict,
    /// The request is wrong: an argument, an id, a page token, a field that the vendor rejects.
    InvalidRequest,
    /// The credential is missing, wrong, expired or of another environment.
    Unauthenticated,
    /// The credential is good but not allowed to do this.
    PermissionDenied,
    /// Too many requests; see [`Error::retry_after`](crate::Error::retry_after).
    RateLimited,
    /// The vendor, or a proxy before it, is down: 5xx.
    Unavailable,
    /// No answer within the deadline.
    Timeout,
    /// No connection, a broken connection, or a TLS fault.
    Transport,
    /// A successful answer that cannot be read.
    Decode,
    /// An answer without any word that the vendor is known to use for this operation: a gateway, a proxy or a
    /// filter answered in its place, or the vendor changed its words. Never a refusal, whatever the status.
    Unrecognized,
    /// This provider, or this instance of it, has no such operation or cannot honour an argument.
    Unsupported,
    /// The configuration is wrong: a typo, a missing variable, a wrong base URL, a removed API version.
    Config,
}

impl ErrorKind {
    pub(super) const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Unavailable | Self::Timeout | Self::Transport | Self::Unrecognized
        )
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::InvalidRequest => "invalid request",
            Self::Unauthenticated => "unauthenticated",
            Self::PermissionDenied => "permission denied",
            Self::RateLimited => "rate limited",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Decode => "unreadable answer",
            Self::Unrecognized => "unrecognized answer",
            Self::Unsupported => "unsupported",
            Self::Config => "configuration",
        }
    }
}

stable_names! { ErrorKind:
    Refused = "refused",
    NotFound = "not_found",
    Conflict = "conflict",
    InvalidRequest = "invalid_request",
    Unauthenticated = "unauthenticated",
    PermissionDenied = "permission_denied",
    RateLimited = "rate_limited",
    Unavailable = "unavailable",
    Timeout = "timeout",
    Transport = "transport",
    Decode = "decode",
    Unrecognized = "unrecognized",
    Unsupported = "unsupported",
    Config = "config",
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

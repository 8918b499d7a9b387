//! Why a ping is no event, and what to answer to it.

use std::fmt;

use anykey_core::{Error, ErrorKind};

/// Why a ping is no event.
#[derive(Debug)]
#[non_exhaustive]
pub enum PingError {
    /// The path does not end in a secret. Nothing was asked.
    WrongPath,
    /// The body is no form of a ping, or names no sale. Nothing was asked.
    Unreadable(&'static str),
    /// Gumroad does not confirm it: there is no such sale of this seller, or it could not be asked. An error that
    /// [`is_transient`](Error::is_transient) may go away when Gumroad sends the ping again.
    Unconfirmed(Error),
    /// The sale exists and owns no license key.
    NotOfInterest,
}

impl PingError {
    /// The HTTP status for an endpoint that does nothing else about it. Gumroad sends a ping again after 503 and a few
    /// other statuses only (server code, 2026), so that one is for what may go away.
    #[must_use]
    pub fn status_hint(&self) -> u16 {
        match self {
            Self::WrongPath => 404,
            Self::Unreadable(_) => 400,
            Self::Unconfirmed(error) if error.kind() == ErrorKind::NotFound => 404,
            Self::Unconfirmed(_) => 503,
            Self::NotOfInterest => 200,
        }
    }
}

impl fmt::Display for PingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongPath => f.write_str("the path of the ping does not end in a secret"),
            Self::Unreadable(cause) => write!(f, "the ping cannot be read: {cause}"),
            Self::Unconfirmed(_) => f.write_str("the sale of the ping is not confirmed"),
            Self::NotOfInterest => f.write_str("the sale of the ping owns no license key"),
        }
    }
}

impl std::error::Error for PingError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unconfirmed(error) => Some(error),
            Self::WrongPath | Self::Unreadable(_) | Self::NotOfInterest => None,
        }
    }
}

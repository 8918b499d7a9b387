//! What a scripted request gets.

use anykey_core::{TransportError, TransportErrorKind};
use anykey_sim_kit::Answer;
use bytes::Bytes;

/// What a request gets: an [`Answer`], or none because the transport failed.
///
/// Made from either of them, or from a `Result` of both, so functions that take a reply take all three.
///
/// ```
/// use anykey_core::TransportErrorKind;
/// use anykey_testkit::transport::{Answer, Reply};
///
/// let good = Reply::from(Answer::json(200, r#"{"valid":true}"#));
/// let unreachable = Reply::from(TransportErrorKind::Connect);
/// assert_ne!(good, unreachable);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply(Result<Answer, TransportErrorKind>);

impl Reply {
    /// # Errors
    ///
    /// The scripted failure, or that of an answer with an invalid status or header.
    pub(super) fn into_result(self) -> Result<http::Response<Bytes>, TransportError> {
        self.0.map_err(TransportError::new)?.into_response()
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self(Ok(answer))
    }
}

impl From<TransportErrorKind> for Reply {
    fn from(kind: TransportErrorKind) -> Self {
        Self(Err(kind))
    }
}

impl From<Result<Answer, TransportErrorKind>> for Reply {
    fn from(result: Result<Answer, TransportErrorKind>) -> Self {
        Self(result)
    }
}

//! What a scripted request gets.

use anykey_core::{TransportError, TransportErrorKind};
use anykey_sim_kit::Answer;
use bytes::Bytes;

/// What a request gets: an [`Answer`], or none because the transport failed.
///
/// Made from either of them, or from a `Result` of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply(Result<Answer, TransportErrorKind>);

impl Reply {
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

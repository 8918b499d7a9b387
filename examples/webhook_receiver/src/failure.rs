use anykey::webhook::StoreError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why a proven delivery could not be applied now. The answer is 503, so that the vendor delivers again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The vendor was asked for a key and did not answer.
    #[error("the key could not be read")]
    Provider(#[from] anykey::Error),
    /// The vendor was asked for a key and showed it as it was before the event.
    #[error("the vendor's reads are behind its delivery")]
    Behind,
    /// The event lists more keys than could be read in time. Those that were are stored.
    #[error("some listed keys are not read yet")]
    Unfinished,
    /// The database did not store or read it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let error: &dyn std::error::Error = &self;
        tracing::warn!(error, "not applied; the vendor delivers again");
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }
}

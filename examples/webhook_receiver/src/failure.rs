use anykey::webhook::StoreError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why a proven delivery could not be applied now. The answer is 503, so that the vendor delivers again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The vendor was asked for a key and did not answer.
    #[error("the key could not be read: {0}")]
    Provider(#[from] anykey::Error),
    /// The vendor was asked for a key and showed it as it was before the event.
    #[error("the vendor does not show yet what it tells")]
    Behind,
    /// The database did not answer.
    #[error("the database does not answer: {0}")]
    Store(#[from] StoreError),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        tracing::warn!(error = %self, "not applied; the vendor delivers again");
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }
}

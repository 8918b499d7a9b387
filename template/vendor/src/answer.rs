//! From an answer to a success or an error.

use anykey_core::Result;
use anykey_http::ApiResponse;

use crate::error::meaning;
use crate::wire::ErrorBody;

/// A success, or what the answer means; `secrets` are masked in the vendor's sentence.
pub(crate) fn succeed(response: ApiResponse, secrets: &[&str]) -> Result<ApiResponse> {
    if response.is_success() {
        return Ok(response);
    }
    let body = serde_json::from_slice::<ErrorBody<'_>>(response.body()).ok();
    let word = body.as_ref().and_then(|body| body.error.as_deref());
    let sentence = body.as_ref().and_then(|body| body.detail.as_deref());
    let meaning = meaning(response.operation(), response.status().as_u16(), word);
    Err(response.vendor_error("Acme", &meaning, sentence, word, secrets))
}

//! From an answer to a success or an error.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, Operation, Refusal, Result};
use anykey_http::{ApiResponse, error_code, redact};

use crate::error::{Meaning, meaning};
use crate::wire::ErrorBody;

/// A success, or what the answer means; `secrets` are masked in the vendor's sentence.
pub(crate) fn succeed(operation: Operation, response: ApiResponse, secrets: &[&str]) -> Result<ApiResponse> {
    if response.is_success() {
        return Ok(response);
    }
    let body = serde_json::from_slice::<ErrorBody<'_>>(response.body()).ok();
    let word = body.as_ref().and_then(|body| body.error.as_deref());
    let sentence = body.as_ref().and_then(|body| body.detail.as_deref()).map(|text| redact(text, secrets));
    let error = match meaning(operation, response.status().as_u16(), word) {
        Meaning::Refusal(reason) => {
            let refusal = Refusal::new(reason);
            response.fill(Error::refused(match sentence {
                Some(sentence) => refusal.with_message(sentence),
                None => refusal,
            }))
        }
        Meaning::Failure => match sentence {
            Some(sentence) => response.general_error().with_hint(&format!("Acme says: {sentence}")),
            None => response.general_error(),
        },
        Meaning::Unrecognized => unrecognized(&response),
    };
    Err(match word.and_then(error_code) {
        Some(word) => error.with_vendor_code(word),
        None => error,
    })
}

/// The error for an answer in words that Acme is not known to use for the operation.
pub(crate) fn unrecognized(response: &ApiResponse) -> Error {
    response.unrecognized().with_hint("check `base_url` and any proxy")
}

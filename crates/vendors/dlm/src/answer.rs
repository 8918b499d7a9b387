//! From an answer to a success or an error.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, Result};
use anykey_http::{ApiResponse, JsonText};
use http::StatusCode;
use http::header::WWW_AUTHENTICATE;

use crate::error::{DISABLED_ROUTE, reading};
use crate::wire::ErrorBody;

/// A success, or what the answer means; `secrets` are masked in the server's sentence.
pub(crate) fn succeed(response: ApiResponse, secrets: &[&str]) -> Result<ApiResponse> {
    if response.is_success() { Ok(response) } else { Err(reject(&response, secrets)) }
}

fn reject(response: &ApiResponse, secrets: &[&str]) -> Error {
    let body: Option<ErrorBody<'_>> = anykey_http::read_json(response.body());
    let code = body.as_ref().map(|body| &*body.code);
    let data = body.as_ref().and_then(|body| body.data);
    let asks_for_credential = response.headers().contains_key(WWW_AUTHENTICATE);
    let reading = reading(response.operation(), response.status().as_u16(), code, data, asks_for_credential);
    let message = body.as_ref().and_then(|body| body.message.as_ref().value());
    let sentence = message.map(|text: &JsonText<'_>| &**text);
    let error = response.vendor_error("Digital License Manager", &reading.meaning, sentence, code, secrets);
    match error.refusal() {
        Some(refusal) if reading.is_doubtful => {
            let refusal = refusal.clone().doubtful();
            let doubtful = response.fill(Error::refused(refusal));
            match error.vendor_code() {
                Some(code) => doubtful.with_vendor_code(code.to_owned()),
                None => doubtful,
            }
        }
        _ => error,
    }
}

/// Whether an answer with the status of a failure is the plugin's last word: what it does not find, what exists already and
/// what it does not allow is a 500.
pub(crate) fn is_final(status: StatusCode, body: &[u8]) -> bool {
    status == StatusCode::INTERNAL_SERVER_ERROR
        && anykey_http::read_json(body).is_some_and(|body: ErrorBody<'_>| match &*body.code {
            "data_error" => matches!(body.data.unwrap_or_default().code.value(), Some(400..=499)),
            code => code == DISABLED_ROUTE,
        })
}

/// The error for an answer about another record than the request.
pub(crate) fn of_another_request(response: &ApiResponse) -> Error {
    response.unrecognized().with_hint("it is about another license key or activation than the request")
}

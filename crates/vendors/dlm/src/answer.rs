//! From an answer to a success or an error.
//!
//! The plugin's own number in an error body says more than the HTTP status: see [`crate::error`] for the table. This
//! module reads the body, asks the table, and builds the error from what both say.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, Result};
use anykey_http::{ApiResponse, JsonText};
use http::StatusCode;
use http::header::WWW_AUTHENTICATE;

use crate::error::{DISABLED_ROUTE, reading};
use crate::wire::ErrorBody;

/// The answer itself for a 2xx, otherwise the error that it means.
///
/// `secrets` are the codes and tokens of the request: the plugin repeats them in its sentence, so they are masked
/// there.
///
/// # Errors
///
/// What [`crate::error::reading`] makes of the status and the body.
pub(crate) fn succeed(response: ApiResponse, secrets: &[&str]) -> Result<ApiResponse> {
    if response.is_success() { Ok(response) } else { Err(reject(&response, secrets)) }
}

/// The error for an answer that is no success. A refusal that the plugin also gives while it cannot read its database
/// is marked doubtful, and keeps the vendor's code.
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

/// Whether an answer with the status of a failure is the plugin's last word, so that sending the request again is
/// wasted.
///
/// The HTTP client repeats a 5xx of a repeatable request. The plugin, however, answers what it does not find, what
/// exists already and what it does not allow with a 500: its `data.code` is then 400 to 499, or the endpoint is not
/// granted (recordings of version 1.8.3, November 2026).
pub(crate) fn is_final(status: StatusCode, body: &[u8]) -> bool {
    status == StatusCode::INTERNAL_SERVER_ERROR
        && anykey_http::read_json(body).is_some_and(|body: ErrorBody<'_>| match &*body.code {
            "data_error" => matches!(body.data.unwrap_or_default().code.value(), Some(400..=499)),
            code => code == DISABLED_ROUTE,
        })
}

/// The error for an answer about another record than the request.
///
/// The server compares tokens and codes loosely, and a cache can mix answers up, so the id of each answer is compared
/// with the one asked for.
pub(crate) fn of_another_request(response: &ApiResponse) -> Error {
    response.unrecognized().with_hint("it is about another license key or activation than the request")
}

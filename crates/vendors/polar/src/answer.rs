//! From an answer to a key, an activation or an error.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Activation, Error, ErrorKind, LicenseKey, LicenseKeyId, RawJson, Result};
use anykey_http::{ApiResponse, MappedList, redact};
use http::header::WWW_AUTHENTICATE;

use crate::error::{error_body, meaning};
use crate::id::same;
use crate::list::{LenientKeyList, LicenseKeyList};
use crate::map;
use crate::wire::{ActivatedBody, ActivatedText, Items, Pagination, RawItem};

/// The key with the id `id`.
///
/// # Errors
///
/// `Unrecognized` when the answer is about another key: it is another request's.
pub(crate) fn license_key(response: &ApiResponse, id: &LicenseKeyId, keep_raw: bool) -> Result<LicenseKey> {
    let key = map::license_key(response.json()?, whole(response, keep_raw));
    if same(key.id.as_str(), id.as_str()) { Ok(key) } else { Err(of_another_request(response)) }
}

/// The keys of a page. An unreadable key does not affect the others.
///
/// # Errors
///
/// `Decode` if the body is not a list.
pub(crate) fn license_keys(
    response: &ApiResponse,
    keep_raw: bool,
) -> Result<(MappedList<LicenseKey>, Pagination)> {
    let (mut list, pagination) = match response.json() {
        Ok(LicenseKeyList { items, pagination }) => (MappedList::from(items), pagination),
        Err(error) => match response.json() {
            Ok(LenientKeyList { items, pagination }) => (items, pagination),
            Err(_) => return Err(error),
        },
    };
    if keep_raw {
        list.keep_raw(response.json::<Items<RawItem<'_>>>()?.items);
    }
    Ok((list, pagination))
}

/// The key of a validation, and the activation if one was named. Whether it is the requested key is for the caller to
/// compare.
pub(crate) fn validated(response: &ApiResponse, keep_raw: bool) -> Result<(LicenseKey, Option<Activation>)> {
    Ok(map::validated(response.json()?, whole(response, keep_raw)))
}

/// The activations of a single key.
///
/// # Errors
///
/// `Decode` if the answer does not list them: an empty list would mean that there are none.
pub(crate) fn activations(response: &ApiResponse) -> Result<Vec<Activation>> {
    let activations = map::activations(response.json()?);
    activations.ok_or_else(|| response.error(ErrorKind::Decode, "the answer does not tell the activations"))
}

/// The new activation, with the time of the answer and its key.
pub(crate) fn activated(response: &ApiResponse, keep_raw: bool) -> Result<Activation> {
    let body = response.json::<ActivatedBody<'_>>()?;
    let text = if keep_raw { response.json::<ActivatedText<'_>>()?.license_key } else { None };
    let mut activation = map::activated(body, text.map(kept));
    activation.answered_at = response.answered_at();
    Ok(activation)
}

/// The error for an answer that belongs to another request. It is a failure and no refusal.
pub(crate) fn of_another_request(response: &ApiResponse) -> Error {
    response
        .unrecognized()
        .with_hint("it is about another license key, organization or activation than the request")
}

/// Returns a success; anything else becomes an error, in which `secrets` are masked.
pub(crate) fn succeed(response: ApiResponse, secrets: &[&str]) -> Result<ApiResponse> {
    if response.is_success() { Ok(response) } else { Err(reject(&response, secrets)) }
}

/// The error for an answer without a success, with Polar's class and sentence; `secrets` are masked in it. For a token
/// without the needed scope it names the scopes that Polar accepts.
pub(crate) fn reject(response: &ApiResponse, secrets: &[&str]) -> Error {
    let body = error_body(response.body());
    let meaning = meaning(response.operation(), response.status().as_u16(), body.as_ref());
    let sentence = body.as_ref().and_then(|body| body.sentence());
    let code = body.as_ref().and_then(|body| body.error.as_deref());
    let error = response.vendor_error("Polar", &meaning, sentence.as_deref(), code, secrets);
    match wanted_scope(response) {
        Some(scope) if error.kind() == ErrorKind::PermissionDenied => {
            error.with_hint(&format!("it wants one of: {}", redact(scope, secrets)))
        }
        _ => error,
    }
}

/// The body as text, if the configuration asks for it.
fn whole(response: &ApiResponse, keep_raw: bool) -> Option<RawJson> {
    keep_raw.then(|| response.raw())
}

/// The text of one record.
fn kept(text: RawItem<'_>) -> RawJson {
    RawJson::new(text.get())
}

/// The scopes that `WWW-Authenticate` asks for, separated by spaces.
fn wanted_scope(response: &ApiResponse) -> Option<&str> {
    let challenge = response.headers().get(WWW_AUTHENTICATE)?.to_str().ok()?;
    let (_, rest) = challenge.split_once("scope=\"")?;
    rest.split_once('"').map(|(scope, _)| scope)
}

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

/// The keys of a page. One that cannot be read takes no other along.
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

pub(crate) fn validated(response: &ApiResponse, keep_raw: bool) -> Result<(LicenseKey, Option<Activation>)> {
    Ok(map::validated(response.json()?, whole(response, keep_raw)))
}

pub(crate) fn activations(response: &ApiResponse) -> Result<Vec<Activation>> {
    let activations = map::activations(response.json()?);
    activations.ok_or_else(|| response.error(ErrorKind::Decode, "the answer does not tell the activations"))
}

pub(crate) fn activated(response: &ApiResponse, keep_raw: bool) -> Result<Activation> {
    let body = response.json::<ActivatedBody<'_>>()?;
    let text = if keep_raw { response.json::<ActivatedText<'_>>()?.license_key } else { None };
    let mut activation = map::activated(body, text.map(kept));
    activation.answered_at = response.answered_at();
    Ok(activation)
}

/// The error for an answer about something else than what was asked.
pub(crate) fn of_another_request(response: &ApiResponse) -> Error {
    response
        .unrecognized()
        .with_hint("it is about another license key, organization or activation than the request")
}

pub(crate) fn succeed(response: ApiResponse, secrets: &[&str]) -> Result<ApiResponse> {
    if response.is_success() { Ok(response) } else { Err(reject(&response, secrets)) }
}

/// What an answer that is no success means, with Polar's class and sentence; `secrets` are masked in it.
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

fn whole(response: &ApiResponse, keep_raw: bool) -> Option<RawJson> {
    keep_raw.then(|| response.raw())
}

fn kept(text: RawItem<'_>) -> RawJson {
    RawJson::new(text.get())
}

/// The scopes that `WWW-Authenticate` asks for, separated by spaces.
fn wanted_scope(response: &ApiResponse) -> Option<&str> {
    let challenge = response.headers().get(WWW_AUTHENTICATE)?.to_str().ok()?;
    let (_, rest) = challenge.split_once("scope=\"")?;
    rest.split_once('"').map(|(scope, _)| scope)
}

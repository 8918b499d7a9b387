//! From an answer to a key or an error.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Activation, ActivationId, Error, LicenseKey, LicenseKeyId, Operation, Result};
use anykey_http::{ApiResponse, MappedList, Meaning, PathSegment};

use crate::error::{error_body, grant_meaning, meaning};
use crate::list::{LenientKeyList, LicenseKeyList};
use crate::wire::{ErrorBody, Items, LicenseKeyBody, RawItem};
use crate::{NAME, map};

/// A key of an answer, whichever it is.
pub(crate) fn license_key(response: &ApiResponse, keep_raw: bool) -> Result<LicenseKey> {
    let body: LicenseKeyBody<'_> = response.json()?;
    let raw = keep_raw.then(|| response.raw());
    Ok(map::license_key(body, raw))
}

/// The keys of a page. An unreadable key does not affect the others.
///
/// # Errors
///
/// `Decode` if the body is not a list.
pub(crate) fn license_keys(response: &ApiResponse, keep_raw: bool) -> Result<MappedList<LicenseKey>> {
    let mut list = match response.json::<LicenseKeyList>() {
        Ok(list) => MappedList::from(list.items),
        Err(error) => response.json::<LenientKeyList>().map_err(|_| error)?.items,
    };
    if keep_raw {
        list.keep_raw(response.json::<Items<RawItem<'_>>>()?.items);
    }
    Ok(list)
}

/// The activation with the id `id`.
///
/// # Errors
///
/// `Unrecognized` when the answer is about another one.
pub(crate) fn instance(response: &ApiResponse, id: &ActivationId) -> Result<Activation> {
    let activation = map::instance(response.json()?);
    if activation.id == *id { Ok(activation) } else { Err(of_another_request(response)) }
}

/// The key with the id `id`.
///
/// # Errors
///
/// `Unrecognized` when the answer is about another one.
pub(crate) fn license_key_of(
    response: &ApiResponse,
    id: &LicenseKeyId,
    keep_raw: bool,
) -> Result<LicenseKey> {
    let key = license_key(response, keep_raw)?;
    if key.id == *id { Ok(key) } else { Err(of_another_request(response)) }
}

/// The error for an answer that belongs to another request. It is a failure and no refusal.
pub(crate) fn of_another_request(response: &ApiResponse) -> Error {
    response.unrecognized().with_hint("it is about another license key or activation than the request")
}

/// Returns a success; anything else becomes an error, in which `secrets` are masked.
pub(crate) fn succeed(response: ApiResponse, secrets: &[&str]) -> Result<ApiResponse> {
    if response.is_success() { Ok(response) } else { Err(reject(&response, meaning, secrets)) }
}

/// The same for the calls on entitlements and grants.
pub(crate) fn succeed_with_grant(response: ApiResponse, secrets: &[&str]) -> Result<ApiResponse> {
    if response.is_success() { Ok(response) } else { Err(reject(&response, grant_meaning, secrets)) }
}

/// An id as a path segment.
///
/// # Errors
///
/// `InvalidRequest` if it cannot be one: it is empty, or could reach another endpoint.
pub(crate) fn segment(kind: &'static str, id: &str, operation: Operation) -> Result<PathSegment> {
    PathSegment::new(kind, id).map_err(|error| error.with_provider(NAME).with_operation(operation))
}

/// The error for an answer without a success. `meaning` is the table of the API that was called.
fn reject(
    response: &ApiResponse,
    meaning: fn(Operation, u16, Option<&ErrorBody<'_>>) -> Meaning,
    secrets: &[&str],
) -> Error {
    let body = error_body(response.body());
    let meaning = meaning(response.operation(), response.status().as_u16(), body.as_ref());
    let sentence = body.as_ref().and_then(|body| body.message.as_deref());
    let code = body.as_ref().and_then(|body| body.code.as_deref());
    response.vendor_error("Dodo", &meaning, sentence, code, secrets)
}

//! Converts answers to keys, activations and errors.
//!
//! It stands between the calls and the pure modules `error` and `map`: it decides whether an answer is about the
//! request.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, KeyCode, LicenseKey, Operation, Result};
use anykey_http::{ApiResponse, MappedList, PathSegment};

use crate::error::{error_body, meaning};
use crate::list::{LenientLicenseList, LicenseList};
use crate::wire::{InstanceBody, LicenseBody, Pagination, RawList};
use crate::{NAME, map};

/// The license of a successful answer, which has to be the one with the code `code`, and its instances. Codes are
/// compared without regard to case.
///
/// # Errors
///
/// `Unrecognized` or `Decode` for every other body.
pub(crate) fn license(
    response: &ApiResponse,
    code: &KeyCode,
    keep_raw: bool,
) -> Result<(LicenseKey, Vec<InstanceBody>)> {
    let mut body: LicenseBody = response.json()?;
    let instances = std::mem::take(&mut body.instance);
    let key = map::license(body, keep_raw.then(|| response.raw()));
    if key.code.expose().eq_ignore_ascii_case(code.expose()) {
        Ok((key, instances))
    } else {
        Err(of_another_request(response))
    }
}

/// The keys of a page. An unreadable key does not affect the others.
///
/// # Errors
///
/// `Decode` if the body is not a list.
pub(crate) fn licenses(
    response: &ApiResponse,
    keep_raw: bool,
) -> Result<(MappedList<LicenseKey>, Pagination)> {
    let (mut list, pagination) = match response.json::<LicenseList>() {
        Ok(list) => list.into_parts(),
        Err(error) => response.json::<LenientLicenseList>().map_err(|_| error)?.into_parts(),
    };
    if keep_raw {
        list.keep_raw(response.json::<RawList<'_>>()?.items);
    }
    Ok((list, pagination))
}

/// The error for an answer that belongs to another request. It is a failure and no refusal.
pub(crate) fn of_another_request(response: &ApiResponse) -> Error {
    response.unrecognized().with_hint("it is about another license key or activation than the request")
}

/// Returns a success; anything else becomes an error, in which `secrets` are masked.
pub(crate) fn succeed(response: ApiResponse, secrets: &[&str]) -> Result<ApiResponse> {
    if response.is_success() { Ok(response) } else { Err(reject(&response, secrets)) }
}

/// The error for an answer without a success; `secrets` are masked in it.
pub(crate) fn reject(response: &ApiResponse, secrets: &[&str]) -> Error {
    let body = error_body(response.body());
    let meaning = meaning(response.operation(), response.status().as_u16(), body.as_ref());
    let sentence = body.as_ref().and_then(|body| body.words());
    response.vendor_error("Creem", &meaning, sentence, None, secrets)
}

/// An id as a path segment.
///
/// # Errors
///
/// `InvalidRequest` if it cannot be one. The message does not contain it, because it may be a key code.
pub(crate) fn segment(kind: &'static str, id: &str, operation: Operation) -> Result<PathSegment> {
    PathSegment::new(kind, id).map_err(|error| error.with_provider(NAME).with_operation(operation))
}

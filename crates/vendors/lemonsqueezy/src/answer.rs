//! Converts answers to keys, activations and errors.
//!
//! It stands between the two planes and the pure modules `error` and `map`: a plane sends, this module decides whether
//! the answer is about the request, and what it becomes.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Activation, Error, ErrorKind, KeyCode, LicenseKey, LicenseKeyId, Operation, RawJson, Refusal,
    RefusalReason, Result,
};
use anykey_http::{ApiResponse, JsonMember, MappedList, PathSegment};

use crate::credential::is_id;
use crate::error::{answer_body, meaning};
use crate::list::{LenientKeyList, LicenseKeyList};
use crate::wire::{AnswerBody, Document, Frame, KeyResource, RawItem};
use crate::{NAME, map};

/// A verdict of the License API.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    /// Why Lemon Squeezy refuses; `None` if it does not.
    pub(crate) refusal: Option<Refusal>,
    /// The key; always present without a refusal.
    pub(crate) key: Option<LicenseKey>,
    /// The variant that was bought, which the model does not have; `None` if the answer does not contain it.
    pub(crate) variant: Option<Box<str>>,
    /// The instance of the answer; absent in a validation of the key alone and in a refusal.
    pub(crate) activation: Option<Activation>,
}

/// Reads an answer of the License API about the key with the code `code`.
///
/// A success needs its flag and the key. A refusal may lack the key, but must not be about another one.
///
/// # Errors
///
/// For every answer that is not a verdict about this key.
pub(crate) fn verdict(response: &ApiResponse, code: &KeyCode, keep_raw: bool) -> Result<Answered> {
    if !response.is_success() {
        let body = answer_body(response.body()).unwrap_or_default();
        return refused(body, response, code, keep_raw);
    }
    let body: AnswerBody<'_> = response.json()?;
    if body.flag(response.operation()) == JsonMember::Value(true) {
        let answered = read(body, response, keep_raw);
        return match &answered.key {
            Some(key) if is_code(key.code.expose(), code) => Ok(answered),
            Some(_) => Err(of_another_request(response)),
            None => {
                Err(response
                    .error(ErrorKind::Decode, "the answer does not say which license key it is about"))
            }
        };
    }
    refused(body, response, code, keep_raw)
}

/// The refusal in an answer with this `body`. That a key is unknown was also answered during the vendor's incidents and
/// about keys that had just been bought, so it is doubtful.
///
/// # Errors
///
/// For an answer that is no refusal, and `Unrecognized` if the body shows another key: its status says nothing about
/// the requested one.
fn refused(body: AnswerBody<'_>, response: &ApiResponse, code: &KeyCode, keep_raw: bool) -> Result<Answered> {
    let error = reject(response, &[code.expose()]);
    let refusal = error.refusal().cloned().ok_or(error)?;
    let refusal = if refusal.reason == RefusalReason::UnknownKey { refusal.doubtful() } else { refusal };
    let shown = body.license_key.as_ref().and_then(|key| key.key.as_ref().value());
    if shown.is_some_and(|shown| !is_code(shown, code)) {
        let changes_state = response.operation() != Operation::Validate;
        return Err(of_another_request(response).with_may_have_taken_effect(changes_state));
    }
    Ok(Answered { refusal: Some(refusal), ..read(body, response, keep_raw) })
}

/// Converts the parts of a body, refused or not. An instance without a readable key is dropped, because an activation
/// names its key.
fn read(body: AnswerBody<'_>, response: &ApiResponse, keep_raw: bool) -> Answered {
    let mut meta = body.meta.unwrap_or_default();
    let variant = std::mem::take(&mut meta.variant_id).value();
    let key = body.license_key.and_then(|key| map::license(key, meta, whole(response, keep_raw)));
    let activation = key.as_ref().zip(body.instance).and_then(|(key, body)| map::instance(body, key));
    Answered { refusal: None, key, variant, activation }
}

/// Whether a key in an answer has this code. Lemon Squeezy's codes are UUIDs, which are case-insensitive.
fn is_code(shown: &str, code: &KeyCode) -> bool {
    shown.eq_ignore_ascii_case(code.expose())
}

/// The key with the id `id`, of an answer of the main API.
///
/// # Errors
///
/// `Unrecognized` if the answer is about another key.
pub(crate) fn license_key(response: &ApiResponse, id: &LicenseKeyId, keep_raw: bool) -> Result<LicenseKey> {
    let body = response.json::<Document<KeyResource>>()?.data;
    let key = map::license_key(body, whole(response, keep_raw));
    if key.id == *id { Ok(key) } else { Err(of_another_request(response)) }
}

/// The keys of a page. An unreadable key does not affect the others.
///
/// # Errors
///
/// `Decode` if the page itself is not a list.
pub(crate) fn license_keys(
    response: &ApiResponse,
    keep_raw: bool,
) -> Result<(MappedList<LicenseKey>, Frame)> {
    let (mut list, frame) = match response.json::<LicenseKeyList>() {
        Ok(list) => list.into_parts(),
        Err(error) => response.json::<LenientKeyList>().map_err(|_| error)?.into_parts(),
    };
    if keep_raw {
        list.keep_raw(response.json::<Document<Vec<RawItem<'_>>>>()?.data);
    }
    Ok((list, frame))
}

/// The error for an answer that belongs to another request. It is a failure and no refusal: a cache or a proxy may have
/// mixed up two answers.
pub(crate) fn of_another_request(response: &ApiResponse) -> Error {
    response.unrecognized().with_hint("it is about another license key, store or activation than the request")
}

/// Returns a success; anything else becomes an error, in which `secrets` are masked. Only for the main API, whose
/// requests contain no key code.
pub(crate) fn succeed(response: ApiResponse, secrets: &[&str]) -> Result<ApiResponse> {
    if response.is_success() { Ok(response) } else { Err(reject(&response, secrets)) }
}

/// The id of a license key as a path segment.
///
/// # Errors
///
/// `InvalidRequest` if it is not a number. The message does not contain it, because it may be a key code.
pub(crate) fn segment(id: &LicenseKeyId, operation: Operation) -> Result<PathSegment> {
    let segment = if is_id(id.as_str()) {
        PathSegment::new("license key id", id.as_str())
    } else {
        let message = "this is no license key id; an id is a number and not the code that a customer types";
        Err(Error::new(ErrorKind::InvalidRequest, message))
    };
    segment.map_err(|error| error.with_provider(NAME).with_operation(operation))
}

/// The error for an answer without a success; `secrets` are masked in it.
fn reject(response: &ApiResponse, secrets: &[&str]) -> Error {
    let body = answer_body(response.body());
    let meaning = meaning(response.operation(), response.status().as_u16(), body.as_ref());
    let sentence = body.as_ref().and_then(|body| body.words());
    response.vendor_error("Lemon Squeezy", &meaning, sentence, None, secrets)
}

/// The body as text, if the configuration asks for it. It contains the buyer's name and e-mail address.
fn whole(response: &ApiResponse, keep_raw: bool) -> Option<RawJson> {
    keep_raw.then(|| response.raw())
}

//! Converts answers to keys, machines and errors.
//!
//! It stands between the calls and the pure modules: it sends, verifies that the answer is authentic and about the
//! request, and lets `error` or `map` say what it means.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Activation, Error, ErrorKind, LicenseKey, LicenseKeyId, Operation, RawJson, Result};
use anykey_http::{ApiClient, ApiRequest, ApiResponse, JsonMember, MappedList, Meaning, PathSegment};

use crate::credential::is_uuid;
use crate::error::{errors, meaning};
use crate::list::{LenientLicenseList, LicenseList};
use crate::verified::is_verified;
use crate::wire::{Document, LicenseBody, Links, MachineBody, RawItem};
use crate::{NAME, map};

/// The API of one account, with one credential.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    /// The client of one plane, with its credential or without one.
    pub(crate) client: ApiClient,
    /// Whether answers have to be signed with the account's key.
    pub(crate) requires_signature: bool,
    /// Whether keys keep the answer's JSON.
    pub(crate) keep_raw: bool,
}

impl Api {
    /// Sends a request and returns the answer, whatever its status.
    ///
    /// Errors are returned unverified, because 429 and some 400 and 404 come from a layer that does not sign (server's
    /// code, June 2026).
    ///
    /// # Errors
    ///
    /// Without an answer, and for a success that has to be signed and is not.
    pub(crate) async fn send(&self, call: ApiRequest) -> Result<ApiResponse> {
        let response = self.client.send(call).await?;
        if response.is_success() && !self.is_trusted(&response) {
            let hint = "it is not signed with `public_key`; check that key, and that nothing on the way changes the \
                        host or the body";
            return Err(response.unrecognized().with_hint(hint));
        }
        Ok(response)
    }

    /// Sends a request and returns a success; anything else becomes an error. `secrets` are masked in it.
    pub(crate) async fn succeed(&self, call: ApiRequest, secrets: &[&str]) -> Result<ApiResponse> {
        let response = self.send(call).await?;
        if response.is_success() { Ok(response) } else { Err(self.reject(&response, secrets)) }
    }

    /// Whether an answer may be believed. Without a public key every answer is.
    pub(crate) fn is_trusted(&self, response: &ApiResponse) -> bool {
        !self.requires_signature || is_verified(response)
    }

    /// The error for an answer without a success. Only a trusted answer is a refusal. An unsigned refusal could be
    /// forged to lock a customer out; it becomes an unrecognized answer.
    pub(crate) fn reject(&self, response: &ApiResponse, secrets: &[&str]) -> Error {
        let body = errors(response.body());
        let meaning = match meaning(response.operation(), response.status().as_u16(), body.as_ref()) {
            Meaning::Refusal(_) if !self.is_trusted(response) => Meaning::Unrecognized,
            meaning => meaning,
        };
        let (sentence, code) = body.as_ref().map(|body| body.words()).unwrap_or_default();
        response.vendor_error("Keygen", &meaning, sentence, code, secrets)
    }

    /// The license of an answer about the license `id`. A new license is accepted with any id.
    ///
    /// # Errors
    ///
    /// `Unrecognized` if the answer is about another record.
    pub(crate) fn license(&self, response: &ApiResponse, id: Option<&LicenseKeyId>) -> Result<LicenseKey> {
        let body = response.json::<Document<LicenseBody>>()?.data;
        is_a(response, &body.r#type, "licenses")?;
        let key = map::license(body, self.keep_raw.then(|| response.raw()));
        if id.is_none_or(|id| key.id == *id) { Ok(key) } else { Err(of_another_request(response)) }
    }

    /// The keys of a page and its links. An unreadable key does not affect the others.
    ///
    /// # Errors
    ///
    /// `Decode` if the body is not a list.
    pub(crate) fn licenses(&self, response: &ApiResponse) -> Result<(MappedList<LicenseKey>, Links)> {
        let (mut list, links) = match response.json::<LicenseList>() {
            Ok(list) => (MappedList::from(list.data), list.links),
            Err(error) => {
                let list = response.json::<LenientLicenseList>().map_err(|_| error)?;
                (list.data, list.links)
            }
        };
        if self.keep_raw {
            list.keep_raw(response.json::<Document<Vec<RawItem<'_>>>>()?.data);
        }
        Ok((list, links))
    }
}

/// The machine of an answer.
///
/// # Errors
///
/// `Unrecognized` for another record, or an id that is no UUID.
pub(crate) fn machine(response: &ApiResponse) -> Result<MachineBody> {
    let body = response.json::<Document<MachineBody>>()?.data;
    is_a(response, &body.r#type, "machines")?;
    if is_uuid(body.id.as_str()) { Ok(body) } else { Err(of_another_request(response)) }
}

/// The machine of an answer as an activation.
pub(crate) fn activation(response: &ApiResponse) -> Result<Activation> {
    machine(response).map(map::machine)
}

/// Checks the type of a record. An answer without it is accepted.
///
/// # Errors
///
/// `Unrecognized` for a record of another type.
pub(crate) fn is_a(response: &ApiResponse, found: &JsonMember<Box<str>>, expected: &str) -> Result<()> {
    match found {
        JsonMember::Value(found) if **found != *expected => Err(of_another_request(response)),
        _ => Ok(()),
    }
}

/// The error for an answer that belongs to another request. It is a failure and no refusal.
pub(crate) fn of_another_request(response: &ApiResponse) -> Error {
    response.unrecognized().with_hint("it is about another record than the request")
}

/// The id of a license or machine as a path segment. Keygen also takes a key or a fingerprint, this adapter only an id.
///
/// # Errors
///
/// `InvalidRequest` if it is not a UUID. The message does not contain it, because it may be a key code.
pub(crate) fn segment(kind: &'static str, id: &str, operation: Operation) -> Result<PathSegment> {
    let segment = if is_uuid(id) {
        PathSegment::new(kind, id)
    } else {
        let message = format!("this is no {kind}: an id is a UUID, and not the code that a customer types");
        Err(Error::new(ErrorKind::InvalidRequest, message))
    };
    segment.map_err(|error| error.with_provider(NAME).with_operation(operation))
}

/// The body as text, if the configuration asks for it.
pub(crate) fn raw(response: &ApiResponse, keep: bool) -> Option<RawJson> {
    keep.then(|| response.raw())
}

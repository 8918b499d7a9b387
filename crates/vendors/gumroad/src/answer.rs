//! Converts answers to keys and errors.
//!
//! It stands between the calls and the pure modules: it decides whether an answer is about the request, and lets
//! `error`, `map` and `standing` say what it means.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    CustomerId, Error, ErrorKind, KeyCode, LicenseKey, LicenseKeyId, Operation, ProductId, RawJson, Refusal,
    Result, Timestamp,
};
use anykey_http::{ApiResponse, JsonMember, PathSegment};

use crate::credential::is_sale_id;
use crate::error::{error_body, meaning};
use crate::standing::Standing;
use crate::wire::{LicenseBody, SaleBody, SaleDocument};
use crate::{NAME, map};

/// An answer of Gumroad to a verification.
#[derive(Debug)]
pub(crate) enum Verification {
    /// Gumroad refuses the key.
    Refused(Refusal),
    /// Gumroad knows the key, which may be out of force.
    Known {
        /// `None` if the answer says nothing about the key, which the server's code allows.
        key: Option<Box<LicenseKey>>,
        /// Whether it is in force.
        standing: Standing,
        /// Whether the answer shows whose key it is, which may be nobody's: a guest's.
        shows_customer: bool,
    },
}

/// Reads the answer to a verification of `code` for `product`, made at `now`.
///
/// A success needs its flag, the use counter and the requested code and product. It is not a yes yet: the purchase may
/// be refunded or ended.
///
/// # Errors
///
/// For every answer that is not about this key, and for one that lacks what decides.
pub(crate) fn verification(
    response: &ApiResponse,
    code: &KeyCode,
    product: &ProductId,
    now: Timestamp,
    keep_raw: bool,
) -> Result<Verification> {
    if !response.is_success() {
        let error = reject(response, &[code.expose()]);
        return error.refusal().cloned().map(Verification::Refused).ok_or(error);
    }
    let body: LicenseBody<'_> = response.json()?;
    let (JsonMember::Value(true), JsonMember::Value(uses)) = (body.success, body.uses) else {
        return Err(response.unrecognized());
    };
    let (key, standing) = match (&body.purchase, &body.imported_customer) {
        (Some(purchase), _) => {
            let known = map::purchase(purchase, code, product, uses, now);
            let (key, standing) = known.ok_or_else(|| missing_id(response))?;
            let is_asked = key.product.as_ref() == Some(product) && same_code(&key.code, code);
            if !is_asked {
                return Err(of_another_request(response));
            }
            (Some(key), standing)
        }
        (None, Some(customer)) => {
            let key = map::imported(customer, code, product, uses).ok_or_else(|| missing_id(response))?;
            (Some(key), Standing::InForce)
        }
        (None, None) => (None, Standing::InForce),
    };
    let customer = body.purchase.as_ref().map(|purchase| purchase.first::<CustomerId>("purchaser_id"));
    let shows_customer = customer != Some(JsonMember::Unreadable);
    let raw = whole(response, keep_raw);
    let key = key.map(|key| Box::new(map::with_raw(key, raw)));
    Ok(Verification::Known { key, standing, shows_customer })
}

/// The sale with the id `id`. A missing sale is a 200 with `success: false` (server code, 2026), which becomes
/// `NotFound`.
///
/// # Errors
///
/// `Unrecognized` if the answer is about another sale.
pub(crate) fn sale(response: &ApiResponse, id: &LicenseKeyId) -> Result<SaleBody> {
    if !response.is_success() {
        return Err(reject(response, &[]));
    }
    let document = match response.json::<SaleDocument>() {
        Ok(document) => document,
        Err(error) => {
            // A missing sale is a 200.
            let is_failure =
                error_body(response.body()).is_some_and(|body| body.success == JsonMember::Value(false));
            return Err(if is_failure { reject(response, &[]) } else { error });
        }
    };
    if document.sale.id == *id { Ok(document.sale) } else { Err(of_another_request(response)) }
}

/// The code and the use counter after a change of the sale `id`. Disabling and rotating answer with the purchase, but
/// not with `license_disabled`.
///
/// # Errors
///
/// For every answer that is not a success about this sale.
pub(crate) fn changed(response: &ApiResponse, id: &LicenseKeyId, code: &KeyCode) -> Result<(String, u64)> {
    if !response.is_success() {
        return Err(reject(response, &[code.expose()]));
    }
    let body: LicenseBody<'_> = response.json()?;
    let (JsonMember::Value(true), JsonMember::Value(uses)) = (body.success, body.uses) else {
        return Err(response.unrecognized());
    };
    let purchase = body.purchase.unwrap_or_default();
    let about: Option<LicenseKeyId> = purchase.last("id").value();
    let code: Option<String> = purchase.last("license_key").value();
    match (about, code) {
        (Some(about), Some(code)) if about == *id => Ok((code, uses)),
        _ => Err(of_another_request(response)),
    }
}

/// Returns a success; anything else becomes an error, in which `secrets` are masked.
pub(crate) fn succeed(response: ApiResponse, secrets: &[&str]) -> Result<ApiResponse> {
    if response.is_success() { Ok(response) } else { Err(reject(&response, secrets)) }
}

/// The id of a key as a path segment.
///
/// # Errors
///
/// `InvalidRequest` if it is not a sale's id. The message does not contain it, because it may be a key code.
pub(crate) fn segment(id: &LicenseKeyId, operation: Operation) -> Result<PathSegment> {
    let segment = if is_sale_id(id.as_str()) {
        PathSegment::new("license key id", id.as_str())
    } else {
        let message = "this is no license key id; an id is a sale's and not the code that a customer types";
        Err(Error::new(ErrorKind::InvalidRequest, message))
    };
    segment.map_err(|error| error.with_provider(NAME).with_operation(operation))
}

/// Whether two codes are the same. Gumroad's codes are UUIDs in upper case.
pub(crate) fn same_code(one: &KeyCode, other: &KeyCode) -> bool {
    one.expose().eq_ignore_ascii_case(other.expose())
}

/// The body as text, if the configuration asks for it. It contains the buyer's name and e-mail address.
pub(crate) fn whole(response: &ApiResponse, keep_raw: bool) -> Option<RawJson> {
    keep_raw.then(|| response.raw())
}

/// The error for an answer that belongs to another request. It is a failure and no refusal.
fn of_another_request(response: &ApiResponse) -> Error {
    response.unrecognized().with_hint("it is about another license key, product or sale than the request")
}

/// The error for a purchase or customer without an id, which is also the key's.
fn missing_id(response: &ApiResponse) -> Error {
    response.error(ErrorKind::Decode, "the answer does not say which license key it is about")
}

/// The error for an answer without a success; `secrets` are masked in it.
fn reject(response: &ApiResponse, secrets: &[&str]) -> Error {
    let body = error_body(response.body());
    let is_challenged = response.headers().contains_key("www-authenticate");
    let status = response.status().as_u16();
    let meaning = meaning(response.operation(), status, body.as_ref(), is_challenged);
    let sentence = body.as_ref().and_then(|body| body.text());
    response.vendor_error("Gumroad", &meaning, sentence, None, secrets)
}

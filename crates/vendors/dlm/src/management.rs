//! The seller's calls: list, read, create, change and rotate keys, and validate a code without an activation.
//!
//! The plugin has one call for a list, filtered or not, and one for a key by its code. Reading a key by its id is a
//! list with the filter `id`.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Activation, CreateRequest, Error, ErrorKind, Expiry, KeyCode, LicenseKey, LicenseKeyId, LicensePatch,
    ListQuery, Operation, Page, ProductId, Result, StatusChange, ValidateRequest, Validation,
};
use anykey_http::{ApiClient, ApiRequest, ApiResponse, MappedList, PathSegment};
use http::Method;
use rand::seq::IndexedRandom as _;

use crate::answer::{of_another_request, succeed};
use crate::device::of_code;
use crate::list::{KeyList, LenientKeyList};
use crate::position::Position;
use crate::verdict::Shown;
use crate::wire::{CreateBody, Document, KeyBody, PatchBody, RotateBody};
use crate::{NAME, filter, limits, map, verdict};

const LICENSES: &[&str] = &["wp-json", "dlm", "v1", "licenses"];
/// The status that a created and an enabled key gets. 1, 2 and 4 work alike, see [`map::status`].
const ACTIVE: u8 = 3;
/// The only status with an effect.
const DISABLED: u8 = 5;
/// The letters of a new code, without those that are mistaken for each other.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// How many new codes are tried before a rotation gives up. Two equal ones in a row do not happen by chance.
const TRIES: u32 = 3;

/// The seller's calls.
#[derive(Clone, Debug)]
pub(crate) struct Management {
    pub(crate) client: ApiClient,
    /// The same, with the time that the one page of a list needs.
    pub(crate) listing: ApiClient,
}

impl Management {
    /// One page of all keys. Each page reads the whole list again, since the server has no pages: any parameter for
    /// one is a column that its database does not know, which reads as "nothing found".
    pub(crate) async fn list(&self, query: &ListQuery) -> Result<Page<LicenseKey>> {
        let at = Position::of(query)?;
        let call = filter::parameters(ApiRequest::get(Operation::List).path(LICENSES), query)?;
        let response = self.listing.send(call).await?;
        if is_empty(&response) {
            return Ok(at.page(Vec::new()));
        }
        let response = succeed(response, &[])?;
        let MappedList { items: mut keys, unreadable } = keys(&response)?;
        keys.retain(|key| filter::matches(query, key));
        Ok(at.page(keys).with_unreadable(unreadable))
    }

    /// The key with this id. There is no call for it, but a filter.
    ///
    /// # Errors
    ///
    /// `NotFound` when the list is empty, which the server reports as an error of its own; an unrecognized answer
    /// when it holds another key or several.
    pub(crate) async fn get(&self, operation: Operation, id: &LicenseKeyId) -> Result<LicenseKey> {
        let number = number(operation, id)?;
        let call = ApiRequest::get(operation).path(LICENSES).query("id", number);
        let response = succeed(self.client.send(call).await?, &[])?;
        let mut found = keys(&response)?.items.into_iter();
        match (found.next(), found.next()) {
            (Some(key), None) if key.id == *id => Ok(key),
            _ => Err(of_another_request(&response)),
        }
    }

    /// Creates a key with the status 3, and compares the answer with what was sent: the server cleans codes, makes
    /// "never" of dates that it cannot read, and caps limits.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` before anything is sent for values that the server would change; `Conflict` for a code that
    /// exists; a `Decode` error that may have taken effect when the stored key differs.
    pub(crate) async fn create(&self, request: &CreateRequest) -> Result<LicenseKey> {
        let body =
            new_key(request).map_err(|error| error.with_provider(NAME).with_operation(Operation::Create))?;
        let call = ApiRequest::post(Operation::Create).path(LICENSES).json(&body);
        let response = succeed(self.client.send(call).await?, &[body.license_key])?;
        let key = read(&response)?;
        let is_as_asked = key.code.expose() == body.license_key
            && key.activations.limit == request.activation_limit
            && is_end(key.expiry, body.expires_at.as_deref());
        if is_as_asked { Ok(key) } else { Err(changed(&response)) }
    }

    /// Changes the fields that the patch names; an empty patch reads the key and sends no change.
    ///
    /// A path that is a number is an id, whatever code another key has. Two keys may have one code, and a change then
    /// reaches both: an answer about the other one is an error that may have taken effect.
    pub(crate) async fn update(&self, id: &LicenseKeyId, patch: &LicensePatch) -> Result<LicenseKey> {
        let body =
            changes(patch).map_err(|error| error.with_provider(NAME).with_operation(Operation::Update))?;
        if body == PatchBody::default() {
            return self.get(Operation::Update, id).await;
        }
        let response = self.put(Operation::Update, id, &body).await?;
        let key = read(&response)?;
        if key.id != *id {
            return Err(of_another_request(&response).with_may_have_taken_effect(true));
        }
        let end = body.expires_at.as_ref().map(Option::as_deref);
        let status = body.status.map(|number| map::status(number.into()));
        let is_as_asked = status.is_none_or(|status| key.status == status)
            && patch.activation_limit.as_ref().is_none_or(|limit| key.activations.limit == *limit)
            && end.is_none_or(|end| is_end(key.expiry, end));
        if is_as_asked { Ok(key) } else { Err(changed(&response)) }
    }

    /// Gives the key a new code, chosen here. The id and the seats stay, and the old code is unknown at once.
    ///
    /// The server's own check for a code that exists skips every key whose id contains the digits of this key's id
    /// (recording of November 2026), so the code is looked up first.
    ///
    /// # Errors
    ///
    /// `NotFound` for an unknown id; `Conflict` when every new code seems to be taken, which means that the answers
    /// are wrong.
    pub(crate) async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.get(Operation::Rotate, id).await?;
        for _ in 0..TRIES {
            let code = new_code();
            if !self.is_free(&code).await? {
                continue;
            }
            let response = self.put(Operation::Rotate, id, &RotateBody { license_key: &code }).await?;
            let key = read(&response)?;
            let is_rotated = key.id == *id && key.code.expose() == code;
            return if is_rotated { Ok(key) } else { Err(of_another_request(&response)) };
        }
        let error = Error::new(
            ErrorKind::Conflict,
            "every new code exists already; the shop answers for codes that it cannot have",
        );
        Err(error.with_provider(NAME).with_operation(Operation::Rotate))
    }

    /// Whether no key has this code.
    async fn is_free(&self, code: &str) -> Result<bool> {
        let call = of_code(ApiRequest::get(Operation::Rotate).path(LICENSES), code)?;
        match succeed(self.client.send(call).await?, &[code]) {
            Ok(response) => {
                let key = read(&response)?;
                if key.code.expose() == code { Ok(false) } else { Err(of_another_request(&response)) }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// The living activations of a key, oldest first; the server sends the newest first. Dead ones are not shown.
    pub(crate) async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        let key = self.get(Operation::Activations, id).await?;
        let code = key.code.expose();
        let call = of_code(ApiRequest::get(Operation::Activations).path(LICENSES), code)?;
        let response = succeed(self.client.send(call).await?, &[code])?;
        let mut body = response.json::<Document<KeyBody<'_>>>()?.data;
        let seats = body.activations.take();
        let key = map::key(body);
        let Some(seats) = seats.filter(|_| key.id == *id) else { return Err(of_another_request(&response)) };
        Ok(seats.into_iter().rev().map(|seat| map::seat(seat, Some(&key))).collect())
    }

    /// Validates a key without one of its activations, from the key that the server shows. It counts nothing and
    /// leaves no trace on the server.
    pub(crate) async fn validate(
        &self,
        request: &ValidateRequest,
        products: &[ProductId],
    ) -> Result<Validation> {
        let code = request.code.expose();
        let call = of_code(ApiRequest::get(Operation::Validate).path(LICENSES), code)?;
        let response = match succeed(self.client.send(call).await?, &[code]) {
            Ok(response) => response,
            Err(error) => return error.refusal().cloned().map(Validation::refused).ok_or(error),
        };
        let body = response.json::<Document<KeyBody<'_>>>()?.data;
        let shown = Shown::of(&body);
        let key = map::key(body);
        if key.code != request.code {
            // The server cleans a code before it looks for it, so it may find another one.
            return Ok(Validation::refused(anykey_core::Refusal::new(
                anykey_core::RefusalReason::UnknownKey,
            )));
        }
        Ok(verdict::validation(&response, request, &key, shown, products)?.with_key(key))
    }

    /// The same values again change nothing, so it may be repeated.
    async fn put(
        &self,
        operation: Operation,
        id: &LicenseKeyId,
        body: &(impl serde::Serialize + Sync),
    ) -> Result<ApiResponse> {
        number(operation, id)?;
        let segment = PathSegment::new("license key id", id.as_str());
        let segment = segment.map_err(|error| error.with_provider(NAME).with_operation(operation))?;
        let call = ApiRequest::new(operation, Method::PUT).path(LICENSES).segment(segment).json(body);
        succeed(self.client.send(call.repeatable()).await?, &[])
    }
}

/// The key in the body of an answer.
///
/// # Errors
///
/// `Decode` when the body is no key.
fn read(response: &ApiResponse) -> Result<LicenseKey> {
    Ok(map::key(response.json::<Document<KeyBody<'_>>>()?.data))
}

/// The keys of a list. An unreadable key does not affect the others.
///
/// # Errors
///
/// `Decode` when the body is no list at all; the error is that of the strict reading, which names the place.
fn keys(response: &ApiResponse) -> Result<MappedList<LicenseKey>> {
    match response.json::<KeyList>() {
        Ok(list) => Ok(MappedList::from(list.data)),
        Err(error) => Ok(response.json::<LenientKeyList>().map_err(|_| error)?.data),
    }
}

/// Whether a list has no key: an error here, and also what the server says when it cannot read its database.
fn is_empty(response: &ApiResponse) -> bool {
    let body: Option<crate::wire::ErrorBody<'_>> = anykey_http::read_json(response.body());
    let data = body.as_ref().and_then(|body| body.data).unwrap_or_default();
    response.status() == http::StatusCode::INTERNAL_SERVER_ERROR
        && body.as_ref().is_some_and(|body| &*body.code == "data_error")
        && data.code.value() == Some(404)
}

/// The number of a key's id.
///
/// # Errors
///
/// `NotFound` for 0, which the server never assigns, and `InvalidRequest` for what is no number, such as a code.
fn number(operation: Operation, id: &LicenseKeyId) -> Result<u64> {
    let error = if id.as_str() == "0" {
        Error::new(ErrorKind::NotFound, "no license key has the id 0")
    } else {
        match limits::id("license key id", id.as_str()) {
            Ok(number) => return Ok(number),
            Err(_) => Error::new(
                ErrorKind::InvalidRequest,
                "this is no license key id; an id is a number and not the code that a customer types",
            ),
        }
    };
    Err(error.with_provider(NAME).with_operation(operation))
}

/// The body of a creation.
///
/// # Errors
///
/// `InvalidRequest` for a value that the server would change, `Unsupported` for a key that cannot be activated.
fn new_key(request: &CreateRequest) -> Result<CreateBody<'_>> {
    let code = request.code.as_ref().map(KeyCode::expose).unwrap_or_default();
    limits::new_code(code)?;
    let expires_at = match request.expiry {
        Expiry::Never => None,
        Expiry::At(at) => Some(limits::date(at)?),
        _ => {
            let message = "expiry: a key ends at a date or never; the plugin knows no subscriptions";
            return Err(Error::new(ErrorKind::InvalidRequest, message));
        }
    };
    let customer = request.customer.as_ref();
    Ok(CreateBody {
        license_key: code,
        status: ACTIVE,
        activations_limit: limits::limit(&request.activation_limit)?,
        expires_at,
        user_id: customer.map(|customer| limits::id("customer", customer.as_str())).transpose()?,
        product_id: limits::id("product", request.product.as_str())?,
    })
}

/// The body of a change. A status other than enabled and disabled has been rejected before, as a capability that is
/// not declared.
///
/// # Errors
///
/// As those of [`new_key`], for the members that change.
fn changes(patch: &LicensePatch) -> Result<PatchBody> {
    let status = match patch.status {
        Some(StatusChange::Enable) => Some(ACTIVE),
        Some(StatusChange::Disable) => Some(DISABLED),
        _ => None,
    };
    let expires_at = match patch.expiry {
        anykey_core::Change::Set(at) => Some(Some(limits::date(at)?)),
        anykey_core::Change::Clear => Some(None),
        anykey_core::Change::Keep => None,
    };
    let activations_limit = patch.activation_limit.as_ref().map(limits::limit).transpose()?;
    Ok(PatchBody { status, activations_limit, expires_at })
}

/// Whether a key ends when it was asked to.
/// Both are compared in the server's form, so that a fraction of a second does not count.
fn is_end(expiry: Expiry, asked: Option<&str>) -> bool {
    match (expiry, asked) {
        (Expiry::Never, None) => true,
        (Expiry::At(at), Some(asked)) => limits::date(at).is_ok_and(|text| text == asked),
        _ => false,
    }
}

/// The error for a value that the server stored in another form.
fn changed(response: &ApiResponse) -> Error {
    let message = "the shop stored something else than what was sent; look at the key";
    response.error(ErrorKind::Decode, message).with_may_have_taken_effect(true)
}

/// Five groups of five letters: 125 random bits.
fn new_code() -> String {
    let mut random = rand::rng();
    let mut letter = || LETTERS.choose(&mut random).copied().map(char::from);
    let mut code = String::new();
    for place in 0..25 {
        if place > 0 && place % 5 == 0 {
            code.push('-');
        }
        code.extend(letter());
    }
    code
}

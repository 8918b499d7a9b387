//! The calls of an installed app: activate, validate an activation, deactivate.
//!
//! All three are GET requests under `/wp-json/dlm/v1/licenses`, named by the code (activate) or by the activation's
//! token (the others). Two of them take effect, so they are sent as requests with an effect: once, on a new
//! connection, without redirects.

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivateRequest, Activation, ActivationId, ActivationLimit, DeactivateRequest, Error, ErrorKind, Expiry,
    KeyCode, LicenseKey, Operation, ProductId, Refusal, RefusalReason, Result, ValidateRequest, Validation,
};
use anykey_http::{ApiClient, ApiRequest, ApiResponse, PathSegment};

use crate::answer::{of_another_request, succeed};
use crate::verdict::Shown;
use crate::wire::{Document, HeldSeatBody};
use crate::{NAME, limits, map, metadata, verdict};

const LICENSES: &[&str] = &["wp-json", "dlm", "v1", "licenses"];

/// The three calls of an installed app, with a consumer key that may make only these.
///
/// The token alone names an activation, and the server does not check whose key it belongs to; the code of the answer
/// is therefore compared with that of the request in each operation.
#[derive(Clone, Debug)]
pub(crate) struct DevicePlane {
    pub(crate) client: ApiClient,
    /// The allowed products; empty allows every one.
    pub(crate) products: Arc<[ProductId]>,
}

/// An activation as the server shows it, with its key.
struct Held {
    activation: Activation,
    key: LicenseKey,
    shown: Shown,
    /// Whether it was not given back; `None` when the answer does not show it.
    is_alive: Option<bool>,
}

impl DevicePlane {
    /// Validates the activation `token`. `success: true` says nothing: it is also there for disabled and expired keys
    /// and for an activation that was given back.
    ///
    /// What decides, in this order: the token of the answer is the one asked for (else no answer), its code is the
    /// code asked for and the activation lives (else `UnknownActivation`), the status, the expiry, the allowed
    /// products, and what the request requires.
    pub(crate) async fn validate(
        &self,
        request: &ValidateRequest,
        token: &ActivationId,
    ) -> Result<Validation> {
        let response = match self.show(Operation::Validate, token, &request.code).await? {
            Ok(response) => response,
            Err(refusal) => return Ok(Validation::refused(refusal)),
        };
        let held = Held::read(&response, Some(token))?;
        let answered_at = response.answered_at();
        let refused = |reason| Ok(Validation::refused(Refusal::new(reason)).with_answered_at(answered_at));
        // The code is not part of the question.
        if held.key.code != request.code || !held.is_alive(&response)? {
            return refused(RefusalReason::UnknownActivation);
        }
        let validation = verdict::validation(&response, request, &held.key, held.shown, &self.products)?;
        Ok(validation.with_activation(Some(held.activation)).with_key(held.key))
    }

    /// Takes a seat. Sent once, unless it was certainly not sent.
    ///
    /// Of several activations at once more may succeed than the key has seats: 20 at once on 3 seats took 3 to 9
    /// (recording of November 2026). The use in the answer is counted after the new seat is stored, so it is compared
    /// with the limit, and a seat too many is given back. So is the seat of a key whose product is not allowed.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` before anything is sent for a label or metadata that the server would change; a refusal; or
    /// an error that may have taken effect when the answer cannot be read.
    pub(crate) async fn activate(&self, request: &ActivateRequest) -> Result<Activation> {
        let invalid = |error: Error| error.with_provider(NAME).with_operation(Operation::Activate);
        limits::label(&request.label).map_err(invalid)?;
        let metadata = metadata::write(&request.metadata).map_err(invalid)?;
        let code = request.code.expose();
        let call = of_code(ApiRequest::get(Operation::Activate).path(LICENSES).path(&["activate"]), code);
        let mut call = call.map_err(invalid)?.with_effect();
        if !request.label.is_empty() {
            call = call.query("label", &request.label);
        }
        for (name, text) in metadata {
            call = call.query_member("meta", name, text);
        }
        let response = succeed(self.client.send(call).await?, &[code])?;
        let held = Held::read(&response, None).map_err(|error| error.with_may_have_taken_effect(true))?;
        let why = match self.why_not(&response, &held, &request.code) {
            Ok(None) => {
                let Held { mut activation, key, .. } = held;
                activation.answered_at = response.answered_at();
                activation.key = Some(Box::new(key));
                return Ok(activation);
            }
            Ok(Some(refusal)) => response.fill(Error::refused(refusal)),
            Err(error) => error,
        };
        Err(self.release(&held.activation.id, why).await)
    }

    /// Why an activation that succeeded is given back; `None` when it is kept.
    ///
    /// # Errors
    ///
    /// When the answer is about another key, or does not show what decides.
    fn why_not(&self, response: &ApiResponse, held: &Held, code: &KeyCode) -> Result<Option<Refusal>> {
        if held.key.code != *code || held.is_alive == Some(false) {
            return Err(of_another_request(response));
        }
        if let (Some(used), ActivationLimit::AtMost(limit)) =
            (held.key.activations.used, held.key.activations.limit)
            && used > limit
        {
            return Ok(Some(Refusal::new(RefusalReason::ActivationLimitReached)));
        }
        // The server activates no key that has ended, so an end that cannot be read is no reason to lose the seat.
        let mut key = held.key.clone();
        if key.expiry == Expiry::Unknown {
            key.expiry = Expiry::Never;
        }
        let mut shown = held.shown;
        shown.is_expired = shown.is_expired.or(Some(false));
        verdict::refusal(response, &key, shown, &self.products)
    }

    /// Gives a new seat back, and returns `why` with a note on whether that worked.
    async fn release(&self, token: &ActivationId, why: Error) -> Error {
        why.with_seat_given_back(self.free(token).await)
    }

    /// Frees a seat, in two requests: the server frees the activation of any key, so whose it is is read first.
    ///
    /// # Errors
    ///
    /// `UnknownActivation` for another key's activation and for one that was freed before; `Disabled` for a disabled
    /// key, whose seats stay taken (recordings of November 2026).
    pub(crate) async fn deactivate(&self, request: &DeactivateRequest) -> Result<()> {
        let unknown = || Error::refused(Refusal::new(RefusalReason::UnknownActivation));
        let token = &request.activation;
        let response = match self.show(Operation::Deactivate, token, &request.code).await? {
            Ok(response) => response,
            Err(refusal) => {
                let error = Error::refused(refusal);
                return Err(error.with_provider(NAME).with_operation(Operation::Deactivate));
            }
        };
        let held = Held::read(&response, Some(token))?;
        if held.key.code != request.code || held.is_alive == Some(false) {
            return Err(response.fill(unknown()));
        }
        self.free(token).await
    }

    /// Sends the deactivation, and checks that the answer is about `token` and that it is free now.
    async fn free(&self, token: &ActivationId) -> Result<()> {
        let call =
            of_token(ApiRequest::get(Operation::Deactivate).path(LICENSES).path(&["deactivate"]), token)?;
        let response = succeed(self.client.send(call.with_effect()).await?, &[token.as_str()])?;
        let held = Held::read(&response, Some(token))?;
        if held.is_alive(&response)? { Err(of_another_request(&response)) } else { Ok(()) }
    }

    /// Reads an activation with its key, or the refusal that the server gave instead.
    ///
    /// A text that is no token is refused without a request: the server compares loosely, so that upper case and even
    /// a number would match (recordings of November 2026).
    async fn show(
        &self,
        operation: Operation,
        token: &ActivationId,
        code: &KeyCode,
    ) -> Result<std::result::Result<ApiResponse, Refusal>> {
        if !limits::is_token(token.as_str()) {
            return Ok(Err(Refusal::new(RefusalReason::UnknownActivation)));
        }
        let call = of_token(ApiRequest::get(operation).path(LICENSES).path(&["validate"]), token)?;
        match succeed(self.client.send(call).await?, &[code.expose(), token.as_str()]) {
            Ok(response) => Ok(Ok(response)),
            Err(error) => error.refusal().cloned().map(Err).ok_or(error),
        }
    }
}

impl Held {
    /// # Errors
    ///
    /// When the body is no activation, or another one than `token`.
    fn read(response: &ApiResponse, token: Option<&ActivationId>) -> Result<Self> {
        let body = response.json::<Document<HeldSeatBody<'_>>>()?.data;
        let (seat, key) = body.into_parts();
        let is_alive = map::is_alive(&seat);
        let shown = Shown::of(&key);
        let key = map::key(key);
        let activation = map::seat(seat, Some(&key));
        let is_asked = token.is_none_or(|token| *token == activation.id);
        if !is_asked || !limits::is_token(activation.id.as_str()) {
            return Err(of_another_request(response));
        }
        Ok(Self { activation, key, shown, is_alive })
    }

    /// # Errors
    ///
    /// When the answer does not show it.
    fn is_alive(&self, response: &ApiResponse) -> Result<bool> {
        let message = "the answer does not show whether the activation was given back";
        self.is_alive.ok_or_else(|| response.error(ErrorKind::Decode, message))
    }
}

/// Names a key by its code: in the path where that can hold it, else in the query, which wins over the path.
pub(crate) fn of_code(call: ApiRequest, code: &str) -> Result<ApiRequest> {
    if limits::is_path_safe(code) {
        return Ok(call.segment(PathSegment::new("license key", code)?));
    }
    Ok(call.path(&["x"]).secret_query("license_key", code))
}

/// Names an activation by its token, which has been checked to be a single path segment.
fn of_token(call: ApiRequest, token: &ActivationId) -> Result<ApiRequest> {
    let segment = PathSegment::new("activation", token.as_str());
    let named = |error: Error| error.with_provider(NAME).with_operation(call.operation());
    Ok(call.clone().segment(segment.map_err(named)?))
}

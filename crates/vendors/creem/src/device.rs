//! The calls about one key code: `validate`, `activate` and `deactivate`.
//!
//! A success of Creem has no flag. Here it becomes a verdict: mode, status, end, instance and product have to say yes.

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capability, DeactivateRequest, Environment, Error, ErrorKind,
    LicenseKey, LicenseStatus, Operation, ProductId, Refusal, RefusalReason, Result, ValidateRequest,
    Validation, Verdict,
};
use anykey_http::{ApiClient, ApiRequest, ApiResponse};
use http::StatusCode;

use crate::NAME;
use crate::answer::{self, of_another_request, reject, succeed};
use crate::instances::{self, InstanceState};
use crate::wire::{ActivateBody, SeatBody};

/// The calls about one license. Creem knows every license of the API key's store and checks no product.
#[derive(Clone, Debug)]
pub(crate) struct DevicePlane {
    /// The client with the API key, the same as of the other plane.
    pub(crate) client: ApiClient,
    /// The mode that keys have to be of.
    pub(crate) environment: Environment,
    /// The allowed products; empty allows all of the store.
    pub(crate) products: Arc<[ProductId]>,
    /// Whether keys keep the answer's JSON.
    pub(crate) keep_raw: bool,
}

impl DevicePlane {
    /// Validates a key with one of its activations. It changes nothing, so it is repeated after a lost answer.
    ///
    /// # Errors
    ///
    /// `Unsupported` without an activation, and `Unrecognized` if key and instance contradict each other.
    pub(crate) async fn validate(&self, request: &ValidateRequest) -> Result<Validation> {
        let missing = || Error::unsupported(NAME, Capability::ValidateWithoutSeat);
        let seat = request.activation.as_ref().ok_or_else(missing)?;
        let code = request.code.expose();
        check_activation(seat, Operation::Validate)?;
        let body = SeatBody { key: code, instance_id: seat.as_str() };
        let call = call(Operation::Validate, "validate").json(&body).read_only();
        let response = self.client.send(call).await?;
        if !response.is_success() {
            let error = reject(&response, &[code]);
            let refusal = error.refusal().cloned().ok_or(error)?;
            return Ok(Validation::refused(refusal).with_answered_at(response.answered_at()));
        }
        let (key, bodies) = answer::license(&response, &request.code, self.keep_raw)?;
        let asked = instances::find(bodies, seat).ok_or_else(|| of_another_request(&response))?;
        let refusal = match self.refusal(&response, &key)? {
            Some(refusal) => Some(refusal),
            None => match asked.state {
                InstanceState::Active if key.status == LicenseStatus::Active => {
                    self.wrong_product(&response, &key, request.product.as_ref())?
                }
                InstanceState::Deactivated => Some(Refusal::new(RefusalReason::UnknownActivation)),
                // A license with an active instance is not inactive.
                InstanceState::Active | InstanceState::Unknown => return Err(contradiction(&response)),
            },
        };
        let word = Some(key.status_word.as_ref().into());
        let activation = asked.activation(&key);
        let validation = match refusal {
            None => Validation::valid(),
            Some(refusal) => Validation::refused(refusal),
        };
        Ok(validation
            .with_activation(Some(activation))
            .with_key(key)
            .with_status_word(word)
            .with_answered_at(response.answered_at()))
    }

    /// Sent once, unless the request certainly had no effect. Creem checks no product, so a key that does not match is
    /// deactivated immediately.
    pub(crate) async fn activate(&self, request: &ActivateRequest) -> Result<Activation> {
        let code = request.code.expose();
        let body = ActivateBody { key: code, instance_name: &request.label };
        let response = self.client.send(call(Operation::Activate, "activate").json(&body)).await?;
        let response = succeed(response, &[code])?;
        let (key, bodies) = answer::license(&response, &request.code, self.keep_raw)?;
        let taken = instances::newest(bodies, &request.label).ok_or_else(|| {
            response.error(ErrorKind::Decode, "the answer does not say which seat was taken")
        })?;
        let why = match self.refusal(&response, &key) {
            Ok(None) if taken.state != InstanceState::Active => Err(contradiction(&response)),
            Ok(None) => self.wrong_product(&response, &key, None),
            other => other,
        };
        match why {
            Ok(None) => {
                let mut activation = taken.activation(&key);
                activation.answered_at = response.answered_at();
                activation.key = Some(Box::new(key));
                Ok(activation)
            }
            Ok(Some(refusal)) => {
                Err(self.release(request, taken.id, response.fill(Error::refused(refusal))).await)
            }
            Err(error) => Err(self.release(request, taken.id, error).await),
        }
    }

    /// Can be repeated. An instance that is deactivated already is a success, and so is one that is unknown after a
    /// lost answer.
    pub(crate) async fn deactivate(&self, request: &DeactivateRequest) -> Result<()> {
        check_activation(&request.activation, Operation::Deactivate)?;
        let code = request.code.expose();
        let body = SeatBody { key: code, instance_id: request.activation.as_str() };
        let call = call(Operation::Deactivate, "deactivate").json(&body).repeatable();
        let response = self.client.send(call).await?;
        if !response.is_success() {
            let error = reject(&response, &[code]);
            let is_done = error.refusal().is_some_and(|refusal| is_done(&response, refusal));
            return if is_done { Ok(()) } else { Err(error) };
        }
        let (_, bodies) = answer::license(&response, &request.code, false)?;
        let names_none = bodies.is_empty();
        match instances::find(bodies, &request.activation).map(|instance| instance.state) {
            Some(InstanceState::Active) => Err(contradiction(&response)),
            Some(InstanceState::Deactivated | InstanceState::Unknown) => Ok(()),
            None if names_none => Ok(()),
            // The retry of one that took effect is a 409, which is a success.
            None => Err(of_another_request(&response)),
        }
    }

    /// Why the license in an answer is refused: the other mode, its status or its end, in this order. The end is
    /// compared with the answer's own time, so that the clock of this machine does not matter.
    ///
    /// # Errors
    ///
    /// `Unrecognized` if its status is an unknown word.
    fn refusal(&self, response: &ApiResponse, key: &LicenseKey) -> Result<Option<Refusal>> {
        if let Some(refusal) = self.environment.refuse(key.environment) {
            return Ok(Some(refusal));
        }
        let status = match response.answered_at() {
            Some(now) => key.status_at(now),
            None => &key.status,
        };
        match status.verdict() {
            Some(Verdict::Valid) => Ok(None),
            Some(Verdict::Refused(refusal)) => Ok(Some(refusal)),
            None => {
                Err(response.unrecognized().with_hint("its key has a status that this version does not know"))
            }
        }
    }

    /// The refusal of a license of a product that is not allowed, or not the `required` one.
    ///
    /// # Errors
    ///
    /// `Decode` if the answer lacks the product and one is required.
    fn wrong_product(
        &self,
        response: &ApiResponse,
        key: &LicenseKey,
        required: Option<&ProductId>,
    ) -> Result<Option<Refusal>> {
        if self.products.is_empty() && required.is_none() {
            return Ok(None);
        }
        let product = key.product.as_ref().ok_or_else(|| {
            response.error(ErrorKind::Decode, "the answer does not say which product the license key is for")
        })?;
        let is_allowed = self.products.is_empty() || self.products.contains(product);
        let is_required = required.is_none_or(|required| required == product);
        Ok((!(is_allowed && is_required)).then(|| Refusal::new(RefusalReason::WrongProduct)))
    }

    /// Deactivates after an activation that is refused because of `why`.
    async fn release(&self, request: &ActivateRequest, seat: ActivationId, why: Error) -> Error {
        why.with_seat_given_back(self.deactivate(&DeactivateRequest::new(request.code.clone(), seat)).await)
    }
}

/// A call about a key code. The paths differ in the last segment only.
fn call(operation: Operation, action: &'static str) -> ApiRequest {
    ApiRequest::post(operation).path(&["v1", "licenses", action])
}

/// Refuses an instance id without visible characters.
fn check_activation(id: &ActivationId, operation: Operation) -> Result<()> {
    if id.as_str().chars().any(|c| !c.is_whitespace() && !c.is_control()) {
        return Ok(());
    }
    let message = "activation: the id is empty";
    Err(Error::new(ErrorKind::InvalidRequest, message).with_provider(NAME).with_operation(operation))
}

/// Whether a refused deactivation is a success: a 409 always, because the seat was given back before, and an unknown
/// instance after a lost answer.
fn is_done(response: &ApiResponse, refusal: &Refusal) -> bool {
    match refusal.reason {
        RefusalReason::UnknownActivation if response.status() == StatusCode::CONFLICT => true,
        RefusalReason::UnknownActivation | RefusalReason::Unspecified => response.earlier_attempt_open(),
        _ => false,
    }
}

/// The error for a success whose license and instance contradict each other.
fn contradiction(response: &ApiResponse) -> Error {
    response.unrecognized().with_hint("the status of its activation does not fit")
}

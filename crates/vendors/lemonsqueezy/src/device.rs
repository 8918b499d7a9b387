//! The calls of an installed app: `validate`, `activate` and `deactivate`.
//!
//! Lemon Squeezy compares neither store, mode, product nor variant (documentation, 2026). This module does, after every
//! answer, and gives a seat back that was taken from a key of somebody else.

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivateRequest, Activation, ActivationId, DeactivateRequest, Environment, Error, ErrorKind, LicenseKey,
    Operation, ProductId, Refusal, RefusalReason, Result, ValidateRequest, Validation, Verdict,
};
use anykey_http::{ApiClient, ApiRequest, ApiResponse};

use crate::NAME;
use crate::answer::{self, Answered, of_another_request};
use crate::wire::{ActivateBody, SeatBody};

/// The License API. It needs no credential and knows the keys of every store in both modes.
#[derive(Clone, Debug)]
pub(crate) struct DevicePlane {
    /// A client without a token, also where the provider has one.
    pub(crate) client: ApiClient,
    /// The only store whose keys are accepted.
    pub(crate) store_id: Box<str>,
    /// The only mode whose keys are accepted.
    pub(crate) environment: Environment,
    /// The allowed products; empty allows all of the store.
    pub(crate) products: Arc<[ProductId]>,
    /// The allowed variants; empty allows all.
    pub(crate) variants: Arc<[Box<str>]>,
    /// Whether keys keep the answer's JSON.
    pub(crate) keep_raw: bool,
}

impl DevicePlane {
    /// Sends one request. It changes nothing, so it is repeated after a lost answer. The requirements of the request
    /// are compared with the key in the answer.
    pub(crate) async fn validate(&self, request: &ValidateRequest) -> Result<Validation> {
        if let Some(activation) = &request.activation {
            check_activation(activation, Operation::Validate)?;
        }
        let body = SeatBody {
            license_key: request.code.expose(),
            instance_id: request.activation.as_ref().map(ActivationId::as_str),
        };
        let call = call(Operation::Validate, "validate").json(&body).read_only();
        let response = self.client.send(call).await?;
        let answered = answer::verdict(&response, &request.code, self.keep_raw)?;
        let word = answered.key.as_ref().map(|key| key.status_word.as_ref().into());
        let refusal = match self.refusal(&response, &answered)? {
            None => required(&response, request, &answered)?,
            refusal => refusal,
        };
        let validation = match refusal {
            // A key of another store or environment must not be shown.
            Some(refusal) if is_foreign(&refusal) => Validation::refused(refusal),
            Some(refusal) => with_key(Validation::refused(refusal), answered),
            None if !is_about(request, &answered) => return Err(of_another_request(&response)),
            None => with_key(Validation::valid(), answered),
        };
        Ok(validation.with_status_word(word).with_answered_at(response.answered_at()))
    }

    /// Sent once, unless the request certainly had no effect. Lemon Squeezy checks neither store, mode nor product, so
    /// a key that does not match is deactivated immediately.
    pub(crate) async fn activate(&self, request: &ActivateRequest) -> Result<Activation> {
        let body = ActivateBody { license_key: request.code.expose(), instance_name: &request.label };
        let response = self.client.send(call(Operation::Activate, "activate").json(&body)).await?;
        let answered = answer::verdict(&response, &request.code, self.keep_raw)?;
        let taken = answered.refusal.is_none();
        let why = match self.refusal(&response, &answered) {
            Ok(None) => None,
            Ok(Some(refusal)) => Some(response.fill(Error::refused(refusal))),
            Err(error) => Some(error),
        };
        match (why, answered) {
            (None, Answered { key, activation: Some(mut activation), .. }) => {
                activation.answered_at = response.answered_at();
                activation.key = key.map(Box::new);
                Ok(activation)
            }
            (None, _) => {
                Err(response.error(ErrorKind::Decode, "the answer does not say which seat was taken"))
            }
            (Some(why), Answered { activation: Some(activation), .. }) if taken => {
                Err(self.release(request, activation.id, why).await)
            }
            (Some(why), _) if taken => Err(why.with_may_have_taken_effect(true)),
            (Some(why), _) => Err(why),
        }
    }

    /// Can be repeated. After a lost answer, an unknown instance means that the first request took effect.
    pub(crate) async fn deactivate(&self, request: &DeactivateRequest) -> Result<()> {
        check_activation(&request.activation, Operation::Deactivate)?;
        let body =
            SeatBody { license_key: request.code.expose(), instance_id: Some(request.activation.as_str()) };
        let call = call(Operation::Deactivate, "deactivate").json(&body).repeatable();
        let response = self.client.send(call).await?;
        let answered = answer::verdict(&response, &request.code, false)?;
        match answered.refusal {
            None => Ok(()),
            Some(refusal) if is_done(&refusal) && response.earlier_attempt_open() => Ok(()),
            Some(refusal) => Err(response.fill(Error::refused(refusal))),
        }
    }

    /// Why the key in an answer is refused: another store, the other mode, its status or another product, in this
    /// order.
    ///
    /// A key of another store or mode is not shown, so its status must not decide the reason either.
    ///
    /// # Errors
    ///
    /// If the answer is not a refusal and lacks a member that decides.
    fn refusal(&self, response: &ApiResponse, answered: &Answered) -> Result<Option<Refusal>> {
        let Some(key) = &answered.key else { return Ok(answered.refusal.clone()) };
        match key.origin.seller.as_deref() {
            Some(store) if store != &*self.store_id => {
                let refusal = Refusal::new(RefusalReason::UnknownKey);
                return Ok(Some(refusal.with_message("the license key is another store's")));
            }
            None if answered.refusal.is_none() => return Err(missing(response, "store")),
            _ => {}
        }
        if let Some(refusal) = self.environment.refuse(key.environment) {
            return Ok(Some(refusal));
        }
        if let Some(refusal) = &answered.refusal {
            return Ok(Some(refusal.clone()));
        }
        match key.status.verdict() {
            Some(Verdict::Valid) => self.wrong_product(response, key, answered.variant.as_deref()),
            Some(Verdict::Refused(refusal)) => Ok(Some(refusal)),
            None => {
                Err(response.unrecognized().with_hint("its key has a status that this version does not know"))
            }
        }
    }

    /// A refusal if the key's product or variant is not allowed; `None` if it is, or if nothing is required.
    ///
    /// # Errors
    ///
    /// `Decode` if the answer lacks what has to be compared.
    fn wrong_product(
        &self,
        response: &ApiResponse,
        key: &LicenseKey,
        variant: Option<&str>,
    ) -> Result<Option<Refusal>> {
        let is_allowed = match &key.product {
            _ if self.products.is_empty() => true,
            Some(product) => self.products.contains(product),
            None => return Err(missing(response, "product")),
        };
        let is_allowed = is_allowed
            && match variant {
                _ if self.variants.is_empty() => true,
                Some(variant) => self.variants.iter().any(|allowed| **allowed == *variant),
                None => return Err(missing(response, "variant")),
            };
        Ok((!is_allowed).then(|| Refusal::new(RefusalReason::WrongProduct)))
    }

    /// Deactivates after an activation that is refused because of `why`.
    async fn release(&self, request: &ActivateRequest, seat: ActivationId, why: Error) -> Error {
        why.with_seat_given_back(self.deactivate(&DeactivateRequest::new(request.code.clone(), seat)).await)
    }
}

/// A call of the License API. Its paths differ in the last segment only.
fn call(operation: Operation, action: &'static str) -> ApiRequest {
    ApiRequest::post(operation).path(&["v1", "licenses", action])
}

/// Refuses an instance id without visible characters, which Lemon Squeezy would treat as absent.
fn check_activation(id: &ActivationId, operation: Operation) -> Result<()> {
    if id.as_str().chars().any(|c| !c.is_whitespace() && !c.is_control()) {
        return Ok(());
    }
    let message = "activation: the id is empty; leave it out to ask about the key alone";
    Err(Error::new(ErrorKind::InvalidRequest, message).with_provider(NAME).with_operation(operation))
}

/// Checks the requirements that Lemon Squeezy does not check.
///
/// # Errors
///
/// `Decode` if the answer lacks what has to be compared.
fn required(
    response: &ApiResponse,
    request: &ValidateRequest,
    answered: &Answered,
) -> Result<Option<Refusal>> {
    let Some(key) = &answered.key else { return Ok(None) };
    if let Some(required) = &request.product {
        let product = key.product.as_ref().ok_or_else(|| missing(response, "product"))?;
        if product != required {
            return Ok(Some(Refusal::new(RefusalReason::WrongProduct)));
        }
    }
    if let Some(required) = &request.customer {
        let customer = key.customer.as_ref().ok_or_else(|| missing(response, "customer"))?;
        if customer != required {
            return Ok(Some(Refusal::new(RefusalReason::WrongCustomer)));
        }
    }
    Ok(None)
}

/// Whether an answer is about the requested activation, and not about the key alone.
fn is_about(request: &ValidateRequest, answered: &Answered) -> bool {
    let actual = answered.activation.as_ref().map(|activation| activation.id.as_str());
    request
        .activation
        .as_ref()
        .is_none_or(|asked| actual.is_some_and(|actual| actual.eq_ignore_ascii_case(asked.as_str())))
}

/// Adds what the answer contained about key and instance.
fn with_key(validation: Validation, answered: Answered) -> Validation {
    let validation = validation.with_activation(answered.activation);
    match answered.key {
        Some(key) => validation.with_key(key),
        None => validation,
    }
}

/// Whether the key is not one of this configuration. Then its record, with customer and product, is not shown.
const fn is_foreign(refusal: &Refusal) -> bool {
    matches!(refusal.reason, RefusalReason::UnknownKey | RefusalReason::WrongEnvironment)
}

/// Whether a deactivation finds nothing to deactivate.
fn is_done(refusal: &Refusal) -> bool {
    refusal.reason == RefusalReason::UnknownActivation
}

/// The error for a success without a member that has to be compared.
fn missing(response: &ApiResponse, what: &str) -> Error {
    response.error(ErrorKind::Decode, format!("the answer does not tell which {what} the license key is for"))
}

//! The calls of an installed app: `validate`, `activate` and `deactivate`.
//!
//! They carry no token, also where the provider has one: Dodo needs none there (documentation, 2026), and an installed
//! app must not have it.

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capability, DeactivateRequest, Error, ErrorKind, KeyCode,
    Operation, ProductId, Refusal, RefusalReason, Result, Timestamp, ValidateRequest, Validation,
};
use anykey_http::{ApiClient, ApiRequest};

use crate::answer::succeed;
use crate::wire::{ActivateBody, ActivatedBody, SeatBody, ValidatedBody};
use crate::{NAME, map};

/// The calls that need no token and know a key by its code, whoever sells it.
#[derive(Clone, Debug)]
pub(crate) struct DevicePlane {
    /// A client without a token.
    pub(crate) client: ApiClient,
    /// The allowed products; empty allows any, of any seller.
    pub(crate) products: Arc<[ProductId]>,
}

impl DevicePlane {
    /// Validates a key, with or without an activation.
    ///
    /// # Errors
    ///
    /// `Unsupported` without an activation if products are configured: the answer does not name the product.
    pub(crate) async fn validate(&self, request: &ValidateRequest) -> Result<Validation> {
        if request.activation.is_none() && !self.products.is_empty() {
            return Err(Error::unsupported(NAME, Capability::RequireProduct).with_hint(
                "Dodo does not say what a key is for; activate it, which checks `products`, and validate the activation",
            ));
        }
        let (response, answered_at) = self.ask(&request.code, request.activation.as_ref()).await?;
        let validation = match response {
            Ok(true) => Validation::valid(),
            Ok(false) => Validation::refused(Refusal::new(self.reason(request).await)),
            Err(error) => match error.refusal() {
                Some(refusal) => Validation::refused(refusal.clone()),
                None => return Err(error),
            },
        };
        Ok(validation.with_answered_at(answered_at))
    }

    /// Whether a refused validation was about the activation: Dodo gives no reason, so the key alone is asked about.
    ///
    /// Without an answer to that the reason stays [`Unspecified`](RefusalReason::Unspecified): the refusal itself
    /// is certain.
    async fn reason(&self, request: &ValidateRequest) -> RefusalReason {
        match request.activation {
            Some(_) if matches!(self.ask(&request.code, None).await, Ok((Ok(true), _))) => {
                RefusalReason::UnknownActivation
            }
            _ => RefusalReason::Unspecified,
        }
    }

    /// Whether Dodo finds the key valid, and the time of the answer.
    async fn ask(
        &self,
        code: &KeyCode,
        activation: Option<&ActivationId>,
    ) -> Result<(Result<bool>, Option<Timestamp>)> {
        let body = SeatBody {
            license_key: code.expose(),
            license_key_instance_id: activation.map(ActivationId::as_str),
        };
        let call =
            ApiRequest::post(Operation::Validate).path(&["licenses", "validate"]).json(&body).read_only();
        let response = self.client.send(call).await?;
        let answered_at = response.answered_at();
        let verdict = succeed(response, &[code.expose()])
            .and_then(|response| Ok(response.json::<ValidatedBody>()?.valid));
        Ok((verdict, answered_at))
    }

    /// Takes a seat. It is sent once, because each success takes another one, also with the same label. The product is
    /// compared afterwards, since no request can name it.
    pub(crate) async fn activate(&self, request: &ActivateRequest) -> Result<Activation> {
        let body = ActivateBody { license_key: request.code.expose(), name: &request.label };
        let call = ApiRequest::post(Operation::Activate).path(&["licenses", "activate"]).json(&body);
        let response = succeed(self.client.send(call).await?, &[request.code.expose()])?;
        let mut activation = map::activated(response.json::<ActivatedBody>()?);
        if !is_about(&activation, request) {
            return Err(response.unrecognized());
        }
        activation.answered_at = response.answered_at();
        let why = match &activation.product {
            _ if self.products.is_empty() => return Ok(activation),
            Some(product) if self.products.contains(product) => return Ok(activation),
            Some(_) => response.fill(Error::refused(Refusal::new(RefusalReason::WrongProduct))),
            None => response
                .error(ErrorKind::Decode, "the answer does not tell which of `products` the key is for")
                .with_may_have_taken_effect(false),
        };
        Err(self.release(request, &activation, why).await)
    }

    /// Gives a seat back. It can be repeated: after a lost answer, an unknown activation means that the first request
    /// took effect.
    pub(crate) async fn deactivate(&self, request: &DeactivateRequest) -> Result<()> {
        let body = SeatBody {
            license_key: request.code.expose(),
            license_key_instance_id: Some(request.activation.as_str()),
        };
        let call = ApiRequest::post(Operation::Deactivate)
            .path(&["licenses", "deactivate"])
            .json(&body)
            .repeatable();
        let response = self.client.send(call).await?;
        let lost_earlier = response.earlier_attempt_open();
        match succeed(response, &[request.code.expose()]) {
            Err(error) if lost_earlier && is_unknown_activation(&error) => Ok(()),
            answer => answer?.acknowledged(),
        }
    }

    /// Gives back a seat that should not have been taken, because of `why`.
    async fn release(&self, request: &ActivateRequest, taken: &Activation, why: Error) -> Error {
        let released = self.deactivate(&DeactivateRequest::new(request.code.clone(), taken.id.clone())).await;
        why.with_seat_given_back(released)
    }
}

/// Whether an answer is one to the activation `request`: an id alone is in many answers that are not Dodo's. One of the
/// other members is enough, since each of them may be missing.
fn is_about(activation: &Activation, request: &ActivateRequest) -> bool {
    let repeats_label = !request.label.is_empty() && activation.label == request.label;
    repeats_label || activation.key_id.is_some() || activation.product.is_some()
}

/// Whether Dodo knows no such activation of this key.
fn is_unknown_activation(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.reason == RefusalReason::UnknownActivation)
}

use std::sync::Arc;

use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capability, DeactivateRequest, Error, Operation, ProductId,
    Refusal, RefusalReason, Result, ValidateRequest, Validation,
};
use anykey_http::{ApiClient, ApiRequest};

use crate::answer::succeed;
use crate::wire::{ActivateBody, ActivatedBody, SeatBody, ValidatedBody};
use crate::{NAME, map};

/// The calls that need no token and know a key by its code, whoever sells it.
#[derive(Clone, Debug)]
pub(crate) struct DevicePlane {
    pub(crate) client: ApiClient,
    pub(crate) products: Arc<[ProductId]>,
}

impl DevicePlane {
    pub(crate) async fn validate(&self, request: &ValidateRequest) -> Result<Validation> {
        if request.activation.is_none() && !self.products.is_empty() {
            return Err(Error::unsupported(NAME, Capability::RequireProduct).with_hint(
                "Dodo does not say what a key is for; activate it, which checks `products`, and validate the activation",
            ));
        }
        let body = SeatBody {
            license_key: request.code.expose(),
            license_key_instance_id: request.activation.as_ref().map(ActivationId::as_str),
        };
        let call =
            ApiRequest::post(Operation::Validate).path(&["licenses", "validate"]).json(&body).read_only();
        match succeed(self.client.send(call).await?, &[request.code.expose()]) {
            Ok(response) if response.json::<ValidatedBody>()?.valid => Ok(Validation::valid()),
            Ok(_) => Ok(Validation::refused(Refusal::new(RefusalReason::Unspecified))),
            Err(error) => match error.refusal() {
                Some(refusal) => Ok(Validation::refused(refusal.clone())),
                None => Err(error),
            },
        }
    }

    pub(crate) async fn activate(&self, request: &ActivateRequest) -> Result<Activation> {
        let body = ActivateBody { license_key: request.code.expose(), name: &request.label };
        let call = ApiRequest::post(Operation::Activate).path(&["licenses", "activate"]).json(&body);
        let response = succeed(self.client.send(call).await?, &[request.code.expose()])?;
        let activation = map::activated(response.json::<ActivatedBody>()?);
        if self.pins(activation.product.as_ref()) {
            return Ok(activation);
        }
        let refusal = response.fill(Error::refused(Refusal::new(RefusalReason::WrongProduct)));
        Err(self.release(request, &activation, refusal).await)
    }

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

    /// Gives back a seat that was taken with a key of another product.
    async fn release(&self, request: &ActivateRequest, taken: &Activation, refusal: Error) -> Error {
        let released = self.deactivate(&DeactivateRequest::new(request.code.clone(), taken.id.clone())).await;
        match released {
            Ok(()) => refusal,
            Err(cause) => refusal
                .with_hint("its seat could not be given back")
                .with_may_have_taken_effect(true)
                .with_source(cause),
        }
    }

    fn pins(&self, product: Option<&ProductId>) -> bool {
        self.products.is_empty() || product.is_some_and(|product| self.products.contains(product))
    }
}

fn is_unknown_activation(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.reason == RefusalReason::UnknownActivation)
}

use std::sync::Arc;

use anykey::{
    ActivateRequest, Activation, DeactivateRequest, Error, Operation, RefusalReason, Result, ValidateRequest,
    Validation, Verdict,
};
use anykey_http::{ApiClient, ApiRequest};

use super::answer::succeed;
use super::map;
use super::wire::{ActivateBody, ActivatedBody, DeactivateBody, ValidateBody, ValidatedBody};

/// The calls of an installed app. They carry no credential and know a license by its code.
#[derive(Clone, Debug)]
pub(super) struct DevicePlane {
    pub(super) client: ApiClient,
    /// The allowed products; the vendor checks them.
    pub(super) products: Arc<[Box<str>]>,
}

impl DevicePlane {
    pub(super) async fn validate(&self, request: &ValidateRequest) -> Result<Validation> {
        let code = request.code.expose();
        let seat = request.activation.as_ref();
        let body = ValidateBody { code, seat, products: &self.products };
        let call =
            ApiRequest::post(Operation::Validate).path(&["device", "validate"]).json(&body).read_only();
        let response = match succeed(self.client.send(call).await?, &[code]) {
            Ok(response) => response,
            Err(error) => return error.refusal().cloned().map(Validation::refused).ok_or(error),
        };
        let ValidatedBody { license, seat: found } = response.json()?;
        let key = map::license(license);
        // An unknown status word, another license, or no word about the seat that was asked about, is no answer.
        let is_asked = key.code == request.code && seat == found.as_ref().map(|seat| &seat.id);
        let verdict = key.status.verdict().filter(|_| is_asked);
        match verdict.ok_or_else(|| response.unrecognized())? {
            Verdict::Valid => Ok(Validation::valid().with_key(key).with_activation(found.map(map::seat))),
            Verdict::Refused(refusal) => Ok(Validation::refused(refusal).with_key(key)),
        }
    }

    /// Sent once, unless it is certain that the vendor did nothing: a repeat could take a second seat.
    pub(super) async fn activate(&self, request: &ActivateRequest) -> Result<Activation> {
        let code = request.code.expose();
        let body = ActivateBody { code, label: &request.label, products: &self.products };
        let call = ApiRequest::post(Operation::Activate).path(&["device", "activate"]).json(&body);
        let response = succeed(self.client.send(call).await?, &[code])?;
        let ActivatedBody { license, seat } = response.json()?;
        let key = map::license(license);
        if key.code != request.code {
            return Err(response.unrecognized());
        }
        let mut activation = map::seat(seat);
        activation.key_id = Some(key.id.clone());
        activation.product = key.product.clone();
        activation.key = Some(Box::new(key));
        Ok(activation)
    }

    /// Safe to repeat. Where the first answer was lost, "no such seat" means that it is done.
    pub(super) async fn deactivate(&self, request: &DeactivateRequest) -> Result<()> {
        let code = request.code.expose();
        let body = DeactivateBody { code, seat: &request.activation };
        let call =
            ApiRequest::post(Operation::Deactivate).path(&["device", "deactivate"]).json(&body).repeatable();
        let response = self.client.send(call).await?;
        let lost_earlier = response.earlier_attempt_open();
        match succeed(response, &[code]) {
            Err(error) if lost_earlier && is_unknown_activation(&error) => Ok(()),
            answer => answer?.acknowledged(),
        }
    }
}

fn is_unknown_activation(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.reason == RefusalReason::UnknownActivation)
}

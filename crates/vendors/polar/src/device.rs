//! Validate, activate and deactivate, and the questions that one call of Polar leaves open.

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivateRequest, Activation, ActivationId, CustomerId, DeactivateRequest, Error, ErrorKind, KeyCode,
    LicenseKey, Metadata, Operation, ProductId, Refusal, RefusalReason, Result, ValidateRequest, Validation,
    Verdict,
};
use anykey_http::{ApiClient, ApiRequest, ApiResponse};

use crate::NAME;
use crate::answer::{self, of_another_request, reject, succeed};
use crate::id::{normalized, same};
use crate::wire::{ActivateBody, DeactivateBody, ValidateBody};

/// Polar counts in 32 bits, and fails where the sum does not fit.
const MAX_INCREMENT: u64 = 2_147_483_647;

/// The message for a success without the member that has to be compared.
const UNTOLD_PRODUCT: &str = "the answer does not tell which of `products` the key is for";

/// The calls about a key by its code, in one organization.
#[derive(Clone, Debug)]
pub(crate) struct DevicePlane {
    /// Carries no credential, except in the organization plane.
    pub(crate) client: ApiClient,
    /// The path before the action, which depends on the plane.
    pub(crate) path: &'static [&'static str],
    /// The organization in every body.
    pub(crate) organization_id: Box<str>,
    /// The benefits that are accepted, as Polar writes them; empty accepts any.
    pub(crate) products: Arc<[ProductId]>,
    /// Whether keys keep the answer's JSON.
    pub(crate) keep_raw: bool,
}

impl DevicePlane {
    /// Validates a key. Requirements are compared by Polar where one value is required, and here where several benefits
    /// are allowed.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for more uses than Polar counts at once.
    pub(crate) async fn validate(&self, mut request: ValidateRequest) -> Result<Validation> {
        if request.increment_usage > MAX_INCREMENT {
            let message = "increment_usage: Polar counts at most 2147483647 at once";
            return Err(local(ErrorKind::InvalidRequest, Operation::Validate, message));
        }
        request.product = request.product.as_ref().map(normalized);
        request.customer = request.customer.as_ref().map(normalized);
        match (&request.product, &*self.products) {
            (Some(product), _) if !self.accepts(product) => Ok(wrong_product()),
            (Some(product), _) => self.ask(&request, Some(product), request.increment_usage).await,
            (None, [product]) => self.ask(&request, Some(product), request.increment_usage).await,
            (None, []) => self.ask(&request, None, request.increment_usage).await,
            (None, _) => self.validate_any_product(&request).await,
        }
    }

    /// Takes a seat. It is sent once.
    ///
    /// Polar does not compare the benefit here, so allowed products are validated beforehand: a seat that is never
    /// taken need not be given back.
    pub(crate) async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.check_products(&request.code).await?;
        let body = ActivateBody {
            key: request.code.expose(),
            organization_id: &self.organization_id,
            label: &request.label,
            conditions: filled(&request.conditions),
            meta: filled(&request.metadata),
        };
        let call = self.call(Operation::Activate, "activate").json(&body);
        let response = succeed(self.client.send(call).await?, &[request.code.expose()])?;
        let activation = answer::activated(&response, self.keep_raw)?;
        if activation.key.as_deref().is_some_and(|key| !self.is_of(key, &request.code)) {
            return Err(of_another_request(&response));
        }
        if !is_about(&activation, &request) {
            return Err(response.unrecognized());
        }
        match self.fault(&response, &activation) {
            None => Ok(activation),
            Some(error) => Err(self.release(request.code, activation.id, error).await),
        }
    }

    /// Gives a seat back. It can be repeated: after a lost answer, *not found* means that the first request took
    /// effect. Otherwise a second request finds out whether the key or the activation is unknown.
    pub(crate) async fn deactivate(&self, request: &DeactivateRequest) -> Result<()> {
        let body = DeactivateBody {
            key: request.code.expose(),
            organization_id: &self.organization_id,
            activation_id: request.activation.as_str(),
        };
        let call = self.call(Operation::Deactivate, "deactivate").json(&body).repeatable();
        let response = self.client.send(call).await?;
        if response.is_success() {
            return response.acknowledged();
        }
        let error = reject(&response, &[request.code.expose()]);
        match error.refusal() {
            Some(refusal) if refusal.reason == RefusalReason::UnknownKey => {
                if response.earlier_attempt_open() {
                    return Ok(());
                }
                let mut refusal = refusal.clone();
                refusal.reason = self.what_is_unknown(&request.code).await;
                Err(same_answer(&response, Error::refused(refusal), &error))
            }
            _ => Err(error),
        }
    }

    /// Several allowed products: Polar compares with one, so the answer is compared here, and nothing is counted
    /// on a key of another product.
    async fn validate_any_product(&self, request: &ValidateRequest) -> Result<Validation> {
        let validation = self.ask(request, None, 0).await?;
        if !validation.is_valid() {
            return Ok(validation);
        }
        let Some(product) = validation.key.as_ref().and_then(|key| key.product.as_ref()) else {
            return Err(local(ErrorKind::Decode, Operation::Validate, UNTOLD_PRODUCT));
        };
        if !self.accepts(product) {
            return Ok(wrong_product());
        }
        match request.increment_usage {
            0 => Ok(validation),
            amount => self.ask(request, Some(product), amount).await,
        }
    }

    /// One validation. "Not found" with an activation is looked into.
    async fn ask(
        &self,
        request: &ValidateRequest,
        product: Option<&ProductId>,
        increment: u64,
    ) -> Result<Validation> {
        let body = ValidateBody {
            activation_id: request.activation.as_ref().map(ActivationId::as_str),
            benefit_id: product.map(ProductId::as_str),
            customer_id: request.customer.as_ref().map(CustomerId::as_str),
            increment_usage: (increment > 0).then_some(increment),
            conditions: filled(&request.conditions),
            ..self.about(&request.code)
        };
        let call = self.call(Operation::Validate, "validate").json(&body);
        // An uncounted validation moves `validations` and the dates, which nobody is charged for.
        let call = if increment > 0 { call } else { call.read_only() };
        let response = self.client.send(call).await?;
        let answered_at = response.answered_at();
        match succeed(response, &[request.code.expose()]) {
            Ok(response) => {
                let (key, activation) = answer::validated(&response, self.keep_raw)?;
                if !self.is_about(request, product, &key, activation.as_ref()) {
                    return Err(of_another_request(&response));
                }
                Ok(verdict(&response, key, activation)?.with_answered_at(answered_at))
            }
            Err(error) => {
                let Some(mut refusal) = error.refusal().cloned() else { return Err(error) };
                if refusal.reason == RefusalReason::UnknownKey && request.activation.is_some() {
                    refusal.reason = self.what_is_unknown(&request.code).await;
                }
                Ok(Validation::refused(refusal).with_answered_at(answered_at))
            }
        }
    }

    /// Whether "Not found" spoke of the key or of the activation, by asking about the key alone.
    ///
    /// Without an answer to that, what is unknown stays [`Unspecified`](RefusalReason::Unspecified): the
    /// refusal itself is certain.
    async fn what_is_unknown(&self, code: &KeyCode) -> RefusalReason {
        let call = self.call(Operation::Validate, "validate").json(&self.about(code)).read_only();
        let Ok(response) = self.client.send(call).await else { return RefusalReason::Unspecified };
        if response.is_success() {
            return match answer::validated(&response, false) {
                Ok((key, _)) if self.is_of(&key, code) => RefusalReason::UnknownActivation,
                _ => RefusalReason::Unspecified,
            };
        }
        match reject(&response, &[code.expose()]).refusal().map(|refusal| refusal.reason) {
            Some(RefusalReason::UnknownKey) => RefusalReason::UnknownKey,
            None | Some(RefusalReason::Unspecified) => RefusalReason::Unspecified,
            Some(_) => RefusalReason::UnknownActivation,
        }
    }

    /// Refuses to activate a key that is not for an allowed product.
    async fn check_products(&self, code: &KeyCode) -> Result<()> {
        let benefit_id = match &*self.products {
            [] => return Ok(()),
            [product] => Some(product.as_str()),
            _ => None,
        };
        let body = ValidateBody { benefit_id, ..self.about(code) };
        let call = self.call(Operation::Activate, "validate").json(&body).read_only();
        let response = succeed(self.client.send(call).await?, &[code.expose()])?;
        let (key, _) = answer::validated(&response, false)?;
        if !self.is_of(&key, code) {
            return Err(of_another_request(&response));
        }
        match key.product {
            Some(product) if self.accepts(&product) => Ok(()),
            Some(_) => Err(response.fill(Error::refused(Refusal::new(RefusalReason::WrongProduct)))),
            None => Err(response.error(ErrorKind::Decode, UNTOLD_PRODUCT)),
        }
    }

    /// What is wrong with a seat that Polar gave: it was known to give seats on revoked and expired keys.
    fn fault(&self, response: &ApiResponse, activation: &Activation) -> Option<Error> {
        let key = activation.key.as_deref()?;
        let refusal = match key.status.verdict() {
            None => return Some(unknown_status(response)),
            Some(Verdict::Refused(refusal)) => refusal,
            Some(Verdict::Valid) if activation.created_at.is_some_and(|now| key.expiry.has_passed(now)) => {
                Refusal::new(RefusalReason::Expired)
            }
            Some(Verdict::Valid) if key.product.as_ref().is_some_and(|product| !self.accepts(product)) => {
                Refusal::new(RefusalReason::WrongProduct)
            }
            Some(Verdict::Valid) => return None,
        };
        Some(response.fill(Error::refused(refusal)))
    }

    /// Gives back a seat that should not have been given.
    async fn release(&self, code: KeyCode, seat: ActivationId, why: Error) -> Error {
        why.with_seat_given_back(self.deactivate(&DeactivateRequest::new(code, seat)).await)
    }

    /// Whether a benefit is allowed.
    fn accepts(&self, product: &ProductId) -> bool {
        self.products.is_empty()
            || self.products.iter().any(|allowed| same(allowed.as_str(), product.as_str()))
    }

    /// Whether a *valid* is about the key that was asked about. What an answer leaves out is no contradiction, except
    /// the activation, without which the answer is about the key alone.
    fn is_about(
        &self,
        asked: &ValidateRequest,
        product: Option<&ProductId>,
        key: &LicenseKey,
        activation: Option<&Activation>,
    ) -> bool {
        let is = |asked: Option<&str>, told: Option<&str>| {
            asked.zip(told).is_none_or(|(asked, told)| same(asked, told))
        };
        self.is_of(key, &asked.code)
            && asked.activation.as_ref().is_none_or(|id| {
                activation.is_some_and(|activation| same(activation.id.as_str(), id.as_str()))
            })
            && is(product.map(ProductId::as_str), key.product.as_ref().map(ProductId::as_str))
            && is(
                asked.customer.as_ref().map(CustomerId::as_str),
                key.customer.as_ref().map(CustomerId::as_str),
            )
    }

    /// Whether `key` is the one with the code `code`, in this organization.
    fn is_of(&self, key: &LicenseKey, code: &KeyCode) -> bool {
        key.code == *code
            && key.origin.seller.as_deref().is_none_or(|seller| same(seller, &self.organization_id))
    }

    /// A call about a key code. It becomes a `POST` to the plane's path and the action.
    fn call(&self, operation: Operation, action: &'static str) -> ApiRequest {
        ApiRequest::post(operation).path(self.path).path(&[action])
    }

    /// A validation of the key alone.
    fn about<'a>(&'a self, code: &'a KeyCode) -> ValidateBody<'a> {
        ValidateBody {
            key: code.expose(),
            organization_id: &self.organization_id,
            activation_id: None,
            benefit_id: None,
            customer_id: None,
            increment_usage: None,
            conditions: None,
        }
    }
}

/// Whether an answer is one to the activation `request`: an id alone is in many answers that are not Polar's. One of
/// the other members is enough, since each of them may be missing.
fn is_about(activation: &Activation, request: &ActivateRequest) -> bool {
    let repeats_label = !request.label.is_empty() && activation.label == request.label;
    repeats_label || activation.key_id.is_some() || activation.key.is_some()
}

/// Polar's yes, unless the key that comes with it is none to use.
fn verdict(response: &ApiResponse, key: LicenseKey, activation: Option<Activation>) -> Result<Validation> {
    let verdict = key.status.verdict().ok_or_else(|| unknown_status(response))?;
    let validation = match verdict {
        Verdict::Valid => Validation::valid(),
        Verdict::Refused(refusal) => Validation::refused(refusal),
    };
    Ok(validation.with_key(key).with_activation(activation))
}

/// A *valid* with a status word of a later version: neither valid nor refused.
fn unknown_status(response: &ApiResponse) -> Error {
    response.unrecognized().with_hint("its key has a status that this version does not know")
}

/// The refusal for a benefit that is not allowed.
fn wrong_product() -> Validation {
    Validation::refused(Refusal::new(RefusalReason::WrongProduct))
}

/// `error` about the same answer as `known`.
fn same_answer(response: &ApiResponse, error: Error, known: &Error) -> Error {
    let error = response.fill(error);
    match known.vendor_code() {
        Some(code) => error.with_vendor_code(code),
        None => error,
    }
}

/// An empty map is not sent: `null` would be refused, and absent means the same.
fn filled(metadata: &Metadata) -> Option<&Metadata> {
    (!metadata.is_empty()).then_some(metadata)
}

/// An error without an answer.
fn local(kind: ErrorKind, operation: Operation, message: &'static str) -> Error {
    Error::new(kind, message).with_provider(NAME).with_operation(operation)
}

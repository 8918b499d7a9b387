//! The calls of an installed app, except for activation and heartbeats.
//!
//! Validations carry no credential. All other calls authenticate with the license key itself, which the policy has to
//! allow.

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivationId, DeactivateRequest, Error, ErrorKind, Expiry, KeyCode, LicenseKey, LicenseStatus, Operation,
    ProductId, Refusal, RefusalReason, Result, ValidateRequest, Validation,
};
use anykey_http::{ApiRequest, PathSegment};
use http::HeaderValue;
use http::header::AUTHORIZATION;

use crate::NAME;
use crate::answer::{Api, machine, segment};
use crate::validation::{Answer, Answered, named_product, scope_missing};
use crate::wire::{IncrementMeta, MetaBody, Scope};

/// The calls of an installed app. A license authenticates with its key, so the app needs no credential of the seller.
#[derive(Clone, Debug)]
pub(crate) struct DevicePlane {
    /// The API without a credential of the seller.
    pub(crate) api: Api,
    /// The allowed products; empty allows all of the account.
    pub(crate) products: Arc<[ProductId]>,
}

impl DevicePlane {
    /// The verdict about a key, with usage counted and a proof added if the request asks for them.
    ///
    /// The product is named in the request and compared in the answer as well, because a policy may ignore what is
    /// named.
    pub(crate) async fn validate(&self, request: &ValidateRequest) -> Result<Validation> {
        if let Some(seat) = &request.activation {
            segment("activation id", seat.as_str(), Operation::Validate)?;
        }
        let scope = Scope {
            product: named_product(request.product.as_ref(), &self.products),
            user: request.customer.as_ref().map(|id| id.as_str()),
            machine: request.activation.as_ref().map(ActivationId::as_str),
            fingerprint: None,
        };
        let answered = self.ask(Operation::Validate, &request.code, scope).await?;
        let refusal = match &answered.verdict {
            Answer::Refused(refusal) => Some(refusal.clone()),
            _ => self.wrong_product(&answered, request.product.as_ref())?,
        };
        let validation = match refusal {
            None if request.increment_usage > 0 => self.count(request, answered).await?,
            refusal => {
                let verdict = refusal.map_or(Answer::Valid, Answer::Refused);
                validation(Answered { verdict, ..answered })
            }
        };
        match &validation.key {
            Some(key) if request.offline_proof && validation.is_valid() => {
                let seat = request.activation.as_ref();
                let proof = self.proof(Operation::Validate, &request.code, key, seat).await;
                Ok(validation.with_proof(proof))
            }
            _ => Ok(validation),
        }
    }

    /// Asks for a verdict, and again with what the policy requires to be named. The loop ends: each scope is added at
    /// most once, and a demand for one that was named is an error.
    pub(crate) async fn ask(
        &self,
        operation: Operation,
        code: &KeyCode,
        mut scope: Scope<'_>,
    ) -> Result<Answered> {
        loop {
            let answered = self.api.verdict(operation, code, scope.clone()).await?;
            match (&answered.verdict, &answered.key) {
                (Answer::NamesNoProduct, Some(key)) if scope.product.is_none() => {
                    let product = key.product.as_ref().filter(|product| self.products.contains(product));
                    let Some(product) = product else {
                        return Err(scope_missing(&answered.response, "PRODUCT_SCOPE_REQUIRED")
                            .with_hint("set `products`"));
                    };
                    scope.product = Some(product.as_str().into());
                }
                (Answer::NamesNoFingerprint, _) if scope.fingerprint.is_none() => {
                    let Some(seat) = scope.machine else { return Err(answered.response.unrecognized()) };
                    let machine = match self.machine(operation, code, seat).await {
                        Err(error) if is_unknown_seat(&error) => {
                            let verdict = Answer::Refused(Refusal::new(RefusalReason::UnknownActivation));
                            return Ok(Answered { verdict, ..answered });
                        }
                        machine => machine?,
                    };
                    scope.fingerprint = Some(machine);
                }
                (Answer::NamesNoProduct | Answer::NamesNoFingerprint, _) => {
                    return Err(answered.response.unrecognized());
                }
                _ => return Ok(answered),
            }
        }
    }

    /// The fingerprint of the machine with this id. The device has only its id, and some policies want the fingerprint.
    async fn machine(&self, operation: Operation, code: &KeyCode, seat: &str) -> Result<Box<str>> {
        let call = ApiRequest::get(operation).path(&["machines"]).segment(segment(
            "activation id",
            seat,
            operation,
        )?);
        let response = self.api.succeed(by_license(call, code)?, &[code.expose()]).await?;
        let fingerprint = machine(&response)?.attributes.fingerprint.value();
        fingerprint.ok_or_else(|| {
            response.error(ErrorKind::Decode, "the answer does not contain the machine's fingerprint")
        })
    }

    /// A refusal if the product of a valid key is not allowed; `None` if it is, or if nothing is required.
    ///
    /// # Errors
    ///
    /// If the answer lacks the product and some product is required.
    pub(crate) fn wrong_product(
        &self,
        answered: &Answered,
        required: Option<&ProductId>,
    ) -> Result<Option<Refusal>> {
        let product = answered.key.as_ref().and_then(|key| key.product.as_ref());
        let is_required = !self.products.is_empty() || required.is_some();
        let Some(product) = product else {
            let message = "the answer does not tell which product the license key is for";
            return if is_required {
                Err(answered.response.error(ErrorKind::Decode, message))
            } else {
                Ok(None)
            };
        };
        let is_allowed = (self.products.is_empty() || self.products.contains(product))
            && required.is_none_or(|required| required == product);
        Ok((!is_allowed).then(|| Refusal::new(RefusalReason::WrongProduct)))
    }

    /// Counts usage on a valid key. Sent once, unless the request certainly had no effect. A refusal to count,
    /// `USES_LIMIT_EXCEEDED`, makes the validation refused; the key's record is then that of the verdict.
    async fn count(&self, request: &ValidateRequest, answered: Answered) -> Result<Validation> {
        let Answered { word, key, response, .. } = answered;
        let Some(key) = key else { return Err(response.unrecognized()) };
        let call = ApiRequest::post(Operation::Validate)
            .path(&["licenses"])
            .segment(segment("license key id", key.id.as_str(), Operation::Validate)?)
            .path(&["actions", "increment-usage"])
            .json(&MetaBody { meta: IncrementMeta { increment: request.increment_usage } });
        let response = self.api.send(by_license(call, &request.code)?).await?;
        let (verdict, key) = if response.is_success() {
            (Answer::Valid, self.api.license(&response, Some(&key.id))?)
        } else {
            let error = self.api.reject(&response, &[request.code.expose()]);
            (Answer::Refused(error.refusal().cloned().ok_or(error)?), key)
        };
        Ok(validation(Answered { verdict, word, key: Some(key), response }))
    }

    /// Can be repeated. After a lost answer, an unknown machine means that the first request took effect.
    pub(crate) async fn deactivate(&self, request: &DeactivateRequest) -> Result<()> {
        let id = segment("activation id", request.activation.as_str(), Operation::Deactivate)?;
        self.delete(Operation::Deactivate, &request.code, id).await
    }

    /// Deletes a machine. An unknown one is a success if an earlier attempt got no answer, and a refusal otherwise.
    pub(crate) async fn delete(&self, operation: Operation, code: &KeyCode, id: PathSegment) -> Result<()> {
        let call = ApiRequest::delete(operation).path(&["machines"]).segment(id).repeatable();
        let response = self.api.send(by_license(call, code)?).await?;
        if response.is_success() {
            return response.acknowledged();
        }
        match self.api.reject(&response, &[code.expose()]) {
            error if is_unknown_seat(&error) && response.earlier_attempt_open() => Ok(()),
            error => Err(error),
        }
    }
}

/// Authenticates a request with the license key. The header is marked as sensitive, so that no trace contains it.
///
/// # Errors
///
/// `InvalidRequest` if the key cannot be sent in a header.
pub(crate) fn by_license(call: ApiRequest, code: &KeyCode) -> Result<ApiRequest> {
    let operation = call.operation();
    let mut value = HeaderValue::try_from(format!("License {}", code.expose())).map_err(|_| {
        let message = "the license key has a character that no header can carry, so it cannot authenticate";
        Error::new(ErrorKind::InvalidRequest, message).with_provider(NAME).with_operation(operation)
    })?;
    value.set_sensitive(true);
    Ok(call.header(AUTHORIZATION, value))
}

/// Whether the vendor knows no such machine.
pub(crate) fn is_unknown_seat(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.reason == RefusalReason::UnknownActivation)
}

/// The answer of the model for a verdict whose demands are met.
fn validation(answered: Answered) -> Validation {
    let Answered { verdict, word, key, response } = answered;
    let answered_at = response.answered_at();
    let validation = match verdict {
        Answer::Refused(refusal) => Validation::refused(refusal),
        _ => Validation::valid(),
    };
    let key = key.map(|key| if validation.is_valid() { valid_key(key) } else { key });
    let validation = validation.with_status_word(word).with_answered_at(answered_at);
    match key {
        Some(key) => validation.with_key(key),
        None => validation,
    }
}

/// A key that Keygen accepts. Where the policy accepts it after its expiry, that is not its end. The status then is
/// active and the end unknown.
pub(crate) fn valid_key(mut key: LicenseKey) -> LicenseKey {
    if key.status == LicenseStatus::Expired {
        key.status = LicenseStatus::Active;
        key.expiry = Expiry::Unknown;
    }
    key
}

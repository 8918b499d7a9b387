//! The validation of a key, which is all that Gumroad offers to an installed app.
//!
//! A verification says whether a code belongs to a product. Whether the purchase is in force, whether it is a test, and
//! what the request requires, is decided here.

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Capability, Clock, Environment, Error, ErrorKind, LicenseKey, Operation, ProductId, Refusal,
    RefusalReason, Result, Timestamp, ValidateRequest, Validation,
};
use anykey_http::{ApiClient, ApiRequest, ApiResponse};

use crate::NAME;
use crate::answer::{self, Verification};
use crate::standing::Standing;

/// The verification, which needs no credential but the id of a product.
#[derive(Clone, Debug)]
pub(crate) struct DevicePlane {
    /// A client without a token, also where the provider has one.
    pub(crate) client: ApiClient,
    /// The allowed products, at least one.
    pub(crate) products: Arc<[ProductId]>,
    /// Whether live or test purchases are accepted.
    pub(crate) environment: Environment,
    /// For answers that do not say when they were made.
    pub(crate) clock: Clock,
    /// Whether keys keep the answer's JSON.
    pub(crate) keep_raw: bool,
}

/// An answer about one product.
struct Answered {
    /// What Gumroad says.
    verification: Verification,
    /// The answer, for its time and for errors about it.
    response: ApiResponse,
}

impl DevicePlane {
    /// Validates a key, and counts one use if the request asks for it and the key is valid.
    ///
    /// # Errors
    ///
    /// `Unsupported` for an activation, and for more than one use: Gumroad counts one at a time.
    pub(crate) async fn validate(&self, request: &ValidateRequest) -> Result<Validation> {
        if request.activation.is_some() {
            return Err(Error::unsupported(NAME, Capability::Activate)
                .with_operation(Operation::Validate)
                .with_hint("Gumroad has no activations; validate the key alone"));
        }
        if request.increment_usage > 1 {
            return Err(Error::unsupported(NAME, Capability::CountUsage)
                .with_hint("Gumroad counts one use at a time; set `increment_usage` to 1"));
        }
        let (product, answered) = self.find(request).await?;
        let validation = self.judged(request, answered)?;
        if request.increment_usage == 0 || !validation.is_valid() {
            return Ok(validation);
        }
        // Gumroad counts a use of a refunded purchase, too. Only a key that was found valid is counted.
        let answered = self.verify(request, product, true).await?;
        self.judged(request, answered)
    }

    /// Asks about each product until one of them knows the key, without counting a use. Gumroad answers in the same way
    /// for an unknown key and for one of another product.
    async fn find(&self, request: &ValidateRequest) -> Result<(&ProductId, Answered)> {
        let is_required = |product: &&ProductId| request.product.as_ref() == Some(*product);
        let required = self.products.iter().filter(is_required);
        let others = self.products.iter().filter(|product| !is_required(product));
        let mut last = None;
        for product in required.chain(others) {
            let answered = self.verify(request, product, false).await?;
            let is_unknown = matches!(&answered.verification, Verification::Refused(refusal)
                if refusal.reason == RefusalReason::UnknownKey);
            last = Some((product, answered));
            if !is_unknown {
                break;
            }
        }
        last.ok_or_else(|| Error::unsupported(NAME, Capability::Validate).with_hint("`products` is empty"))
    }

    /// One call. It counts a use only if `counts`, and is then sent once, unless it certainly had no effect.
    /// `increment_uses_count` is always sent, because leaving it out counts a use (server code, 2026).
    async fn verify(&self, request: &ValidateRequest, product: &ProductId, counts: bool) -> Result<Answered> {
        let counting = if counts { "true" } else { "false" };
        let call = ApiRequest::post(Operation::Validate).path(&["v2", "licenses", "verify"]).form(&[
            ("product_id", product.as_str()),
            ("license_key", request.code.expose()),
            ("increment_uses_count", counting),
        ]);
        let call = if counts { call } else { call.read_only() };
        let response = self.client.send(call).await?;
        let now = self.now(&response);
        let verification = answer::verification(&response, &request.code, product, now, self.keep_raw)?;
        Ok(Answered { verification, response })
    }

    /// The validation that an answer amounts to. A key about which the answer says nothing is valid by Gumroad's code,
    /// and a flag that is missing makes it no answer.
    fn judged(&self, request: &ValidateRequest, answered: Answered) -> Result<Validation> {
        let Answered { verification, response } = answered;
        let (key, standing, shows_customer) = match verification {
            Verification::Refused(refusal) => {
                return Ok(Validation::refused(refusal).with_answered_at(response.answered_at()));
            }
            Verification::Known { key, standing, shows_customer } => (key, standing, shows_customer),
        };
        if standing == Standing::Unknown {
            return Err(response
                .unrecognized()
                .with_hint("it does not say whether the purchase was refunded, disputed or ended"));
        }
        let word = key.as_ref().map(|key| key.status_word.as_ref().into());
        let refusal = match self.refusal(key.as_deref(), standing) {
            None => required(&response, request, key.as_deref(), shows_customer)?,
            refusal => refusal,
        };
        let validation = match refusal {
            // A test key must not be shown to a live app.
            Some(refusal) if refusal.reason == RefusalReason::WrongEnvironment => {
                Validation::refused(refusal)
            }
            Some(refusal) => with_key(Validation::refused(refusal), key),
            None => with_key(Validation::valid(), key),
        };
        Ok(validation.with_status_word(word).with_answered_at(response.answered_at()))
    }

    /// Why a key that Gumroad knows is refused: its environment or its flags, in this order. Gumroad's own refusals do
    /// not get here.
    fn refusal(&self, key: Option<&LicenseKey>, standing: Standing) -> Option<Refusal> {
        let environment = key.and_then(|key| key.environment);
        self.environment.refuse(environment).or_else(|| standing.refusal())
    }

    /// The vendor's time of an answer; the clock's where it has none.
    fn now(&self, response: &ApiResponse) -> Timestamp {
        response.answered_at().unwrap_or_else(|| self.clock.now())
    }
}

/// The requirements that Gumroad does not check. A guest's purchase names no customer and is refused where one is
/// required.
///
/// # Errors
///
/// `Decode` if a customer is required and the answer does not show whose key it is.
fn required(
    response: &ApiResponse,
    request: &ValidateRequest,
    key: Option<&LicenseKey>,
    shows_customer: bool,
) -> Result<Option<Refusal>> {
    let differs = |required: Option<&str>, actual: Option<&str>| required.is_some() && required != actual;
    let product = key.and_then(|key| key.product.as_ref()).map(ProductId::as_str);
    if differs(request.product.as_ref().map(ProductId::as_str), product) {
        return Ok(Some(Refusal::new(RefusalReason::WrongProduct)));
    }
    let customer = key.and_then(|key| key.customer.as_ref()).map(|id| id.as_str());
    if !differs(request.customer.as_ref().map(|id| id.as_str()), customer) {
        return Ok(None);
    }
    if !shows_customer {
        let message = "the answer does not say which customer the license key is of";
        return Err(response.error(ErrorKind::Decode, message));
    }
    Ok(Some(Refusal::new(RefusalReason::WrongCustomer)))
}

/// Adds the key, if the answer contained one.
fn with_key(validation: Validation, key: Option<Box<LicenseKey>>) -> Validation {
    match key {
        Some(key) => validation.with_key(*key),
        None => validation,
    }
}

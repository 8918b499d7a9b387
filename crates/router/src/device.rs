//! Requests of the device plane in the form of one provider.
//!
//! Ids of the router lose the name of their provider on the way to the vendor, and gain it again in the answer.

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capability, DeactivateRequest, Error, ErrorKind, KeyCode,
    OfflineProof, Operation, ProvenLicense, Refusal, RefusalReason, RenewRequest, Result, ValidateRequest,
    Validation, Verdict,
};

use crate::inner::Inner;
use crate::target::Target;

impl Inner {
    /// Validates at `target`. A requirement that only another provider could meet becomes a refusal, after the vendor
    /// has accepted the key otherwise.
    pub(crate) async fn validate_at(&self, target: &Target, request: ValidateRequest) -> Result<Validation> {
        let (request, mismatch) = self.validation_for(target, request);
        let mut validation = target.provider.validate(request).await?;
        validation.key = validation.key.map(|key| target.key(key));
        validation.activation = validation.activation.map(|activation| target.activation(activation));
        if let (Some(reason), true) = (mismatch, validation.is_valid()) {
            validation.verdict = Verdict::Refused(Refusal::new(reason));
        }
        Ok(validation)
    }

    /// The request in the vendor's own ids, and why a valid key is refused nevertheless: a product or a customer of
    /// another provider is required. Nothing is counted then.
    fn validation_for(
        &self,
        target: &Target,
        mut request: ValidateRequest,
    ) -> (ValidateRequest, Option<RefusalReason>) {
        let mut mismatch = None;
        request.activation = request.activation.map(|id| own(target, id));
        if let Some(product) = request.product.take() {
            match self.owner(product.as_str()) {
                Some((owner, _)) if owner.name() != target.name() => {
                    mismatch = Some(RefusalReason::WrongProduct)
                }
                Some((_, id)) => request.product = Some(id.into()),
                None => request.product = Some(product),
            }
        }
        if let Some(customer) = request.customer.take() {
            match self.owner(customer.as_str()) {
                Some((owner, _)) if owner.name() != target.name() => {
                    mismatch = mismatch.or(Some(RefusalReason::WrongCustomer));
                }
                Some((_, id)) => request.customer = Some(id.into()),
                None => request.customer = Some(customer),
            }
        }
        if mismatch.is_some() {
            request.increment_usage = 0;
            request.offline_proof = false;
        }
        (request, mismatch)
    }
}

/// Proofs, which are verified without a request: no vendor sees the code.
impl Inner {
    /// Verifies a proof with the providers that may have issued it: the one of the code's shape, or all, the remembered
    /// one first.
    ///
    /// # Errors
    ///
    /// `Unsupported` if none of them has proofs; otherwise the error of the first that does.
    pub(crate) fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        let remembered = self.memory.get(code);
        let candidates = match self.by_shape(code) {
            Some(only) => self.with_import(vec![Arc::clone(only)]),
            None => remembered.into_iter().chain(self.targets.iter().cloned()).collect(),
        };
        let mut failure = None;
        for target in candidates {
            match target.provider.verify_proof(proof, code) {
                Ok(mut proven) => {
                    proven.key = proven.key.map(|key| target.key(key));
                    proven.activation = proven.activation.map(|id| target.id(&id));
                    return Ok(proven);
                }
                Err(error) if error.kind() == ErrorKind::Unsupported => {}
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        Err(failure.unwrap_or_else(|| {
            Error::unsupported(self.name.to_string(), Capability::OfflineProof)
                .with_operation(Operation::VerifyProof)
        }))
    }
}

impl Target {
    /// Activates at this provider.
    pub(crate) async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.provider.activate(request).await.map(|activation| self.activation(activation))
    }

    /// Renews an activation of this provider.
    pub(crate) async fn renew(&self, mut request: RenewRequest) -> Result<Activation> {
        request.activation = own(self, request.activation);
        self.provider.renew(request).await.map(|activation| self.activation(activation))
    }

    /// Gives back a seat of this provider.
    pub(crate) async fn deactivate(&self, mut request: DeactivateRequest) -> Result<()> {
        request.activation = own(self, request.activation);
        self.provider.deactivate(request).await
    }
}

/// An activation's id as the vendor knows it. Without a name it is the vendor's already: an app may have stored it
/// before it had a router.
fn own(target: &Target, id: ActivationId) -> ActivationId {
    match target.strip(id.as_str()) {
        Some(own) => own.into(),
        None => id,
    }
}

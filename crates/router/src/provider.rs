//! The router as a [`LicenseProvider`].
//!
//! Every method of the trait is written here, also those with a default: a default would not reach the vendor.

use std::sync::Arc;

use anykey_core::adapter::{check, check_against};
use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capabilities, Capability, CreateRequest, DeactivateRequest,
    Error, KeyCode, KeyHint, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery,
    OfflineProof, Operation, Page, ProvenLicense, RenewRequest, Result, ValidateRequest, Validation,
    async_trait,
};

use crate::Router;
use crate::chain::{Meaning, NotCalled};
use crate::decision::Decision;
use crate::target::Target;

/// Each request goes to one provider: to the one whose name an id carries, else to the one that the code's shape or
/// the chain finds. `list` reads all.
#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl LicenseProvider for Router {
    fn vendor(&self) -> &str {
        Self::VENDOR
    }

    fn name(&self) -> &str {
        &self.inner.name
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn key_hint(&self, code: &KeyCode) -> Option<KeyHint> {
        if let Some(target) = self.inner.by_shape(code) {
            return target.provider.key_hint(code);
        }
        let hints = self.inner.chain.iter().map(|target| target.provider.key_hint(code));
        // What looks right to one of them is no mistake.
        hints.collect::<Option<Vec<_>>>()?.into_iter().next()
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        self.inner.list(query).await
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        check(self, &Capability::Get)?;
        let (target, id) = self.at(Operation::Get, id)?;
        Ok(target.key(target.provider.get(&id).await?))
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        check_against(self.name(), self.inner.union(), &request)?;
        self.inner.create(request).await
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        check(self, &patch)?;
        let (target, id) = self.at(Operation::Update, id)?;
        Ok(target.key(target.provider.update(&id, patch).await?))
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        check(self, &Capability::Rotate)?;
        let (target, id) = self.at(Operation::Rotate, id)?;
        Ok(target.key(target.provider.rotate(&id).await?))
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        check(self, &Capability::Activations)?;
        let (target, id) = self.at(Operation::Activations, id)?;
        let activations = target.provider.activations(&id).await?;
        Ok(activations.into_iter().map(|activation| target.activation(activation)).collect())
    }

    async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        check(self, &Capability::RenameActivation)?;
        let operation = Operation::RenameActivation;
        let (target, own) = self.inner.required_owner(operation, "activation", id.as_str())?;
        self.inner.note_request(target, operation, "name");
        let activation = target.provider.rename_activation(&own.into(), label).await?;
        Ok(target.activation(activation))
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        const OPERATION: Operation = Operation::Validate;
        check(self, &request)?;
        let ask = |target: Arc<Target>| {
            let request = request.clone();
            async move { self.inner.validate_at(&target, request).await }
        };
        match self.inner.decide(OPERATION, &request.code, request.activation.as_ref())? {
            Decision::Of(target, chosen_by) => {
                self.inner.note_request(&target, OPERATION, chosen_by);
                ask(target).await
            }
            Decision::Chain(candidates) if is_plain_read(&request) => self
                .inner
                .ask_chain(Capability::Validate, &candidates, &request.code, Meaning::of, ask)
                .await
                .into_answer(),
            Decision::Chain(candidates) => {
                match self.inner.call_recognised(OPERATION, &candidates, &request.code, ask).await {
                    Err(NotCalled::NotRecognised(validation)) => Ok(*validation),
                    answer => answer.map_err(|reason| reason.into_error(&self.inner, OPERATION)),
                }
            }
        }
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        const OPERATION: Operation = Operation::Activate;
        check(self, &request)?;
        if let (Some(import), Decision::Chain(candidates)) =
            (&self.inner.import, self.inner.decide(OPERATION, &request.code, None)?)
            && candidates.iter().any(|candidate| import.is_from(candidate))
        {
            let answer = self.inner.activate_importing(import, &candidates, request).await;
            return answer.map_err(|reason| reason.into_error(&self.inner, OPERATION));
        }
        let activate = |target: Arc<Target>| {
            let request = request.clone();
            async move { target.activate(request).await }
        };
        self.call_one(OPERATION, &request.code, None, activate).await
    }

    async fn renew(&self, request: RenewRequest) -> Result<Activation> {
        check(self, &request)?;
        let renew = |target: Arc<Target>| {
            let request = request.clone();
            async move { target.renew(request).await }
        };
        self.call_one(Operation::Renew, &request.code, Some(&request.activation), renew).await
    }

    fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        self.inner.verify_proof(proof, code)
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        const OPERATION: Operation = Operation::Deactivate;
        check(self, &request)?;
        match self.inner.decide(OPERATION, &request.code, Some(&request.activation))? {
            Decision::Of(target, chosen_by) => {
                self.inner.note_request(&target, OPERATION, chosen_by);
                target.deactivate(request).await
            }
            Decision::Chain(candidates) => {
                let deactivate = |target: Arc<Target>| {
                    let request = request.clone();
                    async move { target.deactivate(request).await }
                };
                let chain = self.inner.ask_chain(
                    Capability::Deactivate,
                    &candidates,
                    &request.code,
                    Meaning::of_release,
                    deactivate,
                );
                let answer = chain.await.into_answer();
                if Meaning::of_release(&answer) != Meaning::MayBeUnknown {
                    return answer;
                }
                self.without_activations(&request.code).await.map_or(answer, Err)
            }
        }
    }
}

impl Router {
    /// Calls the provider that has the key, for what takes or keeps a seat.
    async fn call_one<F>(
        &self,
        operation: Operation,
        code: &KeyCode,
        activation: Option<&ActivationId>,
        call: impl Fn(Arc<Target>) -> F + Send + Sync,
    ) -> Result<Activation>
    where
        F: Future<Output = Result<Activation>> + Send,
    {
        match self.inner.decide(operation, code, activation)? {
            Decision::Of(target, chosen_by) => {
                self.inner.note_request(&target, operation, chosen_by);
                call(target).await
            }
            Decision::Chain(candidates) => {
                let answer = self.inner.call_recognised(operation, &candidates, code, call).await;
                answer.map_err(|reason| reason.into_error(&self.inner, operation))
            }
        }
    }

    /// The error for a key of a vendor that has no activations to give back; `None` if no such vendor knows the code.
    async fn without_activations(&self, code: &KeyCode) -> Option<Error> {
        let needs = Capability::Deactivate;
        let lacking = self.inner.chain.iter().filter(|target| !target.capabilities().contains(needs));
        for target in lacking {
            self.inner.note_request(target, Operation::Validate, "chain");
            let answer = target.provider.validate(ValidateRequest::new(code.clone())).await;
            if matches!(Meaning::of(&answer), Meaning::Yes | Meaning::Refusal) {
                return Some(Error::unsupported(target.name().to_owned(), needs));
            }
        }
        None
    }

    /// The provider that the id of a key names, and the vendor's own id.
    fn at(&self, operation: Operation, id: &LicenseKeyId) -> Result<(&Target, LicenseKeyId)> {
        let (target, own) = self.inner.required_owner(operation, "key", id.as_str())?;
        self.inner.note_request(target, operation, "name");
        Ok((target, own.into()))
    }
}

/// Whether the request only reads, and says nothing that another vendor could stumble over.
fn is_plain_read(request: &ValidateRequest) -> bool {
    request.activation.is_none()
        && request.increment_usage == 0
        && request.conditions.is_empty()
        && !request.offline_proof
}

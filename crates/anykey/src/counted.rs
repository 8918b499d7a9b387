use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capabilities, CreateRequest, DeactivateRequest, KeyCode,
    KeyHint, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, OfflineProof, Operation,
    Page, ProvenLicense, RenewRequest, Result, ValidateRequest, Validation, async_trait,
};
use metrics::counter;

/// A provider whose calls are counted in `anykey_calls_total`, for the recorder of the crate `metrics` that the app has
/// installed. Without a recorder nothing happens.
///
/// The labels are `provider` (its name), `operation`, `result` (`success`, `refusal` or `failure`) and `reason`: of a
/// refusal the [`RefusalReason`](crate::RefusalReason), of a failure the [`ErrorKind`](crate::ErrorKind), each by its
/// stable name, and otherwise empty. A refusal is counted alike whether it comes as a verdict or as an error. No label
/// has a key, a customer or a credential.
///
/// [`Registry`](crate::Registry) wraps what it builds by itself; this is for a provider that was built in code.
///
/// ```
/// use anykey::metrics::Counted;
/// use anykey::{InMemoryProvider, KeyCode, LicenseProvider, Timestamp, ValidateRequest};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let provider = Counted::new(InMemoryProvider::new(Timestamp::now));
/// let request = ValidateRequest::new(KeyCode::parse("ACME-2A7F")?);
/// // Counts one with `result="refusal"` and `reason="unknown_key"`.
/// assert!(!provider.validate(request).await?.is_valid());
/// # Ok::<_, anykey::Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Counted<P>(P);

impl<P: LicenseProvider> Counted<P> {
    /// Counts the calls of `provider`.
    #[must_use]
    pub const fn new(provider: P) -> Self {
        Self(provider)
    }

    /// The provider itself.
    #[must_use]
    pub const fn inner(&self) -> &P {
        &self.0
    }

    /// Counts a call by what it came to.
    fn count<T>(&self, operation: Operation, answer: Result<T>) -> Result<T> {
        match &answer {
            Ok(_) => self.add(operation, "success", ""),
            Err(error) => match error.refusal() {
                Some(refusal) => self.add(operation, "refusal", refusal.reason.name()),
                None => self.add(operation, "failure", error.kind().name()),
            },
        }
        answer
    }

    fn add(&self, operation: Operation, result: &'static str, reason: &'static str) {
        counter!(
            "anykey_calls_total",
            "provider" => self.0.name().to_owned(),
            "operation" => operation.name(),
            "result" => result,
            "reason" => reason,
        )
        .increment(1);
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl<P: LicenseProvider> LicenseProvider for Counted<P> {
    fn vendor(&self) -> &str {
        self.0.vendor()
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    fn key_hint(&self, code: &KeyCode) -> Option<KeyHint> {
        self.0.key_hint(code)
    }

    fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        self.count(Operation::VerifyProof, self.0.verify_proof(proof, code))
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        self.count(Operation::List, self.0.list(query).await)
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.count(Operation::Get, self.0.get(id).await)
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        self.count(Operation::Create, self.0.create(request).await)
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.count(Operation::Update, self.0.update(id, patch).await)
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.count(Operation::Rotate, self.0.rotate(id).await)
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.count(Operation::Activations, self.0.activations(id).await)
    }

    async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        self.count(Operation::RenameActivation, self.0.rename_activation(id, label).await)
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        let answer = self.0.validate(request).await;
        match answer.as_ref().ok().and_then(Validation::refusal) {
            Some(refusal) => self.add(Operation::Validate, "refusal", refusal.reason.name()),
            None => return self.count(Operation::Validate, answer),
        }
        answer
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.count(Operation::Activate, self.0.activate(request).await)
    }

    async fn renew(&self, request: RenewRequest) -> Result<Activation> {
        self.count(Operation::Renew, self.0.renew(request).await)
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.count(Operation::Deactivate, self.0.deactivate(request).await)
    }
}

//! A vendor with faults on demand.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anykey_core::adapter::{ErrorExt as _, check};
use anykey_core::{
    ActivateRequest, Activation, Capabilities, Capability, CreateRequest, DeactivateRequest, Error,
    ErrorKind, InMemoryProvider, KeyCode, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider,
    LicenseStatus, ListQuery, ManualClock, OfflineProof, Operation, Page, ProvenLicense, Refusal,
    RefusalReason, RenewRequest, Result, SignedDuration, ValidateRequest, Validation, async_trait,
};

/// A fault of one call, or of all calls.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The request is not sent.
    Down(ErrorKind),
    /// The vendor answers with a rate limit.
    Throttled(Duration),
    /// The request takes effect, and the answer is lost.
    AnswerLost,
    /// The request is lost in transit.
    RequestLost,
    /// The vendor refuses.
    Refuses(RefusalReason),
    /// The vendor refuses in the words that it also has while it cannot read its records.
    RefusesInDoubt(RefusalReason),
}

/// An [`InMemoryProvider`] with faults, a log of calls, and selected capabilities.
#[derive(Clone, Debug)]
pub(crate) struct Vendor {
    pub(crate) memory: InMemoryProvider,
    state: Arc<Mutex<State>>,
    capabilities: Capabilities,
    hides_keys: bool,
    hides_time: bool,
    proves_another_seat: bool,
    vendor: &'static str,
    name: &'static str,
}

#[derive(Debug, Default)]
struct State {
    next: VecDeque<(Operation, Fault)>,
    fault: Option<Fault>,
    calls: Vec<Operation>,
    labels: Vec<String>,
    status: Option<LicenseStatus>,
}

impl Vendor {
    /// A vendor with all capabilities but those that few vendors have: it recognises no installation and gives no
    /// offline proof.
    pub(crate) fn new(clock: &ManualClock) -> Self {
        Self::over(InMemoryProvider::with_clock(clock.clone()))
    }

    pub(crate) fn over(memory: InMemoryProvider) -> Self {
        let name = InMemoryProvider::NAME;
        Self {
            memory,
            state: Arc::default(),
            capabilities: Capabilities::all()
                .without(Capability::OneSeatPerInstallation)
                .without(Capability::OfflineProof),
            hides_keys: false,
            hides_time: false,
            proves_another_seat: false,
            vendor: name,
            name,
        }
    }

    /// The vendor's device plane: no list of activations, and no key in the answers.
    pub(crate) fn device_plane(mut self) -> Self {
        self.capabilities = Capabilities::of(&[
            Capability::Validate,
            Capability::ValidateWithoutSeat,
            Capability::Activate,
            Capability::Deactivate,
        ]);
        self.hides_keys = true;
        self
    }

    /// The same vendor, which validates a key only with a seat.
    pub(crate) fn validating_seats_only(mut self) -> Self {
        self.capabilities = self.capabilities.without(Capability::ValidateWithoutSeat);
        self
    }

    /// The same vendor, which gives offline proofs.
    pub(crate) fn giving_proofs(mut self) -> Self {
        self.capabilities = self.capabilities.union(Capabilities::of(&[Capability::OfflineProof]));
        self
    }

    /// The same vendor, whose proofs are of another device's seat.
    pub(crate) fn proving_another_seat(mut self) -> Self {
        self.proves_another_seat = true;
        self.giving_proofs()
    }

    /// The same vendor; a seat of its keys ends after `lifetime` unless it is renewed.
    pub(crate) fn with_seat_lifetime(mut self, lifetime: SignedDuration) -> Self {
        self.memory = self.memory.with_seat_lifetime(lifetime);
        self.capabilities = self.capabilities.union(Capabilities::of(&[Capability::Renew]));
        self
    }

    /// The same vendor, which recognises an installation that activates again.
    pub(crate) fn recognising_installations(mut self) -> Self {
        self.capabilities = self.capabilities.union(Capabilities::of(&[Capability::OneSeatPerInstallation]));
        self
    }

    /// The same vendor, with the key in its answers.
    pub(crate) fn reporting_keys(mut self) -> Self {
        self.hides_keys = false;
        self
    }

    /// The same vendor, without the time of its answers.
    pub(crate) fn without_time(mut self) -> Self {
        self.hides_time = true;
        self
    }

    /// The same implementation, as another vendor.
    pub(crate) fn of_vendor(mut self, vendor: &'static str) -> Self {
        (self.vendor, self.name) = (vendor, vendor);
        self
    }

    /// The same vendor, under another name in the configuration.
    pub(crate) fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    pub(crate) fn without(mut self, capability: Capability) -> Self {
        self.capabilities = self.capabilities.without(capability);
        self
    }

    pub(crate) fn issue(&self, code: &str, limit: Option<u64>) -> LicenseKey {
        let mut request = CreateRequest::new(self::code(code), "cus_1", "pdt_1");
        if let Some(limit) = limit {
            request = request.activation_limit(limit);
        }
        self.memory.insert(request).unwrap()
    }

    /// Adds a fault for the next call of `operation` that has none.
    pub(crate) fn fail_on(&self, operation: Operation, fault: Fault) {
        self.state.lock().unwrap().next.push_back((operation, fault));
    }

    /// Activations succeed, with a key of this status in the answer.
    pub(crate) fn answer_with_status(&self, status: LicenseStatus) {
        self.state.lock().unwrap().status = Some(status);
    }

    /// Sets the fault of all calls; `None` ends it.
    pub(crate) fn set_fault(&self, fault: Option<Fault>) {
        self.state.lock().unwrap().fault = fault;
    }

    pub(crate) fn calls(&self, operation: Operation) -> usize {
        self.state.lock().unwrap().calls.iter().filter(|call| **call == operation).count()
    }

    pub(crate) fn all_calls(&self) -> usize {
        self.state.lock().unwrap().calls.len()
    }

    /// The labels that devices asked for, in order.
    pub(crate) fn labels(&self) -> Vec<String> {
        self.state.lock().unwrap().labels.clone()
    }

    pub(crate) async fn seats(&self, key: &LicenseKey) -> Vec<Activation> {
        self.memory.activations(&key.id).await.unwrap()
    }

    fn called(&self, operation: Operation) -> Option<Fault> {
        let mut state = self.state.lock().unwrap();
        state.calls.push(operation);
        let planned = state.next.iter().position(|(planned, _)| *planned == operation);
        match planned.and_then(|index| state.next.remove(index)) {
            Some((_, fault)) => Some(fault),
            None => state.fault.clone(),
        }
    }

    async fn call<T>(&self, operation: Operation, work: impl Future<Output = Result<T>> + Send) -> Result<T> {
        let error = |kind| Error::new(kind, "simulated").with_provider("memory").with_operation(operation);
        let changes = matches!(operation, Operation::Activate | Operation::Deactivate);
        match self.called(operation) {
            None => work.await,
            Some(Fault::Down(kind)) => Err(error(kind)),
            Some(Fault::Throttled(wait)) => Err(error(ErrorKind::RateLimited).with_retry_after(wait)),
            Some(Fault::AnswerLost) => {
                work.await?;
                Err(error(ErrorKind::Timeout).with_may_have_taken_effect(changes))
            }
            Some(Fault::RequestLost) => Err(error(ErrorKind::Timeout).with_may_have_taken_effect(changes)),
            Some(Fault::Refuses(reason)) => Err(Error::refused(Refusal::new(reason))),
            Some(Fault::RefusesInDoubt(reason)) => Err(Error::refused(Refusal::new(reason).doubtful())),
        }
    }
}

pub(crate) fn code(text: &str) -> KeyCode {
    KeyCode::parse(text).unwrap()
}

#[async_trait]
impl LicenseProvider for Vendor {
    fn vendor(&self) -> &str {
        self.vendor
    }

    fn name(&self) -> &str {
        self.name
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        check(self, &Capability::List)?;
        self.call(Operation::List, self.memory.list(query)).await
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.memory.update(id, patch).await
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.memory.rotate(id).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        check(self, &Capability::Activations)?;
        self.call(Operation::Activations, self.memory.activations(id)).await
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        let validated = self.call(Operation::Validate, self.memory.validate(request)).await;
        let mut validation = match validated {
            Err(error) if error.refusal().is_some() => {
                return Ok(Validation::refused(error.refusal().unwrap().clone()));
            }
            other => other?,
        };
        if self.hides_keys {
            validation.key = None;
        }
        if self.hides_time {
            validation.answered_at = None;
        }
        Ok(validation)
    }

    fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        let mut proven = self.memory.verify_proof(proof, code)?;
        if self.proves_another_seat {
            proven.activation = Some("another_seat".into());
        }
        Ok(proven)
    }

    async fn renew(&self, request: RenewRequest) -> Result<Activation> {
        self.call(Operation::Renew, self.memory.renew(request)).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.state.lock().unwrap().labels.push(request.label.clone());
        let mut activation = self.call(Operation::Activate, self.memory.activate(request)).await?;
        if self.hides_keys {
            activation.key = None;
        }
        if self.hides_time {
            activation.answered_at = None;
        }
        if let (Some(status), Some(key)) = (&self.state.lock().unwrap().status, &mut activation.key) {
            key.status = status.clone();
        }
        Ok(activation)
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.call(Operation::Deactivate, self.memory.deactivate(request)).await
    }
}

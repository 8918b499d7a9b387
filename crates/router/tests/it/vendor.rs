//! A vendor in memory that counts what it is asked.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use anykey_core::adapter::{ErrorExt as _, Named};
use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capabilities, Capability, CreateRequest, DeactivateRequest,
    Error, ErrorKind, InMemoryProvider, KeyCode, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider,
    LicenseProviderExt, ListQuery, ManualClock, OfflineProof, Operation, Page, ProvenLicense, Refusal,
    RefusalReason, RenewRequest, Result, Timestamp, ValidateRequest, Validation, async_trait,
};

#[derive(Clone, Debug)]
pub(crate) struct Vendor {
    pub(crate) memory: Named<InMemoryProvider>,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    asked: Mutex<Vec<Operation>>,
    is_down: AtomicBool,
    is_vague: AtomicBool,
    is_doubtful: AtomicBool,
    without_totals: AtomicBool,
    finds_ids_invalid: AtomicBool,
    is_blind: AtomicBool,
    knows_no_key: AtomicBool,
    names_no_time: AtomicBool,
    creations: Mutex<VecDeque<Creation>>,
}

/// What happens to a request that creates a key.
#[derive(Clone, Debug)]
pub(crate) enum Creation {
    /// Its answer is lost, before or after the work.
    Lost { is_done: bool },
    /// It fails, and nothing was done.
    Fails(ErrorKind),
    /// Another key with its code is created just before it.
    ComesSecond(CreateRequest),
}

impl Vendor {
    pub(crate) fn new(name: &'static str) -> Self {
        Self::lacking(name, &[])
    }

    pub(crate) fn lacking(name: &'static str, capabilities: &[Capability]) -> Self {
        let memory = InMemoryProvider::with_clock(ManualClock::at(Timestamp::UNIX_EPOCH));
        let memory = capabilities.iter().fold(memory, |memory, one| memory.without(*one));
        Self { memory: Named::new(name, memory), state: Arc::default() }
    }

    pub(crate) fn issue(&self, code: &str) -> LicenseKey {
        self.insert(CreateRequest::new(KeyCode::parse(code).unwrap(), "cus_1", "pdt_1"))
    }

    pub(crate) fn insert(&self, request: CreateRequest) -> LicenseKey {
        let mut key = self.memory.inner().insert(request).unwrap();
        key.provider = self.memory.name().to_owned().into();
        key
    }

    pub(crate) async fn issue_disabled(&self, code: &str) {
        self.memory.disable(&self.issue(code).id).await.unwrap();
    }

    /// It answers nothing from now on.
    pub(crate) fn set_down(&self, is_down: bool) {
        self.state.is_down.store(is_down, Ordering::Relaxed);
    }

    /// It looks at activations only from now on, and finds an unknown key's activation unknown.
    pub(crate) fn set_blind(&self) {
        self.state.is_blind.store(true, Ordering::Relaxed);
    }

    /// Its validation refuses without a reason from now on.
    pub(crate) fn set_vague(&self) {
        self.state.is_vague.store(true, Ordering::Relaxed);
    }

    /// It cannot tell an unknown key from an outage of its records from now on.
    pub(crate) fn set_doubtful(&self) {
        self.state.is_doubtful.store(true, Ordering::Relaxed);
    }

    /// No id of an activation has the form of its own from now on.
    pub(crate) fn refuse_ids_as_invalid(&self) {
        self.state.finds_ids_invalid.store(true, Ordering::Relaxed);
    }

    /// It recognises no key from now on, although it has it.
    pub(crate) fn recognise_no_key(&self) {
        self.state.knows_no_key.store(true, Ordering::Relaxed);
    }

    /// Its answers do not say when they were given from now on.
    pub(crate) fn name_no_time(&self) {
        self.state.names_no_time.store(true, Ordering::Relaxed);
    }

    /// What happens to the next requests that create keys, in order.
    pub(crate) fn create_next(&self, creations: impl IntoIterator<Item = Creation>) {
        self.state.creations.lock().unwrap().extend(creations);
    }

    /// All its keys.
    pub(crate) async fn keys(&self) -> Vec<LicenseKey> {
        self.memory.list(ListQuery::new()).await.unwrap().items
    }

    /// Its listing reports no total from now on.
    pub(crate) fn report_no_totals(&self) {
        self.state.without_totals.store(true, Ordering::Relaxed);
    }

    /// What it was asked since the last call.
    pub(crate) fn asked(&self) -> Vec<Operation> {
        std::mem::take(&mut *self.state.asked.lock().unwrap())
    }

    pub(crate) async fn seats(&self, id: &LicenseKeyId) -> usize {
        self.memory.activations(id).await.unwrap().len()
    }

    fn answer(&self, operation: Operation) -> Result<&Named<InMemoryProvider>> {
        self.state.asked.lock().unwrap().push(operation);
        if self.state.is_down.load(Ordering::Relaxed) {
            let error = Error::new(ErrorKind::Unavailable, "down for maintenance");
            return Err(error.with_provider(self.memory.name().to_owned()).with_operation(operation));
        }
        Ok(&self.memory)
    }
}

#[async_trait]
impl LicenseProvider for Vendor {
    fn vendor(&self) -> &str {
        self.memory.vendor()
    }

    fn name(&self) -> &str {
        self.memory.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.memory.capabilities()
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        let mut page = self.answer(Operation::List)?.list(query).await?;
        if self.state.without_totals.load(Ordering::Relaxed) {
            page.total = None;
        }
        Ok(page)
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.answer(Operation::Get)?.get(id).await
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        let memory = self.answer(Operation::Create)?;
        // Another task gets a turn, as at a real vendor.
        tokio::task::yield_now().await;
        let creation = self.state.creations.lock().unwrap().pop_front();
        let lost = || Error::new(ErrorKind::Unavailable, "reset").with_may_have_taken_effect(true);
        match creation {
            None => memory.create(request).await,
            Some(Creation::Lost { is_done: false }) => Err(lost()),
            Some(Creation::Lost { is_done: true }) => {
                memory.create(request).await?;
                Err(lost())
            }
            Some(Creation::Fails(kind)) => Err(Error::new(kind, "no")),
            Some(Creation::ComesSecond(other)) => {
                memory.inner().insert(other)?;
                memory.create(request).await
            }
        }
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.answer(Operation::Update)?.update(id, patch).await
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.answer(Operation::Rotate)?.rotate(id).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.answer(Operation::Activations)?.activations(id).await
    }

    async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        self.answer(Operation::RenameActivation)?.rename_activation(id, label).await
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        if self.state.knows_no_key.load(Ordering::Relaxed) {
            self.answer(Operation::Validate)?;
            return Ok(Validation::refused(Refusal::new(RefusalReason::UnknownKey)));
        }
        let is_about_a_seat = request.activation.is_some();
        let mut validation = self.answer(Operation::Validate)?.validate(request).await?;
        if self.state.names_no_time.load(Ordering::Relaxed) {
            validation.answered_at = None;
        }
        let is_blind = self.state.is_blind.load(Ordering::Relaxed) && is_about_a_seat;
        if !validation.is_valid() && is_blind {
            return Ok(Validation::refused(Refusal::new(RefusalReason::UnknownActivation)));
        }
        if !validation.is_valid() && self.state.is_vague.load(Ordering::Relaxed) {
            return Ok(Validation::refused(Refusal::new(RefusalReason::Unspecified)));
        }
        if !validation.is_valid() && self.state.is_doubtful.load(Ordering::Relaxed) {
            return Ok(Validation::refused(Refusal::new(RefusalReason::UnknownKey).doubtful()));
        }
        Ok(validation)
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.answer(Operation::Activate)?.activate(request).await
    }

    async fn renew(&self, request: RenewRequest) -> Result<Activation> {
        self.answer(Operation::Renew)?.renew(request).await
    }

    fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        self.memory.verify_proof(proof, code)
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        let memory = self.answer(Operation::Deactivate)?;
        if self.state.finds_ids_invalid.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::InvalidRequest, "this is no activation id"));
        }
        match memory.deactivate(request).await {
            Err(_) if self.state.is_blind.load(Ordering::Relaxed) => {
                Err(Error::refused(Refusal::new(RefusalReason::UnknownActivation)).with_provider("main"))
            }
            answer => answer,
        }
    }
}

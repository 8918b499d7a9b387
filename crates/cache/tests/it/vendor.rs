//! A vendor in memory that counts validations, and delays or fails answers on demand.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use anykey_core::{
    ActivateRequest, Activation, Capabilities, CreateRequest, DeactivateRequest, Error, InMemoryProvider,
    LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, Page, Result, ValidateRequest,
    Validation, async_trait,
};
use tokio::sync::watch;

#[derive(Clone, Debug)]
pub(crate) struct Vendor {
    pub(crate) memory: InMemoryProvider,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    sent: AtomicU64,
    hides_keys: AtomicBool,
    open: watch::Sender<bool>,
    fault: Mutex<Option<Fault>>,
}

/// A fault of all calls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Fails(fn() -> Error),
    /// The call takes effect, and the answer is lost.
    LostAnswer(fn() -> Error),
    Panics,
}

impl Vendor {
    pub(crate) fn over(memory: InMemoryProvider) -> Self {
        let state = State {
            sent: AtomicU64::new(0),
            hides_keys: AtomicBool::new(false),
            open: watch::Sender::new(true),
            fault: Mutex::new(None),
        };
        Self { memory, state: Arc::new(state) }
    }

    /// The number of validations.
    pub(crate) fn sent(&self) -> u64 {
        self.state.sent.load(Ordering::SeqCst)
    }

    /// Answers without the key from now on, like Dodo.
    pub(crate) fn hide_keys(&self) {
        self.state.hides_keys.store(true, Ordering::SeqCst);
    }

    /// Processes calls from now on, but holds their answers until [`resume`](Self::resume).
    pub(crate) fn hold(&self) {
        self.state.open.send_replace(false);
    }

    pub(crate) fn resume(&self) {
        self.state.open.send_replace(true);
    }

    pub(crate) fn set_fault(&self, fault: impl Into<Option<Fault>>) {
        *self.state.fault.lock().unwrap() = fault.into();
    }

    async fn answer<T>(&self, work: impl Future<Output = Result<T>> + Send) -> Result<T> {
        let fault = *self.state.fault.lock().unwrap();
        let answer = match fault {
            Some(Fault::Fails(error)) => Err(error()),
            Some(Fault::LostAnswer(error)) => work.await.and_then(|_| Err(error())),
            Some(Fault::Panics) | None => work.await,
        };
        self.state.open.subscribe().wait_for(|open| *open).await.unwrap();
        assert!(!matches!(fault, Some(Fault::Panics)), "simulated panic");
        answer
    }
}

#[async_trait]
impl LicenseProvider for Vendor {
    fn vendor(&self) -> &str {
        self.memory.vendor()
    }

    fn capabilities(&self) -> Capabilities {
        self.memory.capabilities()
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        self.memory.list(query).await
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.memory.get(id).await
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        self.answer(self.memory.create(request)).await
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.answer(self.memory.update(id, patch)).await
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.answer(self.memory.rotate(id)).await
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.state.sent.fetch_add(1, Ordering::SeqCst);
        let mut answer = self.answer(self.memory.validate(request)).await?;
        if self.state.hides_keys.load(Ordering::SeqCst) {
            answer.key = None;
            answer.activation = None;
        }
        Ok(answer)
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.answer(self.memory.activate(request)).await
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.answer(self.memory.deactivate(request)).await
    }
}

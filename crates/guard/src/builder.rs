//! The options of a guard.

use std::fmt;
use std::sync::Arc;

use anykey_core::{Clock, LicenseProvider};

use crate::inner::{Inner, Parts};
use crate::providers::Providers;
use crate::stored::Stored;
use crate::{Guard, Policy, Result, RevisionCounter, Store, clock};

/// A builder for a [`Guard`], created by [`Guard::builder`] or [`GuardConfig::builder`](crate::GuardConfig::builder).
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::{InMemoryProvider, SignedDuration, Timestamp};
/// use anykey_guard::{Guard, Installation, MemoryStore, OfflineGrace, Policy};
///
/// let store = MemoryStore::new(Installation::from_identity("com.example.studio", "machine-1")?);
/// let guard = Guard::builder(store, Arc::new(InMemoryProvider::new(Timestamp::now)))
///     .policy(Policy::default().offline_grace(OfflineGrace::days(30)))
///     .device("studio-mac")
///     .open()?;
/// assert!(!guard.access().is_allowed());
/// # Ok::<_, anykey_guard::GuardError>(())
/// ```
///
/// To test grace, pass a clock that the test controls. `faketime` has no effect on the system calls that the guard
/// uses.
///
/// ```
/// # use std::sync::Arc;
/// # use anykey_core::{CreateRequest, InMemoryProvider, KeyCode};
/// use anykey_core::{ManualClock, SignedDuration, Timestamp};
/// use anykey_guard::{AccessState, Guard, Installation, MemoryStore};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let clock = ManualClock::at("2027-03-01T09:00:00Z".parse::<Timestamp>()?);
/// # let vendor = InMemoryProvider::with_clock(clock.clone());
/// # let code = KeyCode::parse("AAAA-BBBB")?;
/// # vendor.insert(CreateRequest::new(code.clone(), "cus_1", "pdt_1"))?;
/// # let store = MemoryStore::new(Installation::from_identity("com.example.studio", "machine-1")?);
/// let guard = Guard::builder(store, Arc::new(vendor)).clock(clock.clone()).open()?;
/// guard.activate(code).await?;
///
/// clock.advance(SignedDuration::from_hours(3 * 24));
/// assert!(matches!(guard.access().state, AccessState::Grace { .. }));
/// clock.advance(SignedDuration::from_hours(13 * 24));
/// assert!(matches!(guard.access().state, AccessState::NeedsCheck { .. }));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[must_use = "a builder does nothing until `open` is called"]
pub struct GuardBuilder {
    store: Arc<dyn Store>,
    provider: Arc<dyn LicenseProvider>,
    former: Vec<Arc<dyn LicenseProvider>>,
    counter: Option<Arc<dyn RevisionCounter>>,
    policy: Policy,
    clock: Option<Clock>,
    device: Box<str>,
    discard_unreadable: bool,
}

impl GuardBuilder {
    pub(crate) fn new(store: Arc<dyn Store>, provider: Arc<dyn LicenseProvider>) -> Self {
        Self {
            store,
            provider,
            former: Vec::new(),
            counter: None,
            policy: Policy::default(),
            clock: None,
            device: std::env::consts::OS.into(),
            discard_unreadable: false,
        }
    }

    /// Sets the policy. Default: [`Policy::default`].
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Adds a provider through which the app was sold before. Seats taken there are checked and released there, until
    /// the customer enters a key of the current provider. Without it, such a seat stays valid for the policy's grace.
    /// Can be called several times.
    pub fn former_provider(mut self, provider: Arc<dyn LicenseProvider>) -> Self {
        self.former.push(provider);
        self
    }

    /// Counts the writes of the record in `counter`, which is stored apart from the record. If somebody restores an
    /// older record together with the clock, the guard detects it and uses the record only after the vendor's next
    /// answer. Default: no counter.
    ///
    /// After a genuine restore of the disk from a backup, that answer is needed too.
    pub fn revision_counter(mut self, counter: impl RevisionCounter) -> Self {
        self.counter = Some(Arc::new(counter));
        self
    }

    /// Sets the machine's name in the activation's label, which the seller and the customer can see. Default: the
    /// name of the operating system. A host name is often a person's name: ask before you send one.
    pub fn device(mut self, name: impl Into<Box<str>>) -> Self {
        self.device = name.into();
        self
    }

    /// Sets the clock. Default: the system clock.
    pub fn clock(mut self, clock: impl Into<Clock>) -> Self {
        self.clock = Some(clock.into());
        self
    }

    /// Whether to start as not activated, instead of as [`NeedsCheck`](crate::AccessState::NeedsCheck), when neither
    /// the record nor its copy can be read. The unreadable record is [moved aside](Store::set_aside), not deleted.
    /// Default: false.
    ///
    /// The user can enter the key again without this, except when a newer version of the app wrote the record. Unless
    /// the provider can list activations, the next activation takes another seat.
    pub fn discard_unreadable(mut self, discard: bool) -> Self {
        self.discard_unreadable = discard;
        self
    }

    /// Opens the guard. Reads the record from the store; sends nothing.
    ///
    /// # Errors
    ///
    /// The errors of [`Guard::open`].
    pub fn open(self) -> Result<Guard> {
        let parts = Parts {
            stored: Stored { store: self.store, counter: self.counter },
            providers: Providers::new(self.provider, self.former),
            policy: self.policy,
            clock: self.clock.unwrap_or_else(clock::wall),
            device: self.device,
            discard_unreadable: self.discard_unreadable,
        };
        Ok(Guard::from_inner(Inner::open(parts)))
    }
}

impl fmt::Debug for GuardBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardBuilder")
            .field("store", &self.store)
            .field("provider", &self.provider)
            .field("former", &self.former)
            .field("policy", &self.policy)
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

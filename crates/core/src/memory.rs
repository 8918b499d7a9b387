use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::adapter::{PageTokenExt as _, Paging, check};
use crate::{
    ActivateRequest, Activation, ActivationId, Capabilities, Capability, Clock, CreateRequest, CustomerId,
    CustomerRef, DeactivateRequest, Environment, KeyCode, LicenseKey, LicenseKeyId, LicensePatch,
    LicenseProvider, ListQuery, OfflineProof, Page, PageToken, ProvenLicense, RenewRequest, Result,
    SignedDuration, ValidateRequest, Validation,
};

mod proofs;
mod record;
mod rules;
mod store;

use store::Store;

/// A vendor in memory that can do everything: the embedded default, the backend of the examples in these
/// docs, and the executable specification of [`LicenseProvider`].
///
/// Its offline proofs last one day.
///
/// Clones share the keys. Time comes from the clock that it is given. The order of the checks is Polar's:
/// unknown key, environment, status, expiry, activation, conditions, product, customer, usage.
///
/// ```
/// use anykey_core::{
///     ActivateRequest, CreateRequest, InMemoryProvider, KeyCode, LicenseProvider, RefusalReason, Timestamp,
/// };
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let provider = InMemoryProvider::new(Timestamp::now);
/// let code = KeyCode::parse("AAAA-BBBB")?;
/// provider.create(CreateRequest::new(code.clone(), "cus_1", "pdt_1").activation_limit(1)).await?;
///
/// provider.activate(ActivateRequest::new(code.clone(), "laptop")).await?;
/// let refused = provider.activate(ActivateRequest::new(code, "phone")).await.unwrap_err();
/// assert_eq!(refused.refusal().unwrap().reason, RefusalReason::ActivationLimitReached);
/// # Ok::<_, anykey_core::Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct InMemoryProvider {
    store: Arc<Mutex<Store>>,
    clock: Clock,
    environment: Option<Environment>,
    seat_lifetime: Option<SignedDuration>,
    capabilities: Capabilities,
}

impl InMemoryProvider {
    /// The name that it goes by: `memory`.
    pub const NAME: &'static str = "memory";

    const MAX_PAGE_SIZE: u32 = 100;

    /// A vendor without keys that reads the time from `now`; `Timestamp::now` is the wall clock.
    pub fn new(now: impl Fn() -> jiff::Timestamp + Send + Sync + 'static) -> Self {
        Self::with_clock(Clock::new(now))
    }

    /// A vendor without keys on `clock`.
    pub fn with_clock(clock: impl Into<Clock>) -> Self {
        Self {
            store: Arc::default(),
            clock: clock.into(),
            environment: None,
            seat_lifetime: None,
            capabilities: Capabilities::all(),
        }
    }

    /// The same vendor, used by a provider that is set to `environment`: the keys that it creates are of that one, and
    /// those of the other are refused on the device plane with
    /// [`WrongEnvironment`](crate::RefusalReason::WrongEnvironment).
    ///
    /// Without it, keys do not say which environment they are of, and every key is taken.
    ///
    /// ```
    /// use anykey_core::{
    ///     CreateRequest, Environment, InMemoryProvider, KeyCode, LicenseProvider, RefusalReason, Timestamp,
    ///     ValidateRequest,
    /// };
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let sandbox = InMemoryProvider::new(Timestamp::now).in_environment(Environment::Sandbox);
    /// let live = sandbox.clone().in_environment(Environment::Live);
    /// let code = KeyCode::parse("BOUGHT-WITH-A-TEST-CARD")?;
    /// sandbox.create(CreateRequest::new(code.clone(), "cus_1", "pdt_1")).await?;
    ///
    /// let validation = live.validate(ValidateRequest::new(code)).await?;
    /// assert_eq!(validation.refusal().unwrap().reason, RefusalReason::WrongEnvironment);
    /// # Ok::<_, anykey_core::Error>(())
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub fn in_environment(mut self, environment: Environment) -> Self {
        self.environment = Some(environment);
        self
    }

    /// The same vendor; a seat of the keys that it creates from now on ends after `lifetime` unless it is
    /// [renewed](LicenseProvider::renew). It is free for another device then, and refused with
    /// [`SeatExpired`](crate::RefusalReason::SeatExpired).
    ///
    /// ```
    /// use anykey_core::{
    ///     ActivateRequest, CreateRequest, InMemoryProvider, KeyCode, LicenseProvider, ManualClock, RefusalReason,
    ///     RenewRequest, SignedDuration, Timestamp, ValidateRequest,
    /// };
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
    /// let provider =
    ///     InMemoryProvider::with_clock(clock.clone()).with_seat_lifetime(SignedDuration::from_mins(10));
    /// let code = KeyCode::parse("AAAA-BBBB")?;
    /// provider.create(CreateRequest::new(code.clone(), "cus_1", "pdt_1")).await?;
    /// let seat = provider.activate(ActivateRequest::new(code.clone(), "laptop")).await?.id;
    ///
    /// clock.advance(SignedDuration::from_mins(8));
    /// let renewed = provider.renew(RenewRequest::new(code.clone(), seat.clone())).await?;
    /// assert_eq!(renewed.expires_at, Some("1970-01-01T00:18:00Z".parse().unwrap()));
    ///
    /// clock.advance(SignedDuration::from_mins(10));
    /// let validation = provider.validate(ValidateRequest::new(code).activation(seat)).await?;
    /// assert_eq!(validation.refusal().unwrap().reason, RefusalReason::SeatExpired);
    /// # Ok::<_, anykey_core::Error>(())
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub const fn with_seat_lifetime(mut self, lifetime: SignedDuration) -> Self {
        self.seat_lifetime = Some(lifetime);
        self
    }

    /// The same vendor, used by a provider that cannot do `capability`: what needs it is
    /// [`Unsupported`](crate::ErrorKind::Unsupported). For tests of apps on vendors that can do less.
    ///
    /// ```
    /// use anykey_core::{Capability, InMemoryProvider, LicenseProvider, ListQuery, Timestamp};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let provider = InMemoryProvider::new(Timestamp::now).without(Capability::ListAll);
    /// assert!(provider.list(ListQuery::new()).await.is_err());
    /// assert!(provider.list(ListQuery::new().customer("cus_1")).await.is_ok());
    /// # });
    /// ```
    #[must_use]
    pub fn without(mut self, capability: Capability) -> Self {
        self.capabilities = self.capabilities.without(capability);
        self
    }

    /// Creates a key, as [`create`](LicenseProvider::create) does, without awaiting.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Conflict`](crate::ErrorKind::Conflict) when the code exists already.
    pub fn insert(&self, request: CreateRequest) -> Result<LicenseKey> {
        self.store().create(request, self.environment, self.seat_lifetime, self.clock.now())
    }

    /// Lets the keys of `customer` be listed by an e-mail address or an external id too. Customers may have several of
    /// them, and share them.
    ///
    /// ```
    /// use anykey_core::{CreateRequest, EmailAddress, InMemoryProvider, KeyCode, LicenseProvider, ListQuery, Timestamp};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let provider = InMemoryProvider::new(Timestamp::now);
    /// provider.insert(CreateRequest::new(KeyCode::parse("AAAA-BBBB")?, "cus_1", "pdt_1"))?;
    /// provider.insert_customer("cus_1", EmailAddress::parse("ada@example.com")?);
    ///
    /// let found = provider.list(ListQuery::new().customer(EmailAddress::parse("Ada@example.com")?)).await?;
    /// assert_eq!(found.items.len(), 1);
    /// # Ok::<_, anykey_core::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn insert_customer(&self, customer: impl Into<CustomerId>, reference: impl Into<CustomerRef>) {
        self.store().refer(customer.into(), reference.into());
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for InMemoryProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InMemoryProvider").field("keys", &self.store().len()).finish_non_exhaustive()
    }
}

#[async_trait]
impl LicenseProvider for InMemoryProvider {
    fn vendor(&self) -> &str {
        Self::NAME
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        check(self, &Capability::OfflineProof)?;
        self.store().proofs.verify(proof, code)
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        check(self, &query)?;
        let paging = Paging::new(&query, Self::MAX_PAGE_SIZE);
        let (page, size) = match &query.page {
            Some(token) => token.as_numbered(Self::NAME)?,
            None => (0, paging.page_size()),
        };
        let size = size.min(Self::MAX_PAGE_SIZE);
        let (items, total) = self.store().page(&query, page, size, self.clock.now());
        let shown = page.saturating_add(1).saturating_mul(u64::from(size));
        if shown >= total {
            return Ok(Page::last(items).with_total(total));
        }
        let token = |(page, size)| PageToken::numbered(Self::NAME, page, size);
        let overlap = paging.overlap(page, size).map(token);
        let ahead = paging.pages_after(page, size, Some(total)).map(token);
        let items = Page::last(items).with_next(token((page + 1, size))).with_overlap(overlap);
        Ok(items.with_ahead(ahead).with_total(total))
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        check(self, &Capability::Get)?;
        self.store().get(id, self.clock.now())
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        check(self, &request)?;
        self.insert(request)
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        check(self, &patch)?;
        self.store().update(id, &patch, self.clock.now())
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        check(self, &Capability::Rotate)?;
        self.store().rotate(id, self.clock.now())
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        check(self, &Capability::Activations)?;
        self.store().activations(id, self.clock.now())
    }

    async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        check(self, &Capability::RenameActivation)?;
        self.store().rename_activation(id, label)
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        check(self, &request)?;
        Ok(self.store().validate(&request, self.environment, self.clock.now()))
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        check(self, &request)?;
        self.store().activate(request, self.environment, self.clock.now())
    }

    async fn renew(&self, request: RenewRequest) -> Result<Activation> {
        check(self, &request)?;
        self.store().renew(&request, self.environment, self.clock.now())
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        check(self, &request)?;
        self.store().deactivate(&request)
    }
}

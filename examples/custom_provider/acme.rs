//! The vendor and its provider.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey::adapter::{
    BuildContext, ErrorExt as _, PageTokenExt as _, Paging, ProviderSettings, Vendor, check,
};
use anykey::{
    ActivateRequest, Activation, ActivationId, ActivationLimit, ActivationUse, Capabilities, Capability,
    DeactivateRequest, Error, ErrorKind, Expiry, KeyCode, LicenseKey, LicenseKeyId, LicenseProvider,
    LicenseStatus, ListQuery, Operation, Page, PageToken, ProductId, Refusal, RefusalReason, Result,
    ValidateRequest, Validation, async_trait,
};
use serde::Deserialize;

pub(crate) const VENDOR: Vendor = Vendor::new(NAME, "Acme Licensing", build);

const NAME: &str = "acme";
const PAGE_SIZE: u32 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AcmeConfig {
    product: String,
    seats: u64,
    codes: Vec<String>,
}

fn build(settings: &ProviderSettings, _: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
    let config: AcmeConfig = settings.read()?;
    let provider = AcmeProvider::default();
    for code in &config.codes {
        provider.sell(KeyCode::parse(code)?, config.product.as_str().into(), config.seats);
    }
    Ok(Arc::new(provider))
}

/// Codes and their activations.
#[derive(Clone, Debug, Default)]
pub(crate) struct AcmeProvider(Arc<Mutex<Vec<Sold>>>);

#[derive(Debug)]
struct Sold {
    code: KeyCode,
    product: ProductId,
    seats: u64,
    taken: Vec<Activation>,
    ever_taken: u64,
}

impl AcmeProvider {
    /// Sells one more code.
    pub(crate) fn sell(&self, code: KeyCode, product: ProductId, seats: u64) -> LicenseKeyId {
        let mut sold = self.sold();
        sold.push(Sold { code, product, seats, taken: Vec::new(), ever_taken: 0 });
        id(sold.len() - 1)
    }

    fn sold(&self) -> MutexGuard<'_, Vec<Sold>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sold {
    fn key(&self, number: usize) -> LicenseKey {
        let mut key = LicenseKey::new(NAME, id(number), self.code.clone(), LicenseStatus::Active);
        key.expiry = Expiry::Never;
        key.product = Some(self.product.clone());
        let used = u64::try_from(self.taken.len()).ok();
        key.activations = ActivationUse { used, limit: ActivationLimit::AtMost(self.seats) };
        key
    }
}

#[async_trait]
impl LicenseProvider for AcmeProvider {
    fn vendor(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[
            Capability::List,
            Capability::ListAll,
            Capability::Get,
            Capability::Activations,
            Capability::Validate,
            Capability::ValidateWithoutSeat,
            Capability::Activate,
            Capability::Deactivate,
        ])
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        check(self, &query)?;
        let (page, size) = match &query.page {
            Some(token) => token.as_numbered(NAME)?,
            None => (0, Paging::new(&query, PAGE_SIZE).page_size()),
        };
        let sold = self.sold();
        let size = usize::try_from(size.min(PAGE_SIZE)).unwrap_or(usize::MAX);
        let first = usize::try_from(page).unwrap_or(usize::MAX).saturating_mul(size);
        let items =
            sold.iter().enumerate().skip(first).take(size).map(|(number, sold)| sold.key(number)).collect();
        let more = first.saturating_add(size) < sold.len();
        let next =
            more.then(|| PageToken::numbered(NAME, page + 1, u32::try_from(size).unwrap_or(PAGE_SIZE)));
        Ok(Page::last(items).with_next(next).with_total(u64::try_from(sold.len()).ok()))
    }

    async fn get(&self, wanted: &LicenseKeyId) -> Result<LicenseKey> {
        let sold = self.sold();
        let found = sold.iter().enumerate().find(|(number, _)| id(*number) == *wanted);
        found.map(|(number, sold)| sold.key(number)).ok_or_else(|| not_found(Operation::Get))
    }

    async fn activations(&self, wanted: &LicenseKeyId) -> Result<Vec<Activation>> {
        let sold = self.sold();
        let found = sold.iter().enumerate().find(|(number, _)| id(*number) == *wanted);
        found.map(|(_, sold)| sold.taken.clone()).ok_or_else(|| not_found(Operation::Activations))
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        check(self, &request)?;
        let sold = self.sold();
        let Some((number, sold)) = sold.iter().enumerate().find(|(_, sold)| sold.code == request.code) else {
            return Ok(Validation::refused(Refusal::new(RefusalReason::UnknownKey)));
        };
        let seat = request.activation.as_ref().map(|id| sold.taken.iter().find(|seat| seat.id == *id));
        if seat == Some(None) {
            return Ok(Validation::refused(Refusal::new(RefusalReason::UnknownActivation)));
        }
        Ok(Validation::valid().with_key(sold.key(number)).with_activation(seat.flatten().cloned()))
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        check(self, &request)?;
        let mut sold = self.sold();
        let found = sold.iter_mut().enumerate().find(|(_, sold)| sold.code == request.code);
        let (number, sold) = found.ok_or_else(|| refused(RefusalReason::UnknownKey, Operation::Activate))?;
        if u64::try_from(sold.taken.len()).is_ok_and(|taken| taken >= sold.seats) {
            let reason = match sold.seats {
                0 => RefusalReason::ActivationsNotSupported,
                _ => RefusalReason::ActivationLimitReached,
            };
            return Err(refused(reason, Operation::Activate));
        }
        sold.ever_taken += 1;
        let mut seat =
            Activation::new(ActivationId::from(format!("{}-{}", number, sold.ever_taken)), request.label);
        seat.key_id = Some(id(number));
        sold.taken.push(seat.clone());
        Ok(seat)
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        let mut sold = self.sold();
        let found = sold.iter_mut().find(|sold| sold.code == request.code);
        let sold = found.ok_or_else(|| refused(RefusalReason::UnknownKey, Operation::Deactivate))?;
        let before = sold.taken.len();
        sold.taken.retain(|seat| seat.id != request.activation);
        if sold.taken.len() == before {
            return Err(refused(RefusalReason::UnknownActivation, Operation::Deactivate));
        }
        Ok(())
    }
}

fn id(number: usize) -> LicenseKeyId {
    LicenseKeyId::from(format!("acme_{number}"))
}

fn not_found(operation: Operation) -> Error {
    Error::new(ErrorKind::NotFound, "no code was sold under this id")
        .with_provider(NAME)
        .with_operation(operation)
}

fn refused(reason: RefusalReason, operation: Operation) -> Error {
    Error::refused(Refusal::new(reason)).with_provider(NAME).with_operation(operation)
}

//! The provider in memory with one flaw.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use anykey_core::adapter::{ErrorExt as _, KeyCodeExt as _, PageTokenExt as _, check_against};
use anykey_core::{
    ActivateRequest, Activation, ActivationId, ActivationLimit, Capabilities, Capability, Change,
    CreateRequest, CustomerRef, DeactivateRequest, Environment, Error, ErrorKind, Expiry, InMemoryProvider,
    KeyCode, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, LicenseProviderExt, LicenseStatus,
    ListQuery, OfflineProof, Operation, Page, PageToken, ProvenLicense, Refusal, RefusalReason, RenewRequest,
    Result, StatusChange, Timestamp, ValidateRequest, Validation, async_trait,
};

use super::Flaw;

pub(crate) struct Flawed {
    vendor: InMemoryProvider,
    flaw: Flaw,
    seen_codes: Mutex<Vec<String>>,
    replaced_codes: Mutex<HashMap<String, KeyCode>>,
    seats: Mutex<Vec<(KeyCode, Activation)>>,
}

impl Flawed {
    pub(crate) fn new(vendor: InMemoryProvider, flaw: Flaw) -> Arc<Self> {
        let (seen_codes, replaced_codes, seats) = Default::default();
        Arc::new(Self { vendor, flaw, seen_codes, replaced_codes, seats })
    }

    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    async fn record(&self, code: &KeyCode) -> Option<LicenseKey> {
        self.vendor.find(code).await.unwrap()
    }

    fn id(&self, id: &LicenseKeyId) -> LicenseKeyId {
        if self.has(Flaw::TakesTheLastPathSegment) {
            return id.as_str().rsplit('/').next().unwrap().into();
        }
        id.clone()
    }

    fn kind<T>(&self, flaw: Flaw, from: ErrorKind, to: ErrorKind, answer: Result<T>) -> Result<T> {
        match answer {
            Err(error) if self.has(flaw) && error.kind() == from => Err(Error::new(to, "flawed")
                .with_provider("memory")
                .with_operation(error.operation().unwrap())),
            answer => answer,
        }
    }
}

impl fmt::Debug for Flawed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flawed").field("seen_codes", &self.seen_codes.lock().unwrap()).finish_non_exhaustive()
    }
}

fn refuse<T>(reason: RefusalReason, operation: Operation) -> Result<T> {
    Err(Error::refused(Refusal::new(reason)).with_provider("memory").with_operation(operation))
}

fn invalid_request<T>(operation: Operation) -> Result<T> {
    Err(Error::new(ErrorKind::InvalidRequest, "flawed").with_provider("memory").with_operation(operation))
}

#[async_trait]
impl LicenseProvider for Flawed {
    fn vendor(&self) -> &str {
        self.vendor.vendor()
    }

    fn capabilities(&self) -> Capabilities {
        match self.flaw {
            Flaw::HidesThatItRotates => Capabilities::all().without(Capability::Rotate),
            Flaw::FiltersWithoutListing => Capabilities::all().without(Capability::List),
            _ => Capabilities::all(),
        }
    }

    async fn list(&self, mut query: ListQuery) -> Result<Page<LicenseKey>> {
        let on_the_first_page = query.page.is_none();
        let asked = query.clone();
        match self.flaw {
            Flaw::FiltersWithoutListing => {
                return Err(Error::unsupported("memory", Capability::List));
            }
            Flaw::ClaimsSeveralValues => {
                check_against("memory", Capabilities::all().without(Capability::FilterByMany), &query)?;
            }
            Flaw::RefusesPageSizeZero if query.page_size == Some(0) => {
                return invalid_request(Operation::List);
            }
            Flaw::RefusesHugePages if query.page_size > Some(100) => return invalid_request(Operation::List),
            Flaw::IgnoresTheCustomerFilter if matches!(query.customer, Some(CustomerRef::Id(_))) => {
                query.customer = None;
            }
            Flaw::IgnoresTheEmailFilter if matches!(query.customer, Some(CustomerRef::Email(_))) => {
                query.customer = None;
            }
            Flaw::IgnoresTheExternalIdFilter if matches!(query.customer, Some(CustomerRef::External(_))) => {
                query.customer = None;
            }
            Flaw::IgnoresTheProductFilter => query.products.clear(),
            Flaw::IgnoresTheStatusFilter => query.statuses.clear(),
            Flaw::IgnoresTheSourceFilter => query.source = None,
            Flaw::TakesTheLastOfSeveralValues => {
                query.products = query.products.pop().into_iter().collect();
                query.statuses = query.statuses.pop().into_iter().collect();
            }
            Flaw::HonoursOneFilterOnly if !query.products.is_empty() => query.statuses.clear(),
            Flaw::ForgetsFiltersAfterAPage if !on_the_first_page => {
                query.products.clear();
                query.statuses.clear();
            }
            Flaw::StartsOverOnAForeignToken => {
                let own = query.page.as_ref().is_none_or(|token| token.as_numbered("memory").is_ok());
                if !own {
                    query.page = None;
                }
            }
            Flaw::SkipsTheSecondPage if on_the_first_page => {
                let first = self.vendor.list(query.clone()).await?;
                let Some(token) = first.next else { return Ok(first) };
                let second = self.vendor.list(query.page(token)).await?;
                return Ok(Page::last(first.items).with_next(second.next));
            }
            _ => {}
        }
        let mut page = self.vendor.list(query).await?;
        match self.flaw {
            Flaw::NeverEnds if page.items.is_empty() => page.next = Some(PageToken::numbered("memory", 0, 1)),
            Flaw::ReversesPages if asked.page_size == Some(4) => page.items.reverse(),
            Flaw::CountsThePageOnly => page.total = u64::try_from(page.items.len()).ok(),
            Flaw::TokensForgetTheSize if on_the_first_page => {
                page.next = page.next.map(|_| PageToken::numbered("memory", 0, 100));
            }
            Flaw::ListsMaskedCodes => {
                page.items.iter_mut().for_each(|key| key.code = KeyCode::verbatim("****"));
            }
            Flaw::NamesPagesAheadUnasked => page.ahead.extend(page.next.clone()),
            Flaw::SkipsAPageAhead if page.ahead.len() > 2 => drop(page.ahead.remove(1)),
            Flaw::NamesPagesPastTheEnd if asked.pages_ahead > 0 && page.next.is_some() => {
                page.ahead.truncate(asked.pages_ahead - 1);
                page.ahead.push(PageToken::numbered("memory", 1_000, 100));
            }
            Flaw::SkipsTheSecondPage => page.total = None,
            Flaw::LosesKeysInAHurry if asked.pages_ahead > 0 => drop(page.items.pop()),
            Flaw::LeavesOutTheEnds => page.items.retain(|key| key.created_at != asked.created_until),
            _ => {}
        }
        Ok(page)
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        match self.flaw {
            Flaw::PanicsOnDots => assert!(!id.as_str().contains(".."), "dots!"),
            Flaw::AnonymousErrors => {
                let answer = self.vendor.get(id).await;
                return answer.map_err(|error| Error::new(error.kind(), "no such key"));
            }
            Flaw::GetsAnotherKey => {
                let mut keys = self.vendor.list(ListQuery::new()).await?.items;
                return Ok(keys.pop().unwrap());
            }
            _ => {}
        }
        let answer = self.vendor.get(&self.id(id)).await;
        let mut key =
            self.kind(Flaw::CallsUnknownInvalid, ErrorKind::NotFound, ErrorKind::InvalidRequest, answer)?;
        match self.flaw {
            Flaw::GetsAnotherLimit => key.activations.limit = ActivationLimit::Unlimited,
            Flaw::GetsNoEnd => key.expiry = Expiry::Never,
            Flaw::NamesAnotherProvider => key.provider = "another".into(),
            Flaw::CountsNoSeats => key.activations.used = Some(0),
            _ => {}
        }
        Ok(key)
    }

    async fn create(&self, mut request: CreateRequest) -> Result<LicenseKey> {
        match self.flaw {
            Flaw::CreatesWithoutEnd => request.expiry = Expiry::Never,
            Flaw::CreatesWithOneSeat if request.activation_limit == ActivationLimit::Unlimited => {
                request.activation_limit = ActivationLimit::AtMost(1);
            }
            Flaw::CreatesOverAnother => {
                if let Some(code) = &request.code
                    && let Some(key) = self.record(code).await
                {
                    return Ok(key);
                }
            }
            _ => {}
        }
        let is_minted = request.code.is_none();
        let mut key = self.vendor.create(request).await?;
        match self.flaw {
            Flaw::MintsOneCode if is_minted => {
                key.code = KeyCode::verbatim("MINTED");
                Ok(key)
            }
            Flaw::CreatesDisabledKeys => self.vendor.disable(&key.id).await,
            _ => Ok(key),
        }
    }

    async fn update(&self, id: &LicenseKeyId, mut patch: LicensePatch) -> Result<LicenseKey> {
        match self.flaw {
            Flaw::AnEmptyPatchClears if patch == LicensePatch::new() => patch.expiry = Change::Clear,
            Flaw::ClearsNoExpiry if patch.expiry == Change::Clear => patch.expiry = Change::Keep,
            Flaw::SetsNoEnd if patch.expiry.as_member().flatten().is_some() => patch.expiry = Change::Keep,
            Flaw::SetsOneSeatMore => {
                if let Some(ActivationLimit::AtMost(limit)) = &mut patch.activation_limit {
                    *limit += 1;
                }
            }
            Flaw::ChangesOneFieldOnly if !patch.expiry.is_keep() => patch.activation_limit = None,
            Flaw::UsageResetsItsLimit if patch.usage.is_some() => patch.usage_limit = Change::Clear,
            Flaw::DisablesNothing if patch.status == Some(StatusChange::Disable) => patch.status = None,
            Flaw::RevokesByDisabling if patch.status == Some(StatusChange::Revoke) => {
                patch.status = Some(StatusChange::Disable);
            }
            Flaw::OnlyAnswersAsIf if !patch.expiry.is_keep() => {
                let mut key = self.vendor.get(id).await?;
                key.expiry = patch.expiry.as_member().flatten().map_or(Expiry::Never, |at| Expiry::At(*at));
                return Ok(key);
            }
            Flaw::ALowLimitFreesSeats if patch.activation_limit.is_some() => {
                let key = self.vendor.get(id).await?;
                for seat in self.vendor.activations(id).await? {
                    self.vendor
                        .deactivate(DeactivateRequest::new(key.code.clone(), seat.id.as_str()))
                        .await?;
                }
            }
            _ => {}
        }
        let answer = self.vendor.update(&self.id(id), patch).await;
        self.kind(Flaw::UnknownChangesConflict, ErrorKind::NotFound, ErrorKind::Conflict, answer)
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        match self.flaw {
            Flaw::RotatesNothing => return self.vendor.get(id).await,
            Flaw::RotatingFreesSeats => {
                let key = self.vendor.get(id).await?;
                for seat in self.vendor.activations(id).await? {
                    self.vendor
                        .deactivate(DeactivateRequest::new(key.code.clone(), seat.id.as_str()))
                        .await?;
                }
            }
            _ => {}
        }
        let old = self.vendor.get(&self.id(id)).await.ok();
        let answer = self.vendor.rotate(&self.id(id)).await;
        let key =
            self.kind(Flaw::UnknownRotationsConflict, ErrorKind::NotFound, ErrorKind::Conflict, answer)?;
        let old = old.unwrap().code.expose().to_owned();
        self.replaced_codes.lock().unwrap().insert(old, key.code.clone());
        Ok(key)
    }

    async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        if self.has(Flaw::RenamesNothing) {
            return Ok(Activation::new(id.clone(), label));
        }
        self.vendor.rename_activation(id, label).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        match self.flaw {
            Flaw::ListsEveryKeysSeats => {
                return Ok(self.seats.lock().unwrap().iter().map(|(_, seat)| seat.clone()).collect());
            }
            Flaw::ListsAPhantomSeat => return Ok(vec![Activation::new("phantom".into(), "phantom")]),
            Flaw::ListsFreedSeats => {
                let seats = self.seats.lock().unwrap();
                let theirs = seats.iter().filter(|(_, seat)| seat.key_id.as_ref() == Some(id));
                return Ok(theirs.map(|(_, seat)| seat.clone()).collect());
            }
            _ => {}
        }
        let answer = self.vendor.activations(&self.id(id)).await;
        self.kind(Flaw::UnknownSeatsAreUnavailable, ErrorKind::NotFound, ErrorKind::Unavailable, answer)
    }

    async fn validate(&self, mut request: ValidateRequest) -> Result<Validation> {
        self.seen_codes.lock().unwrap().push(match self.flaw {
            Flaw::PrintsCodes => request.code.expose().to_owned(),
            _ => "****".to_owned(),
        });
        match self.flaw {
            Flaw::NeverValid => return Ok(Validation::refused(Refusal::new(RefusalReason::Unspecified))),
            Flaw::TheOldCodeStaysGood => {
                let replaced = self.replaced_codes.lock().unwrap().get(request.code.expose()).cloned();
                request.code = replaced.unwrap_or(request.code);
            }
            Flaw::ForgetsTheSeat => request.activation = None,
            Flaw::KnowsNoSeat if request.activation.is_some() => {
                return Ok(Validation::refused(Refusal::new(RefusalReason::UnknownActivation)));
            }
            Flaw::TakesAnyEnvironment => {
                let live = self.vendor.clone().in_environment(Environment::Live);
                let theirs = live.validate(request.clone()).await?;
                if theirs.is_valid() {
                    return Ok(theirs);
                }
            }
            Flaw::IgnoresTheProduct => request.product = None,
            Flaw::IgnoresTheCustomer => request.customer = None,
            Flaw::ConditionsNeedASeatThatHasThem if !request.conditions.is_empty() => {
                return Ok(Validation::refused(Refusal::new(RefusalReason::ConditionsMismatch)));
            }
            Flaw::CountsTwice => request.increment_usage *= 2,
            Flaw::CountsRefusalsToo if request.increment_usage > 0 => {
                if let Some(key) = self.record(&request.code).await {
                    let used = key.usage.unwrap().used + i64::try_from(request.increment_usage).unwrap();
                    let answer = self.vendor.validate(request).await;
                    self.vendor.update(&key.id, LicensePatch::new().usage(used)).await?;
                    return answer;
                }
            }
            Flaw::NoLimitIsNoUsage if request.increment_usage > 0 => {
                let key = self.record(&request.code).await;
                if key.and_then(|key| key.usage).is_some_and(|usage| usage.limit.is_none()) {
                    return Ok(Validation::refused(Refusal::new(RefusalReason::UsageExceeded)));
                }
            }
            _ => {}
        }
        let validation = self.vendor.validate(request).await?;
        let forgiven = match self.flaw {
            Flaw::ExpiredIsValid => Some(RefusalReason::Expired),
            Flaw::DisabledIsValid => Some(RefusalReason::Disabled),
            Flaw::RevokedIsValid => Some(RefusalReason::Revoked),
            Flaw::ConditionsAreDecoration => Some(RefusalReason::ConditionsMismatch),
            _ => None,
        };
        let reason = validation.refusal().map(|refusal| refusal.reason);
        if reason.is_some() && reason == forgiven {
            return Ok(Validation::valid());
        }
        if self.has(Flaw::UnknownCodesAreErrors) && reason == Some(RefusalReason::UnknownKey) {
            return Err(Error::new(ErrorKind::NotFound, "flawed"));
        }
        if self.has(Flaw::ProvesWhatItRefuses) && reason.is_some() {
            return Ok(validation.with_proof(OfflineProof::new("memory", "proof")));
        }
        Ok(validation)
    }

    async fn activate(&self, mut request: ActivateRequest) -> Result<Activation> {
        let key = self.record(&request.code).await;
        let code = request.code.clone();
        match (self.flaw, &key) {
            (Flaw::OneSeatPerLabel, _) => {
                let seats = self.seats.lock().unwrap();
                let same =
                    |(taken, seat): &&(KeyCode, Activation)| *taken == code && seat.label == request.label;
                if let Some((_, seat)) = seats.iter().find(same) {
                    return Ok(seat.clone());
                }
            }
            (Flaw::TakesAnyEnvironment, Some(key)) if key.environment == Some(Environment::Live) => {
                return self.vendor.clone().in_environment(Environment::Live).activate(request).await;
            }
            (Flaw::LabelsAreAscii, _) => request.label.retain(|character| character.is_ascii()),
            (Flaw::IgnoresTheInstallation, _) => request.installation = None,
            (Flaw::RecognisesFreedSeats, _) if request.installation.is_some() => {
                let seats = self.seats.lock().unwrap();
                let same = |(taken, seat): &&(KeyCode, Activation)| {
                    *taken == code && seat.installation == request.installation
                };
                if let Some((_, seat)) = seats.iter().find(same) {
                    return Ok(seat.clone());
                }
            }
            (Flaw::KeepsSeatsThatEnded, _) if !self.seats.lock().unwrap().is_empty() => {
                return refuse(RefusalReason::ActivationLimitReached, Operation::Activate);
            }
            (Flaw::DropsMetadata, _) => request.metadata.clear(),
            (Flaw::UnlimitedIsTen, Some(key)) if key.activations.used == Some(10) => {
                return refuse(RefusalReason::ActivationLimitReached, Operation::Activate);
            }
            (Flaw::NotAllowedIsFull, Some(key)) if key.activations.limit == ActivationLimit::NotAllowed => {
                return refuse(RefusalReason::ActivationLimitReached, Operation::Activate);
            }
            (Flaw::TheLastSeatGoesToAll, Some(key))
                if key.activations.limit == ActivationLimit::AtMost(1) =>
            {
                let full = key.activations.used == Some(1);
                tokio::task::yield_now().await;
                if !full {
                    let patch = LicensePatch::new().activation_limit(ActivationLimit::Unlimited);
                    self.vendor.update(&key.id, patch).await?;
                }
            }
            (Flaw::OneSeatTooMany, Some(key)) => {
                if let ActivationLimit::AtMost(limit) = key.activations.limit
                    && key.activations.used == Some(limit)
                {
                    let patch = LicensePatch::new().activation_limit(ActivationLimit::AtMost(limit + 1));
                    self.vendor.update(&key.id, patch).await?;
                }
            }
            _ => {}
        }
        let answer = self.vendor.activate(request).await;
        if let (Flaw::RefusesWithoutReason, Err(error)) = (self.flaw, &answer)
            && error.refusal().is_some()
        {
            return refuse(RefusalReason::Unspecified, Operation::Activate);
        }
        let mut seat = answer?;
        if self.has(Flaw::GivesNoProof) {
            seat.proof = None;
        }
        self.seats.lock().unwrap().push((code, seat.clone()));
        Ok(seat)
    }

    fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        if self.has(Flaw::TakesAnyProof) {
            return Ok(ProvenLicense::new(Timestamp::UNIX_EPOCH));
        }
        self.vendor.verify_proof(proof, code)
    }

    async fn renew(&self, request: RenewRequest) -> Result<Activation> {
        let taken = self.seats.lock().unwrap().first().map(|(_, seat)| seat.clone());
        match (self.flaw, taken) {
            (Flaw::RenewsNothing | Flaw::RevivesSeats, Some(seat)) => Ok(seat),
            _ => self.vendor.renew(request).await,
        }
    }

    async fn deactivate(&self, mut request: DeactivateRequest) -> Result<()> {
        match self.flaw {
            Flaw::KeepsTheSeat => return Ok(()),
            Flaw::NeedsAnActiveKey => {
                let key = self.record(&request.code).await;
                if key.is_some_and(|key| key.status != LicenseStatus::Active) {
                    return refuse(RefusalReason::Inactive, Operation::Deactivate);
                }
            }
            Flaw::NeedsAnUnexpiredKey => {
                let answer = self.vendor.validate(ValidateRequest::new(request.code.clone())).await?;
                if answer.refusal().is_some_and(|refusal| refusal.reason == RefusalReason::Expired) {
                    return refuse(RefusalReason::Expired, Operation::Deactivate);
                }
            }
            Flaw::FreesAnybodysSeat => {
                let seats = self.seats.lock().unwrap();
                if let Some((code, _)) = seats.iter().find(|(_, seat)| seat.id == request.activation) {
                    request.code = code.clone();
                }
            }
            _ => {}
        }
        let answer = self.vendor.deactivate(request).await;
        let forgiven = match self.flaw {
            Flaw::FreesASeatTwice => Some(RefusalReason::UnknownActivation),
            Flaw::FreesSeatsOfUnknownKeys => Some(RefusalReason::UnknownKey),
            _ => None,
        };
        match answer {
            Err(error) if error.refusal().map(|refusal| refusal.reason) == forgiven && forgiven.is_some() => {
                Ok(())
            }
            answer => answer,
        }
    }
}

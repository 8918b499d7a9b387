//! The keys and what happens to them.

use jiff::{SignedDuration, Timestamp};

use super::InMemoryProvider;
use super::proofs::Proofs;
use super::record::Record;
use super::rules::{refuse_key, refuse_request};
use crate::adapter::{ErrorExt as _, KeyCodeExt as _};
use crate::{
    ActivateRequest, Activation, ActivationId, ActivationLimit, Change, CreateRequest, CustomerId,
    CustomerRef, DeactivateRequest, Environment, Error, ErrorKind, Expiry, KeyCode, KeySource, LicenseKey,
    LicenseKeyId, LicensePatch, LicenseStatus, ListQuery, Operation, Refusal, RefusalReason, RenewRequest,
    Result, StatusChange, Usage, ValidateRequest, Validation,
};

#[derive(Default)]
pub(super) struct Store {
    records: Vec<Record>,
    /// By what else than their ids the customers are known.
    references: Vec<(CustomerId, CustomerRef)>,
    pub(super) proofs: Proofs,
    made: u64,
}

impl Store {
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn page(
        &self,
        query: &ListQuery,
        page: u64,
        size: u32,
        now: Timestamp,
    ) -> (Vec<LicenseKey>, u64) {
        let matching = || self.records.iter().filter(|record| self.matches(query, &record.key));
        let skipped = usize::try_from(page.saturating_mul(u64::from(size))).unwrap_or(usize::MAX);
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let items = matching().skip(skipped).take(size).map(|record| record.snapshot(now)).collect();
        (items, u64::try_from(matching().count()).unwrap_or(u64::MAX))
    }

    pub(super) fn refer(&mut self, customer: CustomerId, reference: CustomerRef) {
        self.references.push((customer, reference));
    }

    fn matches(&self, query: &ListQuery, key: &LicenseKey) -> bool {
        let is_named = |customer: &CustomerRef| match (customer, &key.customer) {
            (CustomerRef::Id(id), owner) => owner.as_ref() == Some(id),
            (other, Some(owner)) => self.references.iter().any(|(id, known)| id == owner && known == other),
            (_, None) => false,
        };
        query.customer.as_ref().is_none_or(is_named) && matches(query, key)
    }

    pub(super) fn get(&self, id: &LicenseKeyId, now: Timestamp) -> Result<LicenseKey> {
        self.by_id(id, Operation::Get).map(|record| record.snapshot(now))
    }

    pub(super) fn create(
        &mut self,
        request: CreateRequest,
        environment: Option<Environment>,
        seat_lifetime: Option<SignedDuration>,
        now: Timestamp,
    ) -> Result<LicenseKey> {
        let made = self.count();
        let code = request.code.unwrap_or_else(|| KeyCode::verbatim(format!("MINTED-{made:08}")));
        if self.records.iter().any(|record| record.key.code == code) {
            return Err(error(ErrorKind::Conflict, Operation::Create, "a key with this code exists already"));
        }
        let id = LicenseKeyId::from(format!("key_{made}"));
        let mut key = LicenseKey::new(InMemoryProvider::NAME, id, code, LicenseStatus::Active);
        key.environment = environment;
        key.expiry = match request.expiry {
            Expiry::Unknown => Expiry::Never,
            expiry => expiry,
        };
        key.activations.limit = match request.activation_limit {
            ActivationLimit::Unknown => ActivationLimit::Unlimited,
            limit => limit,
        };
        key.usage = Some(Usage { used: 0, limit: None });
        key.customer = request.customer;
        key.product = Some(request.product);
        key.origin.source = Some(KeySource::Import);
        key.created_at = Some(now);
        let record = Record { key, seat_lifetime, seats: Vec::new() };
        let created = record.snapshot(now);
        self.records.push(record);
        Ok(created)
    }

    pub(super) fn update(
        &mut self,
        id: &LicenseKeyId,
        patch: &LicensePatch,
        now: Timestamp,
    ) -> Result<LicenseKey> {
        let record = self.by_id_mut(id, Operation::Update)?;
        if *patch != LicensePatch::new() {
            apply(&mut record.key, patch);
            record.key.modified_at = Some(now);
        }
        Ok(record.snapshot(now))
    }

    pub(super) fn rotate(&mut self, id: &LicenseKeyId, now: Timestamp) -> Result<LicenseKey> {
        let code = KeyCode::verbatim(format!("ROTATED-{:08}", self.count()));
        let record = self.by_id_mut(id, Operation::Rotate)?;
        if record.key.status == LicenseStatus::Revoked {
            return Err(error(ErrorKind::Conflict, Operation::Rotate, "a revoked key cannot be rotated"));
        }
        record.key.code = code;
        record.key.modified_at = Some(now);
        Ok(record.snapshot(now))
    }

    pub(super) fn activations(&self, id: &LicenseKeyId, now: Timestamp) -> Result<Vec<Activation>> {
        let record = self.by_id(id, Operation::Activations)?;
        Ok(record.taken(now).map(|seat| seat.activation.clone()).collect())
    }

    pub(super) fn rename_activation(&mut self, id: &ActivationId, label: &str) -> Result<Activation> {
        let mut seats = self.records.iter_mut().flat_map(|record| &mut record.seats);
        let seat = seats.find(|seat| seat.activation.id == *id).ok_or_else(|| {
            error(ErrorKind::NotFound, Operation::RenameActivation, "there is no activation with this id")
        })?;
        label.clone_into(&mut seat.activation.label);
        Ok(seat.activation.clone())
    }

    pub(super) fn validate(
        &mut self,
        request: &ValidateRequest,
        environment: Option<Environment>,
        now: Timestamp,
    ) -> Validation {
        let validation = self.verdict(request, environment, now).with_answered_at(now);
        let word = validation.refusal().map_or("valid", |refusal| refusal.reason.name());
        validation.with_status_word(Box::from(word))
    }

    fn verdict(
        &mut self,
        request: &ValidateRequest,
        environment: Option<Environment>,
        now: Timestamp,
    ) -> Validation {
        let Some(record) = self.records.iter_mut().find(|record| record.key.code == request.code) else {
            return Validation::refused(Refusal::new(RefusalReason::UnknownKey));
        };
        let refused =
            refuse_key(&record.key, environment, now).or_else(|| refuse_request(record, request, now));
        if let Some(reason) = refused {
            return Validation::refused(Refusal::new(reason));
        }
        let counted = i64::try_from(request.increment_usage).unwrap_or(i64::MAX);
        if let Some(usage) = &mut record.key.usage {
            usage.used = usage.used.saturating_add(counted);
        }
        record.key.last_validated_at = Some(now);
        let activation = request.activation.as_ref().and_then(|id| record.seat(id));
        let activation = activation.map(|seat| seat.activation.clone());
        let proof = request
            .offline_proof
            .then(|| self.proofs.issue(record, activation.as_ref().map(|seat| &seat.id), now));
        Validation::valid().with_key(record.snapshot(now)).with_activation(activation).with_proof(proof)
    }

    pub(super) fn activate(
        &mut self,
        request: ActivateRequest,
        environment: Option<Environment>,
        now: Timestamp,
    ) -> Result<Activation> {
        let id = ActivationId::from(format!("act_{}", self.count()));
        let found = self.records.iter_mut().find(|record| record.key.code == request.code);
        let record = found.ok_or_else(|| refuse(RefusalReason::UnknownKey, Operation::Activate))?;
        if let Some(reason) = refuse_key(&record.key, environment, now) {
            return Err(refuse(reason, Operation::Activate));
        }
        let has_seat = request.installation.and_then(|mark| record.seat_of(mark, now));
        let mut activation = match has_seat {
            Some(seat) if seat.conditions != request.conditions => {
                return Err(refuse(RefusalReason::ConditionsMismatch, Operation::Activate));
            }
            Some(seat) => seat.activation.clone(),
            None => {
                record.take_seat(id, &request, now).map_err(|reason| refuse(reason, Operation::Activate))?
            }
        };
        activation.proof =
            request.offline_proof.then(|| self.proofs.issue(record, Some(&activation.id), now));
        activation.key = Some(Box::new(record.snapshot(now)));
        activation.answered_at = Some(now);
        Ok(activation)
    }

    pub(super) fn renew(
        &mut self,
        request: &RenewRequest,
        environment: Option<Environment>,
        now: Timestamp,
    ) -> Result<Activation> {
        let record = self.by_code(&request.code, Operation::Renew)?;
        if let Some(reason) = refuse_key(&record.key, environment, now) {
            return Err(refuse(reason, Operation::Renew));
        }
        let end = record.end_of_seat(now);
        let seat = record.seats.iter_mut().find(|seat| seat.activation.id == request.activation);
        let seat = seat.ok_or_else(|| refuse(RefusalReason::UnknownActivation, Operation::Renew))?;
        if seat.has_ended(now) {
            return Err(refuse(RefusalReason::SeatExpired, Operation::Renew));
        }
        seat.activation.expires_at = end;
        let mut activation = seat.activation.clone();
        activation.key = Some(Box::new(record.snapshot(now)));
        activation.answered_at = Some(now);
        Ok(activation)
    }

    pub(super) fn deactivate(&mut self, request: &DeactivateRequest) -> Result<()> {
        let record = self.by_code(&request.code, Operation::Deactivate)?;
        let before = record.seats.len();
        record.seats.retain(|seat| seat.activation.id != request.activation);
        if record.seats.len() == before {
            return Err(refuse(RefusalReason::UnknownActivation, Operation::Deactivate));
        }
        Ok(())
    }

    fn count(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    fn by_id(&self, id: &LicenseKeyId, operation: Operation) -> Result<&Record> {
        self.records.iter().find(|record| record.key.id == *id).ok_or_else(|| not_found(operation))
    }

    fn by_id_mut(&mut self, id: &LicenseKeyId, operation: Operation) -> Result<&mut Record> {
        self.records.iter_mut().find(|record| record.key.id == *id).ok_or_else(|| not_found(operation))
    }

    fn by_code(&mut self, code: &KeyCode, operation: Operation) -> Result<&mut Record> {
        let found = self.records.iter_mut().find(|record| record.key.code == *code);
        found.ok_or_else(|| refuse(RefusalReason::UnknownKey, operation))
    }
}

fn matches(query: &ListQuery, key: &LicenseKey) -> bool {
    let product = key.product.as_ref();
    (query.products.is_empty() || query.products.iter().any(|wanted| product == Some(wanted)))
        && (query.statuses.is_empty() || query.statuses.contains(&key.status))
        && query.source.as_ref().is_none_or(|source| key.origin.source.as_ref() == Some(source))
        && query.created_from.is_none_or(|from| key.created_at >= Some(from))
        && query.created_until.is_none_or(|until| key.created_at <= Some(until))
}

fn apply(key: &mut LicenseKey, patch: &LicensePatch) {
    if let Some(status) = patch.status {
        key.status = match status {
            StatusChange::Enable => LicenseStatus::Active,
            StatusChange::Disable => LicenseStatus::Disabled,
            StatusChange::Revoke => LicenseStatus::Revoked,
        };
        key.status_word = key.status.to_string().into();
    }
    match patch.expiry {
        Change::Keep => {}
        Change::Clear => key.expiry = Expiry::Never,
        Change::Set(at) => key.expiry = Expiry::At(at),
    }
    if let Some(limit) = patch.activation_limit {
        key.activations.limit = limit;
    }
    let usage = key.usage.get_or_insert(Usage { used: 0, limit: None });
    if let Some(used) = patch.usage {
        usage.used = used;
    }
    match patch.usage_limit {
        Change::Keep => {}
        Change::Clear => usage.limit = None,
        Change::Set(limit) => usage.limit = Some(limit),
    }
}

fn error(kind: ErrorKind, operation: Operation, message: &'static str) -> Error {
    Error::new(kind, message).with_provider(InMemoryProvider::NAME).with_operation(operation)
}

fn not_found(operation: Operation) -> Error {
    error(ErrorKind::NotFound, operation, "there is no key with this id")
}

fn refuse(reason: RefusalReason, operation: Operation) -> Error {
    Error::refused(Refusal::new(reason)).with_provider(InMemoryProvider::NAME).with_operation(operation)
}

use std::sync::Arc;

use anykey_core::{
    Capabilities, Capability, Clock, LicenseKey, LicenseProvider, LicenseStatus, ListQuery, Timestamp,
};

use crate::decision::{Known, decide};
use crate::digest::Digest;
use crate::journal::{Claim, Entry, Journal};
use crate::reader::{Reader, read_target};
use crate::retried_pages::RetriedPages;
use crate::{Decision, Filter, Mapping, MigrateError, SkipReason, Wanted};

/// How many keys are decided, journaled and sent together.
pub(crate) const CHUNK: usize = 64;

/// A migration of the keys of one provider to another.
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::adapter::Named;
/// use anykey_core::{Clock, CreateRequest, InMemoryProvider, KeyCode, LicenseProvider, Timestamp, ValidateRequest};
/// use anykey_migrate::{Journal, Mapping, Migration};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let old = InMemoryProvider::new(Timestamp::now);
/// let code = KeyCode::parse("AAAA-BBBB")?;
/// old.insert(CreateRequest::new(code.clone(), "4711", "prod_old").activation_limit(3))?;
/// let new = Arc::new(Named::new("new", InMemoryProvider::new(Timestamp::now)));
///
/// let mapping = "products = { prod_old = \"pdt_new\" }\ncustomers = { 4711 = \"cus_new\" }";
/// let migration = Migration::new(
///     Arc::new(Named::new("old", old)), new.clone(), Mapping::from_toml(mapping)?, Clock::new(Timestamp::now),
/// );
/// let mut journal = Journal::in_memory().await?;      // `Journal::open` for one that is on disk
/// let plan = migration.plan(&mut journal, &mut |_, _| {}).await?;
/// assert_eq!(plan.to_create, 1);
///
/// migration.run(&mut journal, &mut |_| {}).await?;
/// assert!(migration.verify(&mut journal, &mut |_| {}).await?.is_complete());
/// assert!(new.validate(ValidateRequest::new(code)).await?.is_valid());
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Migration {
    pub(crate) source: RetriedPages,
    pub(crate) target: Arc<dyn LicenseProvider>,
    pub(crate) mapping: Mapping,
    pub(crate) clock: Clock,
    pub(crate) filters: Vec<Filter>,
    pub(crate) limit: Option<u64>,
    pub(crate) concurrency: usize,
}

/// A key of the source, and what is decided about it.
pub(crate) struct Decided {
    pub(crate) key: LicenseKey,
    pub(crate) code: Digest,
    pub(crate) entry: Option<Entry>,
    pub(crate) decision: Decision,
}

impl Migration {
    /// A migration from `source` to `target`. Two accounts at one vendor need different
    /// [names](LicenseProvider::name). `clock` is that of this machine.
    pub fn new(
        source: Arc<dyn LicenseProvider>,
        target: Arc<dyn LicenseProvider>,
        mapping: Mapping,
        clock: Clock,
    ) -> Self {
        let source = RetriedPages::new(source);
        Self { source, target, mapping, clock, filters: Vec::new(), limit: None, concurrency: 8 }
    }

    /// Only keys that pass this filter too.
    #[must_use]
    pub fn only(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Ends a run after this many keys were created.
    #[must_use]
    pub const fn limit(mut self, keys: u64) -> Self {
        self.limit = Some(keys);
        self
    }

    /// Sets how many requests are in flight at once, at least 1. Default: 8. The rate is up to the provider's own
    /// pacing.
    #[must_use]
    pub const fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = if requests == 0 { 1 } else { requests };
        self
    }

    /// Fails if the two providers cannot take part, before anything is read or written.
    ///
    /// # Errors
    ///
    /// [`MigrateError::Impossible`], naming what is missing and the way without it.
    pub fn check(&self) -> Result<(), MigrateError> {
        let (source, target) = (self.source.name(), self.target.name());
        if source == target {
            return Err(MigrateError::Impossible(format!("source and target are both called `{source}`")));
        }
        check_target(target, self.target.capabilities())?;
        if self.source_queries().is_empty() {
            return Err(MigrateError::Impossible(format!(
                "`{source}` lists keys per customer only, and the mapping names no customer; {FIRST_USE}"
            )));
        }
        let can = self.source.capabilities();
        let lists = can.contains(Capability::List)
            && (can.contains(Capability::ListAll) || can.contains(Capability::FilterByCustomer));
        match lists {
            true => Ok(()),
            false => Err(MigrateError::Impossible(format!(
                "`{source}` cannot list keys with this credential; {FIRST_USE}"
            ))),
        }
    }

    /// The listings that have all keys of the source together.
    pub(crate) fn source_queries(&self) -> Vec<ListQuery> {
        if self.source.capabilities().contains(Capability::ListAll) {
            return vec![ListQuery::new()];
        }
        self.mapping.customers.keys().map(|id| ListQuery::new().customer(&**id)).collect()
    }

    /// Reads the keys of the target, all or those created since an instant.
    pub(crate) async fn read_target(
        &self,
        journal: &mut Journal,
        since: Option<Timestamp>,
    ) -> Result<(), MigrateError> {
        let filters = self.target.capabilities().contains(Capability::FilterByCreation);
        let query = match since.filter(|_| filters) {
            Some(since) => ListQuery::new().created_from(since),
            None => {
                journal.forget_target().await?;
                ListQuery::new()
            }
        };
        read_target(&RetriedPages::new(Arc::clone(&self.target)), query, journal).await
    }

    /// What `key` is to be at the target.
    pub(crate) fn wanted(&self, key: &LicenseKey) -> Result<Wanted, SkipReason> {
        let is_to_come = key.expiry.at().is_some_and(|end| end > self.clock.now());
        match key.status == LicenseStatus::Expired && is_to_come {
            true => Err(SkipReason::ExpiredBeforeEnd),
            false => self.mapping.wanted(key, self.target.capabilities()),
        }
    }

    /// The next keys of the source with what is decided about them; `None` at the end. Each record comes once.
    pub(crate) async fn next_decided(
        &self,
        reader: &mut Reader<'_>,
        journal: &mut Journal,
    ) -> Result<Option<Vec<Decided>>, MigrateError> {
        let Some(keys) = self.next_claimed(reader, journal).await? else { return Ok(None) };
        let ids: Vec<_> = keys.iter().map(|(key, ..)| key.id.clone()).collect();
        let codes: Vec<_> = keys.iter().map(|(_, code, _)| *code).collect();
        let (mut entries, found) = (journal.entries(&ids).await?, journal.found(&codes).await?);
        let decided = keys.into_iter().map(|(key, code, claim)| {
            let entry = entries.remove(&key.id);
            let decision = if claim == Claim::Taken {
                Decision::Skip(SkipReason::DuplicateCode)
            } else {
                let known = Known { code, entry: entry.as_ref(), found: found.get(&code) };
                decide(self.wanted(&key), known, journal.salt())
            };
            Decided { key, code, entry, decision }
        });
        Ok(Some(decided.collect()))
    }

    /// The next keys of the source that pass the filters and have not come before, with whose their codes are; `None`
    /// at the end.
    pub(crate) async fn next_claimed(
        &self,
        reader: &mut Reader<'_>,
        journal: &mut Journal,
    ) -> Result<Option<Vec<(LicenseKey, Digest, Claim)>>, MigrateError> {
        let mut keys = reader.chunk(CHUNK).await?;
        if keys.is_empty() {
            return Ok(None);
        }
        keys.retain(|key| Filter::all_pass(&self.filters, key));
        if keys.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let codes: Vec<_> =
            keys.iter().map(|key| (journal.salt().of_code(&key.code), key.id.clone())).collect();
        let claims = journal.claim(&codes).await?;
        let claimed = keys.into_iter().zip(codes).zip(claims);
        let claimed = claimed.map(|((key, (code, _)), claim)| (key, code, claim));
        Ok(Some(claimed.filter(|(.., claim)| *claim != Claim::Again).collect()))
    }
}

const ROUTER: &str = "a router over both (`provider = \"router\"`) serves the keys of both vendors instead";
const FIRST_USE: &str =
    "a router that creates a key when its customer next activates (`import_on_activate`) needs no listing";

/// Fails if the target cannot be given keys.
fn check_target(name: &str, can: Capabilities) -> Result<(), MigrateError> {
    let impossible = |what: &str| Err(MigrateError::Impossible(format!("`{name}` {what}; {ROUTER}")));
    if !can.contains(Capability::Create) {
        return impossible(if can.contains(Capability::MintCode) {
            "creates keys with codes of its own only, so that customers would need new ones"
        } else {
            "takes no key with a given code: keys come to be by purchases there, or this credential cannot create them"
        });
    }
    if !(can.contains(Capability::List) && can.contains(Capability::ListAll)) {
        return impossible(
            "cannot list its keys, so that it is not known which codes it has, or what became of a lost answer",
        );
    }
    Ok(())
}

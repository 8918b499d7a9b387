use std::sync::Arc;
use std::time::Duration;

use anykey_core::{LicenseKey, LicenseProvider, LicenseProviderExt, ListQuery, ManualClock};
use anykey_dodo::{DodoProvider, LicenseKeysApi};
use anykey_dodo_sim::{ApiKeyScope, DeprecatedCalls, DodoSim, IssuedKey, KeySpec};
use anykey_http::{HttpTransport, Pacer, RetryPolicy};
use anykey_testkit::transport::{FaultyTransport, RecordingTransport};
use futures_util::TryStreamExt;

pub(crate) type Wire = FaultyTransport<RecordingTransport<DodoSim>>;

/// A seller on the simulator; the wire in between records what arrives and breaks on demand.
pub(crate) struct Bench {
    pub(crate) clock: ManualClock,
    pub(crate) sim: DodoSim,
    pub(crate) wire: Wire,
    records: RecordingTransport<DodoSim>,
    api_key: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let clock = ManualClock::at("2026-11-01T12:00:00Z".parse().unwrap());
        let sim = DodoSim::new(clock.clone());
        let records = RecordingTransport::new(sim.clone());
        let wire = FaultyTransport::new(records.clone());
        let api_key = sim.api_key(ApiKeyScope::ReadWrite);
        Self { clock, sim, wire, records, api_key }
    }

    /// A provider that knows nothing yet.
    pub(crate) fn provider(&self, api: LicenseKeysApi) -> DodoProvider {
        self.provider_on(Arc::new(self.wire.clone()), api)
    }

    pub(crate) fn provider_on(&self, transport: Arc<dyn HttpTransport>, api: LicenseKeysApi) -> DodoProvider {
        DodoProvider::builder()
            .base_url("http://localhost".parse().unwrap())
            .transport(transport)
            .token(self.api_key.as_str())
            .retry(RetryPolicy::new().with_base(Duration::ZERO))
            .device_pacer(Pacer::unlimited())
            .management_pacer(Pacer::unlimited())
            .license_keys(api)
            .build()
            .unwrap()
    }

    pub(crate) fn issue(&self, spec: KeySpec) -> IssuedKey {
        self.sim.issue(spec).unwrap()
    }

    pub(crate) fn issue_many(&self, count: usize) -> Vec<IssuedKey> {
        self.sim.issue_many(count, &KeySpec::default()).unwrap()
    }

    pub(crate) fn remove_classic(&self, how: DeprecatedCalls) {
        self.sim.change_quirks(|quirks| quirks.deprecated_calls = how);
    }

    /// What arrived since `from`, one line each: method, path and query.
    pub(crate) fn arrived_since(&self, from: usize) -> Vec<String> {
        let line = |request: &anykey_testkit::transport::RecordedRequest| {
            let query = request.query().map(|query| format!("?{query}")).unwrap_or_default();
            format!("{} {}{query}", request.method(), request.path())
        };
        self.records.requests().iter().skip(from).map(line).collect()
    }

    pub(crate) fn arrived(&self) -> usize {
        self.records.requests().len()
    }
}

pub(crate) async fn all(provider: &DodoProvider, query: ListQuery) -> Vec<LicenseKey> {
    provider.keys(query).try_collect().await.unwrap()
}

/// All keys by their codes, read page by page with every token stored as text in between.
pub(crate) async fn codes(provider: &DodoProvider, mut query: ListQuery) -> Vec<String> {
    let mut codes = Vec::new();
    loop {
        let page = provider.list(query.clone()).await.unwrap();
        codes.extend(page.items.iter().map(|key| key.code.expose().to_owned()));
        match page.next {
            Some(next) => query.page = Some(next.to_string().into()),
            None => return codes,
        }
    }
}

pub(crate) fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items: Vec<_> = items.into_iter().collect();
    items.sort();
    items
}

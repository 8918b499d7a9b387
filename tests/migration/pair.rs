//! Two simulated vendors, and a migration between them.

use std::collections::BTreeMap;
use std::sync::Arc;

use anykey::adapter::Named;
use anykey::migrate::{Journal, Mapping, Migration, Outcome};
use anykey::sim::{self, IssueSpec, IssuedKey, SimulatedPlane, Simulator, Which};
use anykey::{
    ActivationLimit, Capability, Clock, HttpTransport, LicenseKey, LicenseProvider, LicenseProviderExt,
    ListQuery, SignedDuration, StatusChange,
};
use anykey_tests::Simulation;
use futures_util::TryStreamExt;

/// Keys of a vendor that becomes the source, and the vendor that becomes the target.
pub(crate) struct Pair {
    pub(crate) source: Simulation,
    pub(crate) target: Simulation,
    pub(crate) mapping: Mapping,
    /// How many keys the target had before.
    pub(crate) before: usize,
}

/// The simulators whose seller can list all keys, or those of each customer.
pub(crate) fn sources() -> Vec<Simulator> {
    let can = |simulator: &Simulator| {
        let simulation = Simulation::of(*simulator);
        simulation.seller_can(Capability::ListAll) || simulation.seller_can(Capability::FilterByCustomer)
    };
    sim::simulators().into_iter().filter(can).collect()
}

/// The simulators that take a given code and count their keys.
pub(crate) fn targets() -> Vec<Simulator> {
    let can = |simulator: &Simulator| {
        let simulation = Simulation::of(*simulator);
        simulation.seller_can(Capability::Create) && simulation.vendor.key_count().is_some()
    };
    sim::simulators().into_iter().filter(can).collect()
}

impl Pair {
    /// Without keys, but for two of the target, one of each product.
    pub(crate) fn new(source: Simulator, target: Simulator) -> Self {
        Self::of(Simulation::of(source), Simulation::of(target))
    }

    pub(crate) fn of(source: Simulation, target: Simulation) -> Self {
        let spec = |which| IssueSpec::new().product(which).customer(which);
        let both = [Which::First, Which::Second];
        let mut mapping = Mapping::from_toml(
            "unknown_expiry = \"never\"\nsubscription_expiry = \"2027-06-01T00:00:00Z\"\ndefault_limit = 3",
        )
        .unwrap();
        for which in both {
            // Two simulators of one vendor make the same codes.
            let there = spec(which).code(format!("THERE-BEFORE-{which:?}"));
            let (old, new) = (source.issue(spec(which)), target.issue(there));
            mapping.default_product.get_or_insert(new.product.clone());
            mapping.products.insert(old.product.as_str().into(), new.product);
            mapping.customers.insert(old.customer.as_str().into(), new.customer);
        }
        let before = target.vendor.key_count().unwrap();
        Self { source, target, mapping, before }
    }

    /// Issues a key of each state that the source has.
    pub(crate) fn seed_states(&self) {
        let vendor = &self.source.vendor;
        let spec = IssueSpec::new;
        let past = vendor.now() - SignedDuration::from_hours(24);
        for (number, spec) in [
            spec().activation_limit(ActivationLimit::Unlimited),
            spec().activation_limit(ActivationLimit::NotAllowed),
            spec().activation_limit(ActivationLimit::AtMost(1)).product(Which::Second),
            spec().expires_at(past),
            spec().expires_at(vendor.now() + SignedDuration::from_hours(24)).customer(Which::Second),
            spec().usage_limit(10),
            spec().by_subscription(),
        ]
        .into_iter()
        .enumerate()
        {
            let _ = self.issue(&format!("STATE-{number}"), spec);
        }
        for change in [StatusChange::Disable, StatusChange::Revoke] {
            let key = self.issue(&format!("STATE-{change:?}"), spec()).unwrap();
            let _ = vendor.set_status(&key.id, change);
        }
        let taken = self.issue("STATE-TAKEN", spec()).unwrap();
        let _ = vendor.activate(&taken.id, "laptop");
    }

    /// Issues `count` keys at the source.
    pub(crate) fn seed(&self, count: usize) -> Vec<IssuedKey> {
        let code = |number| format!("OLD-KEY-{number:06}");
        (0..count).map(|number| self.issue(&code(number), IssueSpec::new()).unwrap()).collect()
    }

    /// Issues a key at the source, with this code where the vendor lets its seller choose: the simulators of two
    /// vendors may make the same ones.
    fn issue(&self, code: &str, spec: IssueSpec) -> Option<IssuedKey> {
        let vendor = &self.source.vendor;
        vendor.issue(spec.clone().code(code)).or_else(|| vendor.issue(spec))
    }

    pub(crate) fn migration(&self) -> Migration {
        self.migration_on(self.target.vendor.transport())
    }

    /// The migration, with `transport` to the target.
    pub(crate) fn migration_on(&self, transport: Arc<dyn HttpTransport>) -> Migration {
        self.migration_to(self.target.provider_on(&self.target_plane(), transport))
    }

    /// The migration to `target`.
    pub(crate) fn migration_to(&self, target: Arc<dyn LicenseProvider>) -> Migration {
        let source = self.source.provider(&self.source.seller_plane());
        let clock = Clock::from(self.target.clock.clone());
        let (source, target) = (Named::new("old", source), Named::new("new", target));
        Migration::new(Arc::new(source), Arc::new(target), self.mapping.clone(), clock)
    }

    /// The target's provider.
    pub(crate) fn seller(&self) -> Arc<dyn LicenseProvider> {
        self.target.provider(&self.target_plane())
    }

    pub(crate) fn target_plane(&self) -> SimulatedPlane {
        self.target.seller_plane()
    }

    /// Runs it to its end, with a journal in memory.
    pub(crate) async fn run(&self) -> Outcome {
        let mut journal = Journal::in_memory().await.unwrap();
        self.migration().run(&mut journal, &mut |_| {}).await.unwrap()
    }

    /// All keys of one end, read without faults.
    pub(crate) async fn keys(simulation: &Simulation, mapping: Option<&Mapping>) -> Vec<LicenseKey> {
        simulation.vendor.faults().clear();
        let provider = simulation.provider(&simulation.seller_plane());
        if provider.capabilities().contains(Capability::ListAll) {
            return provider.keys(ListQuery::new()).try_collect().await.unwrap();
        }
        let mut keys = Vec::new();
        for customer in mapping.unwrap().customers.keys() {
            let query = ListQuery::new().customer(&**customer);
            keys.extend(provider.keys(query).try_collect::<Vec<_>>().await.unwrap());
        }
        keys
    }

    /// How often each code is at the target.
    pub(crate) async fn codes_at_target(&self) -> BTreeMap<String, usize> {
        let mut codes = BTreeMap::new();
        for key in Self::keys(&self.target, None).await {
            *codes.entry(key.code.expose().to_owned()).or_default() += 1;
        }
        codes
    }

    /// Fails unless each of `codes` is at the target once, and the target's own records are `count` more than before.
    pub(crate) async fn assert_each_once(&self, codes: impl IntoIterator<Item = String>, count: usize) {
        let at_target = self.codes_at_target().await;
        assert_eq!(at_target.values().filter(|copies| **copies > 1).count(), 0, "a code is there twice");
        for code in codes {
            assert!(at_target.contains_key(&code), "a key is lost");
        }
        assert_eq!(self.target.vendor.key_count().unwrap(), self.before + count);
    }
}

//! The conformance suite, with and without a token.

use std::sync::Arc;

use anykey::adapter::KeyCodeExt as _;
use anykey::{
    ActivationLimit, HttpTransport, KeyCode, LicenseKeyId, LicenseProvider, ManualClock, StatusChange,
    Timestamp, async_trait,
};
use anykey_testkit::conformance::{IssueSpec, IssuedKey, Subject, Which};

use crate::simulator::{AcmeSim, Sold, TOKEN};

/// The provider that the suite tests, and the seller's actions in the simulated vendor.
struct Acme {
    config: &'static str,
    sim: AcmeSim,
    clock: ManualClock,
}

impl Acme {
    fn with(config: &'static str) -> Self {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        Self { config, sim: AcmeSim::new(clock.clone()), clock }
    }
}

#[async_trait]
impl Subject for Acme {
    fn provider(&self) -> Arc<dyn LicenseProvider> {
        crate::provider(self.config, self.sim.clone()).unwrap()
    }

    fn provider_through(
        &self,
        wrap: &dyn Fn(Arc<dyn HttpTransport>) -> Arc<dyn HttpTransport>,
    ) -> Option<Arc<dyn LicenseProvider>> {
        Some(crate::provider(self.config, wrap(Arc::new(self.sim.clone()))).unwrap())
    }

    /// Acme has no subscriptions and counts no usage.
    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        if spec.by_subscription
            || spec.usage_limit.is_some()
            || spec.seat_lifetime.is_some()
            || spec.other_environment
        {
            return None;
        }
        let first = |which, first, second| if which == Which::First { first } else { second };
        let product = first(spec.product, "app", "plugin");
        let customer = first(spec.customer, "ada", "bob");
        let seats = match spec.activation_limit {
            ActivationLimit::Unlimited => -1,
            ActivationLimit::NotAllowed => 0,
            ActivationLimit::AtMost(seats) => i64::try_from(seats).ok()?,
            _ => return None,
        };
        let (id, code) = self.sim.sell(Sold { product, customer, seats, ends_at: spec.expires_at });
        Some(IssuedKey::new(id, KeyCode::verbatim(code), product, customer))
    }

    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        let suspended = match change {
            StatusChange::Disable => true,
            StatusChange::Enable => false,
            _ => return None,
        };
        self.sim.suspend(id.as_str(), suspended).then_some(())
    }

    fn clock(&self) -> &ManualClock {
        &self.clock
    }

    fn secrets(&self) -> Vec<String> {
        vec![TOKEN.to_owned()]
    }
}

anykey_testkit::conformance!(device_plane, Acme::with("provider = \"acme\""));
anykey_testkit::conformance!(
    management_plane,
    Acme::with("provider = \"acme\"\ntoken = { env = \"ACME_TOKEN\" }")
);

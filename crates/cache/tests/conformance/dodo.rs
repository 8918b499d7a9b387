//! Dodo Payments on its simulator.

use std::sync::Arc;

use anykey_core::{
    ActivationLimit, KeyCode, LicenseKeyId, LicenseProvider, ManualClock, Operation, RefusalReason,
    StatusChange, async_trait,
};
use anykey_dodo::DodoProvider;
use anykey_dodo_sim::{ApiKeyScope, DodoSim, KeySpec, Purchase};
use anykey_http::Pacer;
use anykey_testkit::conformance::{IssueSpec, IssuedKey, Subject, Which};

pub(crate) struct Dodo {
    sim: DodoSim,
    clock: ManualClock,
    api_key: Option<String>,
    products: [String; 2],
    customers: [String; 2],
}

impl Dodo {
    pub(crate) fn device() -> Self {
        let clock = ManualClock::at("2026-11-01T12:00:00Z".parse().unwrap());
        let sim = DodoSim::new(clock.clone());
        Self {
            products: ["App", "Other app"].map(|name| sim.add_product(name)),
            customers: ["A", "B"].map(|name| sim.add_customer(name, format!("{name}@example.com"))),
            api_key: None,
            sim,
            clock,
        }
    }

    pub(crate) fn management() -> Self {
        let device = Self::device();
        Self { api_key: Some(device.sim.api_key(ApiKeyScope::ReadWrite)), ..device }
    }
}

#[async_trait]
impl Subject for Dodo {
    fn provider(&self) -> Arc<dyn LicenseProvider> {
        let builder = DodoProvider::builder()
            .base_url("http://localhost".parse().unwrap())
            .transport(Arc::new(self.sim.clone()))
            .device_pacer(Pacer::unlimited())
            .management_pacer(Pacer::unlimited());
        let builder = match &self.api_key {
            Some(api_key) => builder.token(api_key.as_str()),
            None => builder,
        };
        Arc::new(builder.build().unwrap())
    }

    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        let limit = match spec.activation_limit {
            ActivationLimit::Unlimited => None,
            ActivationLimit::AtMost(limit) => Some(i32::try_from(limit).unwrap()),
            _ => return None,
        };
        if spec.usage_limit.is_some() {
            return None;
        }
        let pick = |[first, second]: &[String; 2], which| match which {
            Which::First => first.clone(),
            Which::Second => second.clone(),
        };
        let sold = self.sim.issue(KeySpec {
            product: Some(pick(&self.products, spec.product)),
            customer: Some(pick(&self.customers, spec.customer)),
            activations_limit: limit,
            expires_at: spec.expires_at,
            purchase: if spec.by_subscription { Purchase::Subscription } else { Purchase::OneTime },
            ..KeySpec::default()
        });
        let sold = sold.unwrap();
        Some(IssuedKey::new(sold.id, KeyCode::verbatim(sold.key), sold.product_id, sold.customer_id))
    }

    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        match change {
            StatusChange::Disable => self.sim.disable(id.as_str()),
            StatusChange::Enable => self.sim.enable(id.as_str()),
            _ => return None,
        }
        .then_some(())
    }

    fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// One boolean for a validation, and one 403 for every key out of force.
    fn told(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        use RefusalReason::{Disabled, Expired, Inactive, Revoked, Unspecified};
        match (operation, cause) {
            (Operation::Validate, _) => Unspecified,
            (_, Disabled | Expired | Revoked) => Inactive,
            (_, precise) => precise,
        }
    }

    fn secrets(&self) -> Vec<String> {
        self.api_key.iter().cloned().collect()
    }
}

//! Polar on its simulator.

use std::sync::Arc;

use anykey_core::{
    ActivationLimit, KeyCode, LicenseKeyId, LicenseProvider, ManualClock, Operation, RefusalReason,
    StatusChange, async_trait,
};
use anykey_http::{HttpTransport, Pacer};
use anykey_polar::PolarProvider;
use anykey_polar_sim::{ActivationSpec, BenefitSpec, CustomerSpec, GrantSpec, PolarSim, Scope, Uuid};
use anykey_testkit::conformance::{IssueSpec, IssuedKey, Subject, Which};
use serde_json::{Map, Value, json};

pub(crate) struct Polar {
    sim: PolarSim,
    clock: ManualClock,
    /// What the back office works with.
    token: String,
    is_public: bool,
    benefits: [Uuid; 2],
    customers: [Uuid; 2],
}

impl Polar {
    pub(crate) fn organization() -> Self {
        let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
        let sim = PolarSim::builder(clock.clone()).build();
        let benefit = BenefitSpec {
            activations: Some(ActivationSpec { limit: 3, enable_customer_admin: true }),
            ..BenefitSpec::default()
        };
        let scopes = [Scope::LicenseKeysRead, Scope::LicenseKeysWrite];
        Self {
            token: sim.organization_token(sim.organization_id(), scopes).unwrap(),
            is_public: false,
            benefits: [(); 2].map(|()| sim.add_benefit(benefit.clone()).unwrap()),
            customers: [(); 2].map(|()| sim.add_customer(CustomerSpec::default()).unwrap()),
            sim,
            clock,
        }
    }

    pub(crate) fn public() -> Self {
        Self { is_public: true, ..Self::organization() }
    }

    async fn patch(&self, id: &str, changes: Value) {
        let body = changes.to_string();
        let request = http::Request::patch(format!("https://api.polar.sh/v1/license-keys/{id}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .header("content-length", body.len())
            .body(body.into())
            .unwrap();
        assert_eq!(self.sim.send(request).await.unwrap().status(), 200);
    }
}

#[async_trait]
impl Subject for Polar {
    fn provider(&self) -> Arc<dyn LicenseProvider> {
        let builder = PolarProvider::builder(self.sim.organization_id().to_string())
            .transport(Arc::new(self.sim.clone()))
            .device_pacer(Pacer::unlimited())
            .management_pacer(Pacer::unlimited());
        let builder = if self.is_public { builder } else { builder.token(self.token.as_str()) };
        Arc::new(builder.build().unwrap())
    }

    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        let pick = |[first, second]: [Uuid; 2], which| match which {
            Which::First => first,
            Which::Second => second,
        };
        let (benefit, customer) = (pick(self.benefits, spec.product), pick(self.customers, spec.customer));
        let sold = self.sim.grant(match spec.by_subscription {
            true => GrantSpec::subscription(benefit, customer),
            false => GrantSpec::order(benefit, customer),
        });
        let sold = sold.unwrap();
        let mut changes = Map::new();
        match spec.activation_limit {
            ActivationLimit::AtMost(limit) => drop(changes.insert("limit_activations".into(), json!(limit))),
            ActivationLimit::NotAllowed => drop(changes.insert("limit_activations".into(), Value::Null)),
            _ => return None,
        }
        if let Some(at) = spec.expires_at {
            changes.insert("expires_at".into(), json!(at));
        }
        if let Some(limit) = spec.usage_limit {
            changes.insert("limit_usage".into(), json!(limit));
        }
        self.patch(&sold.id.to_string(), changes.into()).await;
        let code = KeyCode::verbatim(sold.key);
        Some(IssuedKey::new(sold.id.to_string(), code, benefit.to_string(), customer.to_string()))
    }

    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        let word = match change {
            StatusChange::Enable => "granted",
            StatusChange::Disable => "disabled",
            StatusChange::Revoke => "revoked",
            _ => return None,
        };
        self.patch(id.as_str(), json!({ "status": word })).await;
        Some(())
    }

    fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// Polar's one sentence for both: "License key is no longer active."
    fn told(&self, _: Operation, cause: RefusalReason) -> RefusalReason {
        match cause {
            RefusalReason::Disabled | RefusalReason::Revoked => RefusalReason::Inactive,
            precise => precise,
        }
    }

    fn secrets(&self) -> Vec<String> {
        vec![self.token.clone()]
    }
}

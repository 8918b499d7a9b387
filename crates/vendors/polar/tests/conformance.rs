//! Each plane of the adapter, in two versions of the API, passes the suite on the simulator.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use anykey_core::{
    ActivationLimit, KeyCode, LicenseKeyId, LicenseProvider, ManualClock, Operation, RefusalReason,
    StatusChange, Timestamp, async_trait,
};
use anykey_http::{HttpTransport, Pacer};
use anykey_polar::{Plane, PolarProvider};
use anykey_polar_sim::{
    ActivationSpec, BenefitSpec, CustomerSpec, GrantSpec, PolarSim, Release, Scope, Uuid,
};
use anykey_testkit::conformance::{IssueSpec, IssuedKey, Subject, Which};
use serde_json::{Map, Value, json};

struct Polar {
    sim: PolarSim,
    clock: ManualClock,
    plane: Plane,
    api_version: Option<&'static str>,
    back_office: String,
    session: String,
    benefits: [Uuid; 2],
    customers: [Uuid; 2],
}

impl Polar {
    fn on(plane: Plane, release: Release, api_version: Option<&'static str>) -> Self {
        let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
        let sim = PolarSim::builder(clock.clone()).release(release).build();
        let benefit = BenefitSpec {
            prefix: Some("MYAPP".to_owned()),
            activations: Some(ActivationSpec { limit: 3, enable_customer_admin: true }),
            ..BenefitSpec::default()
        };
        let benefits = [(); 2].map(|()| sim.add_benefit(benefit.clone()).unwrap());
        let customers = [(); 2].map(|()| sim.add_customer(CustomerSpec::default()).unwrap());
        let scopes = [Scope::LicenseKeysRead, Scope::LicenseKeysWrite];
        let back_office = sim.organization_token(sim.organization_id(), scopes).unwrap();
        let session = sim.customer_session(customers[0]).unwrap();
        sim.expire_token(&session, Timestamp::MAX).unwrap();
        Self { sim, clock, plane, api_version, back_office, session, benefits, customers }
    }

    fn recorded(plane: Plane) -> Self {
        Self::on(plane, Release::August2026, None)
    }

    fn next_year(plane: Plane) -> Self {
        Self::on(plane, Release::October2026, Some("2027-01"))
    }

    async fn patch(&self, id: &str, body: Value) {
        let body = body.to_string();
        let request = http::Request::patch(format!("https://api.polar.sh/v1/license-keys/{id}"))
            .header("authorization", format!("Bearer {}", self.back_office))
            .header("content-type", "application/json")
            .header("content-length", body.len())
            .body(body.into())
            .unwrap();
        let answer = self.sim.send(request).await.unwrap();
        assert_eq!(answer.status(), 200, "{:?}", answer.body());
    }
}

#[async_trait]
impl Subject for Polar {
    fn provider(&self) -> Arc<dyn LicenseProvider> {
        let mut builder = PolarProvider::builder(self.sim.organization_id().to_string())
            .transport(Arc::new(self.sim.clone()))
            .device_pacer(Pacer::unlimited())
            .management_pacer(Pacer::unlimited());
        if let Some(version) = self.api_version {
            builder = builder.api_version(version);
        }
        builder = match self.plane {
            Plane::Portal => builder.session_token(self.session.as_str()),
            Plane::Organization => builder.token(self.back_office.as_str()),
            _ => builder,
        };
        let provider = builder.build().unwrap();
        assert_eq!(provider.plane(), self.plane);
        Arc::new(provider)
    }

    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        let benefit = pick(self.benefits, spec.product);
        let customer = pick(self.customers, spec.customer);
        let grant = match spec.by_subscription {
            true => GrantSpec::subscription(benefit, customer),
            false => GrantSpec::order(benefit, customer),
        };
        let sold = self.sim.grant(grant).unwrap();
        let mut changes = Map::new();
        match spec.activation_limit {
            ActivationLimit::AtMost(3) => {}
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
        if !changes.is_empty() {
            self.patch(&sold.id.to_string(), changes.into()).await;
        }
        Some(IssuedKey::new(
            sold.id.to_string(),
            KeyCode::verbatim(sold.key),
            benefit.to_string(),
            customer.to_string(),
        ))
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
        vec![self.back_office.clone(), self.session.clone()]
    }
}

/// The same through a pointer to a trait object.
struct Pointed(Polar);

#[async_trait]
impl Subject for Pointed {
    fn provider(&self) -> Arc<dyn LicenseProvider> {
        Arc::new(self.0.provider())
    }

    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        self.0.issue(spec).await
    }

    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        self.0.set_status(id, change).await
    }

    fn clock(&self) -> &ManualClock {
        self.0.clock()
    }

    fn told(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        self.0.told(operation, cause)
    }

    fn secrets(&self) -> Vec<String> {
        self.0.secrets()
    }
}

fn pick(pair: [Uuid; 2], which: Which) -> Uuid {
    let [first, second] = pair;
    match which {
        Which::First => first,
        Which::Second => second,
    }
}

anykey_testkit::conformance!(public_plane, Polar::recorded(Plane::Public));
anykey_testkit::conformance!(portal_plane, Polar::recorded(Plane::Portal));
anykey_testkit::conformance!(organization_plane, Polar::recorded(Plane::Organization));
anykey_testkit::conformance!(next_years_public_plane, Polar::next_year(Plane::Public));
anykey_testkit::conformance!(next_years_portal_plane, Polar::next_year(Plane::Portal));
anykey_testkit::conformance!(next_years_organization_plane, Polar::next_year(Plane::Organization));
anykey_testkit::conformance!(a_pointer, Pointed(Polar::recorded(Plane::Organization)));

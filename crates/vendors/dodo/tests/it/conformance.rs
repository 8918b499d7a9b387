//! Both planes of the adapter pass the suite on the simulator, the management plane in every shape that Dodo's
//! API has had or is going to have.

use std::sync::Arc;

use anykey_core::{
    Capability, HttpTransport, LicenseKeyId, LicenseProvider, ListQuery, ManualClock, Operation,
    RefusalReason, Result, StatusChange, async_trait,
};
use anykey_dodo::{DodoBuilder, DodoConfig, LicenseKeysApi};
use anykey_dodo_sim::kit::{SimulatedPlane, SimulatedVendor};
use anykey_dodo_sim::{DeprecatedCalls, DodoSim, Quirks, SimulatedDodo};
use anykey_testkit::conformance::{IssueSpec, IssuedKey, SimulatedSubject, Subject, VendorRules, run};

/// The vendor, its clock, and its device or management plane.
fn start(plane: &str, change: impl FnOnce(&mut Quirks)) -> (SimulatedDodo, ManualClock, SimulatedPlane) {
    let clock = ManualClock::at("2026-11-01T12:00:00Z".parse().unwrap());
    let vendor = SimulatedDodo::new(DodoSim::new(clock.clone()));
    vendor.sim().change_quirks(change);
    let plane = vendor.planes().into_iter().find(|known| known.name == plane).unwrap();
    (vendor, clock, plane)
}

fn builder(vendor: &dyn SimulatedVendor, plane: &SimulatedPlane) -> DodoBuilder {
    let config: DodoConfig = serde_json::from_value(plane.fields.clone().into()).unwrap();
    config.builder(&plane.secrets).unwrap().transport(vendor.transport())
}

fn build(vendor: &dyn SimulatedVendor, plane: &SimulatedPlane) -> Result<Arc<dyn LicenseProvider>> {
    Ok(Arc::new(builder(vendor, plane).build()?))
}

fn device() -> SimulatedSubject {
    let (vendor, clock, plane) = start("device", |_| {});
    SimulatedSubject::new(Arc::new(vendor), clock, plane, build).unwrap()
}

fn management(api: LicenseKeysApi, change: impl FnOnce(&mut Quirks)) -> SimulatedSubject {
    let (vendor, clock, mut plane) = start("management", change);
    plane.distinguishes_revoked = api == LicenseKeysApi::Grants;
    SimulatedSubject::new(Arc::new(vendor), clock, plane, move |vendor, plane| {
        Ok(Arc::new(builder(vendor, plane).license_keys(api).build()?))
    })
    .unwrap()
}

/// A provider that found out by listing that the classic calls are gone.
async fn switched(removed: DeprecatedCalls) -> SimulatedSubject {
    let (vendor, clock, mut plane) = start("management", |quirks| quirks.deprecated_calls = removed);
    plane.distinguishes_revoked = true;
    let provider = builder(&vendor, &plane).build().unwrap();
    provider.list(ListQuery::new()).await.unwrap();
    assert!(provider.capabilities().contains(Capability::Revoke), "it has switched");
    SimulatedSubject::new(Arc::new(vendor), clock, plane, build).unwrap().with_provider(Arc::new(provider))
}

anykey_testkit::conformance!(device_plane, device());
anykey_testkit::conformance!(management_plane, management(LicenseKeysApi::Auto, |_| {}));
anykey_testkit::conformance!(
    classic_alone,
    management(LicenseKeysApi::Classic, |quirks| quirks.omit_entitlement_calls = true)
);
anykey_testkit::conformance!(
    auto_with_classic_alone,
    management(LicenseKeysApi::Auto, |quirks| quirks.omit_entitlement_calls = true)
);
anykey_testkit::conformance!(grants_beside_classic, management(LicenseKeysApi::Grants, |_| {}));
anykey_testkit::conformance!(
    grants_alone,
    management(LicenseKeysApi::Grants, |quirks| quirks.deprecated_calls = DeprecatedCalls::Gone)
);
anykey_testkit::conformance!(auto_after_410, switched(DeprecatedCalls::Gone).await);
anykey_testkit::conformance!(auto_after_404, switched(DeprecatedCalls::NotFound).await);

/// A subject whose keys go by the ids of their grants.
struct ByGrant(SimulatedSubject, DodoSim);

#[async_trait]
impl Subject for ByGrant {
    fn provider(&self) -> Arc<dyn LicenseProvider> {
        self.0.provider()
    }

    fn provider_through(
        &self,
        wrap: &dyn Fn(Arc<dyn HttpTransport>) -> Arc<dyn HttpTransport>,
    ) -> Option<Arc<dyn LicenseProvider>> {
        self.0.provider_through(wrap)
    }

    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        let mut issued = self.0.issue(spec).await?;
        issued.id = self.1.grant_of(issued.id.as_str())?.into();
        Some(issued)
    }

    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        let key = self.1.key_of_grant(id.as_str()).map_or_else(|| id.clone(), LicenseKeyId::from);
        self.0.set_status(&key, change).await
    }

    fn clock(&self) -> &ManualClock {
        self.0.clock()
    }

    fn reported(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        self.0.reported(operation, cause)
    }

    fn rules(&self) -> VendorRules {
        self.0.rules()
    }

    fn secrets(&self) -> Vec<String> {
        self.0.secrets()
    }
}

/// Up to specification 1.113 a grant does not tell its key's id, so the key goes by the grant's. What is not a
/// grant, a seat or the answer to an import, still names the key by its own.
#[tokio::test]
async fn keys_without_an_id_pass_but_for_what_names_them_by_it() {
    let report = run(async || {
        let (vendor, clock, mut plane) = start("grants", |quirks| {
            quirks.nameless_granted_keys = true;
            quirks.lower_case_grant_status = true;
            quirks.null_grant_metadata = true;
            quirks.omit_null_members = true;
        });
        plane.distinguishes_revoked = true;
        let sim = vendor.sim().clone();
        ByGrant(SimulatedSubject::new(Arc::new(vendor), clock, plane, build).unwrap(), sim)
    });
    let report = report.await;
    let expected = [
        "a_created_key_keeps_every_field",
        "a_key_created_without_limits_has_none",
        "a_code_that_exists_is_a_conflict",
        "the_activations_are_those_that_were_made",
        "seats_are_taken_up_to_the_limit",
    ];
    assert_eq!(report.failures(), expected, "{report}");
}

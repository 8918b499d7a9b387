//! Both planes of the adapter pass the suite on the simulator, the management plane in every shape that Dodo's
//! API has had or is going to have.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use anykey_core::{
    ActivationLimit, Capability, KeyCode, LicenseKeyId, LicenseProvider, ListQuery, ManualClock, Operation,
    RefusalReason, StatusChange, async_trait,
};
use anykey_dodo::{DodoBuilder, DodoProvider, LicenseKeysApi};
use anykey_dodo_sim::{ApiKeyScope, DeprecatedCalls, DodoSim, KeySpec, Purchase, Quirks};
use anykey_http::Pacer;
use anykey_testkit::conformance::{IssueSpec, IssuedKey, Subject, Which, run};

struct Dodo {
    sim: DodoSim,
    clock: ManualClock,
    builder: DodoBuilder,
    api_key: Option<String>,
    /// The provider to go on with; without it there is a new one, which knows nothing yet, each time.
    switched: Option<DodoProvider>,
    products: [String; 2],
    customers: [String; 2],
}

impl Dodo {
    fn device() -> Self {
        let clock = ManualClock::at("2026-11-01T12:00:00Z".parse().unwrap());
        let sim = DodoSim::new(clock.clone());
        Self {
            products: [sim.add_product("App"), sim.add_product("Other app")],
            customers: [sim.add_customer("A", "a@example.com"), sim.add_customer("B", "b@example.com")],
            builder: DodoProvider::builder()
                .base_url("http://localhost".parse().unwrap())
                .transport(Arc::new(sim.clone()))
                .device_pacer(Pacer::unlimited())
                .management_pacer(Pacer::unlimited()),
            api_key: None,
            switched: None,
            sim,
            clock,
        }
    }

    fn management(api: LicenseKeysApi, change: impl FnOnce(&mut Quirks)) -> Self {
        let device = Self::device();
        device.sim.change_quirks(change);
        let api_key = device.sim.api_key(ApiKeyScope::ReadWrite);
        let builder = device.builder.clone().license_keys(api).token(api_key.as_str());
        Self { builder, api_key: Some(api_key), ..device }
    }

    /// A provider that found out by listing that the classic calls are gone.
    async fn switched(removed: DeprecatedCalls) -> Self {
        let dodo = Self::management(LicenseKeysApi::Auto, |quirks| quirks.deprecated_calls = removed);
        let provider = dodo.builder.clone().build().unwrap();
        provider.list(ListQuery::new()).await.unwrap();
        assert!(provider.capabilities().contains(Capability::Revoke), "it has switched");
        Self { switched: Some(provider), ..dodo }
    }

    /// The id by which the provider knows a key: its grant's, where Dodo does not tell its own.
    fn told_id(&self, key_id: String) -> String {
        let mut nameless = false;
        self.sim.change_quirks(|quirks| nameless = quirks.nameless_granted_keys);
        if nameless { self.sim.grant_of(&key_id).unwrap() } else { key_id }
    }
}

fn pick(pair: &[String; 2], which: Which) -> String {
    let [first, second] = pair;
    match which {
        Which::First => first.clone(),
        Which::Second => second.clone(),
    }
}

#[async_trait]
impl Subject for Dodo {
    fn provider(&self) -> Arc<dyn LicenseProvider> {
        match &self.switched {
            Some(provider) => Arc::new(provider.clone()),
            None => Arc::new(self.builder.clone().build().unwrap()),
        }
    }

    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        let activations_limit = match spec.activation_limit {
            ActivationLimit::Unlimited => None,
            ActivationLimit::AtMost(limit) => Some(i32::try_from(limit).unwrap()),
            _ => return None,
        };
        if spec.usage_limit.is_some() {
            return None;
        }
        let purchase = if spec.by_subscription { Purchase::Subscription } else { Purchase::OneTime };
        let issued = self.sim.issue(KeySpec {
            product: Some(pick(&self.products, spec.product)),
            customer: Some(pick(&self.customers, spec.customer)),
            activations_limit,
            expires_at: spec.expires_at,
            purchase,
            ..KeySpec::default()
        });
        let issued = issued.unwrap();
        let id = self.told_id(issued.id);
        Some(IssuedKey::new(id, KeyCode::verbatim(issued.key), issued.product_id, issued.customer_id))
    }

    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        let key_id = self.sim.key_of_grant(id.as_str()).unwrap_or_else(|| id.to_string());
        let knows_revoked = self.provider().capabilities().contains(Capability::Revoke);
        let done = match change {
            StatusChange::Disable => self.sim.disable(&key_id),
            StatusChange::Enable => self.sim.enable(&key_id),
            StatusChange::Revoke if knows_revoked => self.sim.revoke(&key_id),
            _ => return None,
        };
        assert!(done, "the back office knows {id}");
        Some(())
    }

    fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// Dodo validates with one boolean, which is asked for twice where a seat is named, and activates every key out of force with one and the same 403.
    fn told(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        use RefusalReason::{Disabled, Expired, Inactive, Revoked, UnknownActivation, Unspecified};
        match (operation, cause) {
            (Operation::Validate, UnknownActivation) => UnknownActivation,
            (Operation::Validate, _) => Unspecified,
            (_, Disabled | Expired | Revoked) => Inactive,
            (_, precise) => precise,
        }
    }

    fn secrets(&self) -> Vec<String> {
        self.api_key.iter().cloned().collect()
    }
}

anykey_testkit::conformance!(device_plane, Dodo::device());
anykey_testkit::conformance!(management_plane, Dodo::management(LicenseKeysApi::Auto, |_| {}));
anykey_testkit::conformance!(
    classic_alone,
    Dodo::management(LicenseKeysApi::Classic, |quirks| quirks.omit_entitlement_calls = true)
);
anykey_testkit::conformance!(
    auto_with_classic_alone,
    Dodo::management(LicenseKeysApi::Auto, |quirks| quirks.omit_entitlement_calls = true)
);
anykey_testkit::conformance!(grants_beside_classic, Dodo::management(LicenseKeysApi::Grants, |_| {}));
anykey_testkit::conformance!(
    grants_alone,
    Dodo::management(LicenseKeysApi::Grants, |quirks| quirks.deprecated_calls = DeprecatedCalls::Gone)
);
anykey_testkit::conformance!(auto_after_410, Dodo::switched(DeprecatedCalls::Gone).await);
anykey_testkit::conformance!(auto_after_404, Dodo::switched(DeprecatedCalls::NotFound).await);

/// Up to specification 1.113 a grant does not tell its key's id, so the key goes by the grant's. What is not a
/// grant, a seat or the answer to an import, still names the key by its own.
#[tokio::test]
async fn keys_without_an_id_pass_but_for_what_names_them_by_it() {
    let report = run(async || {
        Dodo::management(LicenseKeysApi::Grants, |quirks| {
            quirks.nameless_granted_keys = true;
            quirks.lower_case_grant_status = true;
            quirks.null_grant_metadata = true;
            quirks.omit_null_members = true;
        })
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

use std::collections::HashMap;

use anykey_core::{HttpTransport, ManualClock, SignedDuration, Timestamp};
use anykey_polar_sim::{
    ActivationSpec, BenefitSpec, BillingAddress, CustomerSpec, Environment, GrantSpec, MemberSpec,
    OrganizationSpec, PolarSim, Scope, Timeframe, Ttl, Uuid,
};
use bytes::Bytes;

use super::keys::*;

pub const ORIGIN: &str = "http://127.0.0.1:8000";
pub const ORGANIZATION: &str = "57a10a51-653a-449f-a259-1c70a3bbc826";
const OTHER_ORGANIZATION: &str = "b8dcbab2-6c5a-4838-8b3b-79ea378e27b8";
const MEMBER_ORGANIZATION: &str = "fe533e38-7df6-4fbb-abf6-c74362302e2f";
/// The simulator with the recorded organizations, customers and benefits.
pub struct Fixture {
    pub sim: PolarSim,
    pub clock: ManualClock,
    ids: HashMap<&'static str, Uuid>,
    /// The recorded name of a credential, and the simulator's token for it.
    tokens: HashMap<&'static str, String>,
}

impl Fixture {
    pub fn new(environment: &str) -> Self {
        let clock = ManualClock::at(START.parse().unwrap());
        let environment = match environment {
            "production" => Environment::Production,
            "sandbox" => Environment::Sandbox,
            _ => Environment::Development,
        };
        let sim = PolarSim::builder(clock.clone()).environment(environment).build();
        let mut fixture = Self { sim, clock, ids: HashMap::new(), tokens: HashMap::new() };
        fixture.add_organizations_and_customers();
        fixture.add_benefits();
        fixture.add_tokens();
        fixture
    }

    fn add_organizations_and_customers(&mut self) {
        let sim = self.sim.clone();
        self.ids.insert(ORGANIZATION, sim.organization_id());
        let other = sim.add_organization(OrganizationSpec::default());
        self.ids.insert(OTHER_ORGANIZATION, other);
        let members = sim.add_organization(OrganizationSpec { member_model: true, ..Default::default() });
        self.ids.insert(MEMBER_ORGANIZATION, members);
        let metadata = serde_json::json!({"b": true, "f": 1.5, "n": 1, "plan": "pro"});
        let alice = CustomerSpec {
            email: Some("alice@example.com".to_owned()),
            email_verified: true,
            name: Some("Alice Example".to_owned()),
            external_id: Some("ext-alice".to_owned()),
            billing_address: Some(address()),
            metadata: metadata.as_object().unwrap().clone().into_iter().collect(),
            ..Default::default()
        };
        self.add_customer(ALICE, alice);
        let person = |email: &str, name: &str, organization| CustomerSpec {
            email: Some(email.to_owned()),
            name: Some(name.to_owned()),
            organization,
            ..Default::default()
        };
        let bob = CustomerSpec { email: Some("bob@example.com".to_owned()), ..Default::default() };
        self.add_customer(BOB, bob);
        self.add_customer(DELETED, person("deleted@example.com", "To Delete", None));
        self.add_customer(OTHER, person("other@example.com", "Other", Some(other)));
        self.add_customer(TEAM, person("mem@example.com", "Mem", Some(members)));
    }

    /// Changes Bob, as between the recordings.
    pub fn change_bob(&mut self, change: impl FnOnce(&mut CustomerSpec)) -> &mut Self {
        self.sim.update_customer(self.ids[BOB], change).unwrap();
        self
    }

    pub fn taxed(bob: &mut CustomerSpec) {
        bob.name = Some("Bob B".to_owned());
        bob.external_id = Some("ext-bob".to_owned());
        bob.metadata.insert("k".to_owned(), "v".into());
        bob.billing_address = Some(address());
        bob.tax_id = Some(("FR61954506077".to_owned(), "eu_vat".to_owned()));
        bob.locale = Some("fr".to_owned());
    }

    pub fn team(bob: &mut CustomerSpec) {
        Self::taxed(bob);
        bob.team = true;
        bob.email = None;
        bob.name = None;
    }

    fn add_customer(&mut self, recorded: &'static str, spec: CustomerSpec) {
        self.ids.insert(recorded, self.sim.add_customer(spec).unwrap());
    }

    fn add_benefits(&mut self) {
        let devices = |limit, enable_customer_admin| Some(ActivationSpec { limit, enable_customer_admin });
        let prefix = |prefix: &str| Some(prefix.to_owned());
        let other = Some(self.ids[OTHER_ORGANIZATION]);
        let members = Some(self.ids[MEMBER_ORGANIZATION]);
        let expires = Some(Ttl { count: 1, timeframe: Timeframe::Year });
        for (recorded, spec) in [
            (PLAIN_BENEFIT, BenefitSpec::default()),
            (
                DEVICE_BENEFIT,
                BenefitSpec { prefix: prefix("ACT"), activations: devices(3, true), ..Default::default() },
            ),
            (
                USAGE_BENEFIT,
                BenefitSpec { prefix: prefix("USAGE"), limit_usage: Some(100), ..Default::default() },
            ),
            (EXPIRING_BENEFIT, BenefitSpec { prefix: prefix("EXP"), ..Default::default() }),
            (HIDDEN_BENEFIT, BenefitSpec { activations: devices(2, false), ..Default::default() }),
            (
                FULL_BENEFIT,
                BenefitSpec {
                    prefix: prefix("ALL"),
                    activations: devices(5, true),
                    limit_usage: Some(10),
                    expires,
                    ..Default::default()
                },
            ),
            (
                OTHER_BENEFIT,
                BenefitSpec { organization: other, activations: devices(1, false), ..Default::default() },
            ),
            (
                MEMBER_BENEFIT,
                BenefitSpec { organization: members, activations: devices(1, false), ..Default::default() },
            ),
        ] {
            self.ids.insert(recorded, self.sim.add_benefit(spec).unwrap());
        }
    }

    fn add_tokens(&mut self) {
        use Scope::{LicenseKeysRead as Read, LicenseKeysWrite as Write, ProductsRead};
        let (sim, home, other) = (self.sim.clone(), self.ids[ORGANIZATION], self.ids[OTHER_ORGANIZATION]);
        let nobody = sim.add_customer(CustomerSpec::default()).unwrap();
        let expired = sim.customer_session(self.ids[ALICE]).unwrap();
        sim.expire_token(&expired, Timestamp::UNIX_EPOCH).unwrap();
        let member = MemberSpec { email: "mem@example.com".to_owned(), owner: true, external_id: None };
        self.ids.insert("member", sim.add_member(self.ids[TEAM], member).unwrap());
        for (recorded, token) in [
            ("customerA_session", sim.customer_session(self.ids[ALICE]).unwrap()),
            ("customerA_session_expired", expired),
            ("customerB_session", sim.customer_session(self.ids[BOB]).unwrap()),
            ("customerC_session_nokeys", sim.customer_session(nobody).unwrap()),
            ("memberOrg3_session", sim.member_session(self.ids["member"]).unwrap()),
            ("org1_oat_license_keys_rw", sim.organization_token(home, [Read, Write]).unwrap()),
            ("org1_oat_all", sim.organization_token(home, [Read, Write, ProductsRead]).unwrap()),
            ("org1_oat_license_keys_read", sim.organization_token(home, [Read]).unwrap()),
            ("org1_oat_license_keys_write_only", sim.organization_token(home, [Write]).unwrap()),
            ("org1_oat_products_read", sim.organization_token(home, [ProductsRead]).unwrap()),
            ("org2_oat_all", sim.organization_token(other, [Read, Write]).unwrap()),
            ("user1_pat_license_keys_rw", sim.personal_token([home], [Read, Write], true)),
        ] {
            self.tokens.insert(recorded, token);
        }
    }

    pub fn sell(&mut self, key: &Key) -> &mut Self {
        self.grant(key, None)
    }

    /// Sells to the member with the recorded session.
    pub fn sell_to_member(&mut self, key: &Key) -> &mut Self {
        self.grant(key, Some(self.ids["member"]))
    }

    fn grant(&mut self, Key(id, code, benefit, customer, at): &Key, member: Option<Uuid>) -> &mut Self {
        self.clock.set(at.parse().unwrap());
        let spec = GrantSpec::order(self.ids[benefit], self.ids[customer]).key(*code);
        let spec = member.into_iter().fold(spec, GrantSpec::member);
        let granted = self.sim.grant(spec).unwrap();
        self.ids.insert(id, granted.id);
        self
    }

    /// Sells `count` more keys to Alice and patches each.
    pub fn sell_more(&mut self, count: usize, patch: &str) -> &mut Self {
        self.clock.advance(SignedDuration::from_secs(1));
        let spec = GrantSpec::order(self.ids[PLAIN_BENEFIT], self.ids[ALICE]);
        for key in self.sim.grant_all(vec![spec; count]).unwrap() {
            self.setup("PATCH", &format!("/v1/license-keys/{}", key.id), patch);
        }
        self
    }

    pub fn activate(&mut self, key: &Key, Device(id, members): &Device) -> &mut Self {
        let answer = self.device_call("activate", key, members);
        self.ids.insert(id, answer["id"].as_str().unwrap().parse().unwrap());
        self
    }

    pub fn deactivate(&mut self, key: &Key, Device(id, _): &Device) -> &mut Self {
        let activation = format!(r#""activation_id":"{}""#, self.ids[id]);
        self.device_call("deactivate", key, &activation);
        self
    }

    /// Validates this many times.
    pub fn validate(&mut self, key: &Key, times: usize) -> &mut Self {
        (0..times).for_each(|_| self.use_up(key, 0));
        self
    }

    /// Validates once, with usage.
    pub fn use_up(&mut self, key: &Key, amount: u32) {
        self.device_call("validate", key, &format!(r#""increment_usage":{amount}"#));
    }

    fn device_call(&self, call: &str, key: &Key, members: &str) -> serde_json::Value {
        let head = format!(r#""key":"{}","organization_id":"{}""#, key.1, self.ids[ORGANIZATION]);
        self.setup("POST", &format!("/v1/license-keys/{call}"), &format!("{{{head},{members}}}"))
    }

    pub fn patch(&mut self, key: &Key, body: &str) -> &mut Self {
        self.setup("PATCH", &format!("/v1/license-keys/{}", self.ids[key.0]), body);
        self
    }

    pub fn delete_customer(&mut self) -> &mut Self {
        self.sim.delete_customer(self.ids[DELETED]).unwrap();
        self
    }

    pub fn block_other_organization(&mut self) {
        self.sim.block_organization(self.ids[OTHER_ORGANIZATION]).unwrap();
    }

    fn setup(&self, method: &str, path: &str, body: &str) -> serde_json::Value {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{ORIGIN}{path}"))
            .header("content-type", "application/json")
            .header("content-length", body.len())
            .header("authorization", format!("Bearer {}", self.tokens["org1_oat_license_keys_rw"]))
            .body(Bytes::from(body.to_owned()))
            .unwrap();
        let response = self.send(request);
        assert!(response.status().is_success(), "setup {path} {body}: {:?}", response.body());
        serde_json::from_slice(response.body()).unwrap_or_default()
    }

    pub fn send(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(self.sim.send(request)).unwrap()
    }

    /// Replaces the recorded ids in a text with the simulator's ids.
    pub fn to_simulated(&self, recorded: &str) -> String {
        self.ids.iter().fold(recorded.to_owned(), |text, (recorded, id)| {
            let text = text.replace(recorded, &id.to_string());
            text.replace(&recorded.to_uppercase(), &id.to_string().to_uppercase())
        })
    }

    /// The reverse of [`to_simulated`](Self::to_simulated).
    pub fn to_recorded(&self, simulated: &str) -> String {
        self.ids
            .iter()
            .fold(simulated.to_owned(), |text, (recorded, id)| text.replace(&id.to_string(), recorded))
    }

    /// The header for a redacted one.
    pub fn authorization(&self, recorded: &str) -> String {
        let name = recorded.trim_matches(['<', '>']);
        if name.starts_with("Basic ") {
            return name.to_owned();
        }
        let token = name.strip_suffix(" redacted").map_or(name, |known| &self.tokens[known]);
        format!("Bearer {token}")
    }
}

fn address() -> BillingAddress {
    BillingAddress {
        line1: Some("1 rue X".to_owned()),
        postal_code: Some("75001".to_owned()),
        city: Some("Paris".to_owned()),
        country: "FR".to_owned(),
        ..Default::default()
    }
}

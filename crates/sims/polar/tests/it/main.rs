//! Tests of the simulator against recorded exchanges, and of behaviour that is not recorded.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub
)]

mod access;
mod deliveries;
mod grants;
mod lifecycle;
mod lists;
mod order;
mod overlaps;
mod payloads;
mod recordings;
mod sessions;
mod versions;
mod webhooks;

use anykey_core::{HttpTransport, ManualClock, SignedDuration};
use anykey_polar_sim::kit::{DeliveryOutcome, TestRequest, WebhookQuirks, WebhookSender};
use anykey_polar_sim::*;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

type Reply = Response<Bytes>;

const DEVICE: &str = "/v1/customer-portal/license-keys";
const MANAGEMENT: &str = "/v1/license-keys";

/// A simulator with a seller's token and one customer.
struct Seller {
    sim: PolarSim,
    clock: ManualClock,
    token: String,
    customer: Uuid,
}

impl Seller {
    fn new() -> Self {
        Self::with(|builder| builder)
    }

    fn with(options: impl FnOnce(PolarSimBuilder) -> PolarSimBuilder) -> Self {
        let clock = ManualClock::at("2027-01-31T12:00:00Z".parse().unwrap());
        let sim = options(PolarSim::builder(clock.clone())).build();
        let scopes = [Scope::LicenseKeysRead, Scope::LicenseKeysWrite, Scope::CustomerSessionsWrite];
        let token = sim.organization_token(sim.organization_id(), scopes).unwrap();
        let email = Some("buyer@example.com".to_owned());
        let customer = sim.add_customer(CustomerSpec { email, ..Default::default() }).unwrap();
        Self { sim, clock, token, customer }
    }

    /// Sells a new benefit, and returns the key.
    fn sell(&self, benefit: BenefitSpec) -> GrantedKey {
        let benefit = self.sim.add_benefit(benefit).unwrap();
        self.sim.grant(GrantSpec::order(benefit, self.customer)).unwrap()
    }

    fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let request = TestRequest::new(method, format!("https://api.polar.sh{path}")).body(body);
        let add = |request: TestRequest, (name, value): &(&str, &str)| request.header(name, *value);
        answer(&self.sim, headers.iter().fold(request, add).build().unwrap())
    }

    /// Sends a valid request with a token, or without one if `token` is empty.
    fn call(&self, method: &str, path: &str, token: &str, body: &str) -> (u16, Value) {
        let (length, bearer) = (body.len().to_string(), format!("Bearer {token}"));
        let mut headers = vec![("content-type", "application/json"), ("content-length", &length)];
        headers.extend((!token.is_empty()).then_some(("authorization", &*bearer)));
        read(&self.send(method, path, &headers, body))
    }

    fn get(&self, path: &str) -> (u16, Value) {
        self.call("GET", &format!("{MANAGEMENT}{path}"), &self.token, "")
    }

    fn patch(&self, key: Uuid, body: &str) -> (u16, Value) {
        self.call("PATCH", &format!("{MANAGEMENT}/{key}"), &self.token, body)
    }

    /// Sends a public call about `key`. `more` are additional members of the body.
    fn device(&self, call: &str, key: &str, more: &str) -> (u16, Value) {
        let organization = self.sim.organization_id();
        let comma = if more.is_empty() { "" } else { "," };
        let body = format!(r#"{{"key":"{key}","organization_id":"{organization}"{comma}{more}}}"#);
        self.call("POST", &format!("{DEVICE}/{call}"), "", &body)
    }

    fn validate(&self, key: &str, more: &str) -> (u16, Value) {
        self.device("validate", key, more)
    }

    /// The status and `detail` of a public call.
    fn refusal(&self, call: &str, key: &str, more: &str) -> (u16, String) {
        let (status, body) = self.device(call, key, more);
        (status, body["detail"].as_str().unwrap_or_default().to_owned())
    }

    /// Activates, and returns the id of the activation.
    fn activate(&self, key: &str, more: &str) -> String {
        let (status, body) = self.device("activate", key, &format!(r#""label":"x"{more}"#));
        assert_eq!(status, 200, "{body}");
        body["id"].as_str().unwrap().to_owned()
    }
}

/// The simulator's answer.
fn answer(sim: &PolarSim, request: Request<Bytes>) -> Reply {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(sim.send(request)).unwrap()
}

fn read(reply: &Reply) -> (u16, Value) {
    (reply.status().as_u16(), serde_json::from_slice(reply.body()).unwrap_or_default())
}

/// A benefit with this many activations.
fn devices(limit: u32) -> BenefitSpec {
    let activations = Some(ActivationSpec { limit, enable_customer_admin: true });
    BenefitSpec { activations, ..Default::default() }
}

fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
    reply.headers().get(name).map(|value| value.to_str().unwrap())
}

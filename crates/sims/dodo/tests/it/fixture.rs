use anykey_core::{ManualClock, Timestamp};
use anykey_dodo_sim::kit::TestRequest;
use anykey_dodo_sim::{ApiKeyScope, DodoSim, IssuedKey, KeySpec};
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

pub(crate) const START: &str = "2026-10-30T08:15:42.513207Z";

/// A simulator at [`START`] with a product, a customer and an API key.
pub(crate) struct Fixture {
    pub(crate) clock: ManualClock,
    pub(crate) sim: DodoSim,
    pub(crate) api_key: String,
    pub(crate) product: String,
    pub(crate) customer: String,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let clock = ManualClock::at(at(START));
        let sim = DodoSim::new(clock.clone());
        let api_key = sim.api_key(ApiKeyScope::ReadWrite);
        let product = sim.add_product("Editor Pro");
        let customer = sim.add_customer("Ada Example", "ada@example.com");
        Self { clock, sim, api_key, product, customer }
    }

    /// Issues a key of the fixture's product and customer.
    pub(crate) fn issue(&self, spec: KeySpec) -> IssuedKey {
        let product = spec.product.or_else(|| Some(self.product.clone()));
        let customer = spec.customer.or_else(|| Some(self.customer.clone()));
        self.sim.issue(KeySpec { product, customer, ..spec }).unwrap()
    }

    /// Activates with the API and returns the instance's id.
    pub(crate) fn activate(&self, key: &IssuedKey, name: &str) -> String {
        let reply = self.post("/licenses/activate", &json!({ "license_key": key.key, "name": name }));
        reply.json(201)["id"].as_str().unwrap().to_owned()
    }

    /// Sends a `POST` without a credential.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        send(&self.sim, request("POST", path).json(body))
    }

    /// Sends a request with the merchant's API key.
    pub(crate) fn merchant(&self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let request = request(method, path).bearer(&self.api_key);
        send(&self.sim, if let Some(body) = body { request.json(body) } else { request })
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.merchant("GET", path, None)
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An error body as the vendor writes it.
pub(crate) fn refusal(code: &str, message: &str) -> Value {
    json!({ "code": code, "message": message })
}

/// A request to the test environment, or to another host if `path` is a whole URL.
pub(crate) fn request(method: &str, path: &str) -> TestRequest {
    let host = if path.starts_with('/') { "https://test.dodopayments.com" } else { "" };
    TestRequest::new(method, format!("{host}{path}"))
}

pub(crate) fn send(sim: &DodoSim, request: TestRequest) -> Reply {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    Reply(runtime.block_on(request.send(sim)).unwrap())
}

pub(crate) struct Reply(Response<Bytes>);

impl Reply {
    pub(crate) fn status(&self) -> StatusCode {
        self.0.status()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0.headers().get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(self.0.body()).unwrap()
    }

    /// The body, after asserting status and headers.
    #[track_caller]
    pub(crate) fn json(&self, status: u16) -> Value {
        assert_eq!(self.status(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert_eq!(self.header("content-length"), Some(self.0.body().len().to_string().as_str()));
        assert_eq!(self.header("access-control-allow-origin"), Some("*"));
        serde_json::from_slice(self.0.body()).unwrap()
    }

    /// Asserts exactly this status and body.
    #[track_caller]
    pub(crate) fn is(&self, status: u16, body: &Value) {
        assert_eq!(self.json(status), *body);
    }

    /// Asserts exactly this status, and no body.
    #[track_caller]
    pub(crate) fn is_empty(&self, status: u16) {
        assert_eq!(self.status(), status, "{}", self.text());
        assert_eq!(self.text(), "");
        assert_eq!(self.header("content-type"), None);
        assert_eq!(self.header("content-length"), Some("0"));
    }

    /// The ids of a list's items.
    #[track_caller]
    pub(crate) fn ids(&self) -> Vec<String> {
        let body = self.json(200);
        assert_eq!(body.as_object().unwrap().len(), 1, "a list has only items");
        let items = body["items"].as_array().unwrap();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    }
}

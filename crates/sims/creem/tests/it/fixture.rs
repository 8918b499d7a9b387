use anykey_core::{ManualClock, Timestamp};
use anykey_creem_sim::kit::TestRequest;
use anykey_creem_sim::{CreemSim, IssuedKey, KeySpec, Mode};
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

pub(crate) const START: &str = "2026-11-28T05:36:38.513Z";

/// A simulator at [`START`] with a product, a customer and an API key for test mode.
pub(crate) struct Fixture {
    pub(crate) clock: ManualClock,
    pub(crate) sim: CreemSim,
    pub(crate) api_key: String,
    pub(crate) product: String,
    pub(crate) customer: String,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let clock = ManualClock::at(at(START));
        let sim = CreemSim::new(clock.clone());
        let api_key = sim.api_key(Mode::Test);
        let product = sim.add_product("Editor Pro");
        let customer = sim.add_customer("Ada Example", "ada@example.com");
        Self { clock, sim, api_key, product, customer }
    }

    /// Sells a license of the fixture's product to its customer.
    pub(crate) fn issue(&self, spec: KeySpec) -> IssuedKey {
        let product = spec.product.or_else(|| Some(self.product.clone()));
        let customer = spec.customer.or_else(|| Some(self.customer.clone()));
        self.sim.issue(KeySpec { product, customer, ..spec }).unwrap()
    }

    /// Activates with the API and returns the instance's id.
    pub(crate) fn activate(&self, key: &IssuedKey, name: &str) -> String {
        let reply = self.license("activate", &json!({ "key": key.key, "instance_name": name }));
        reply.json(200)["instance"]["id"].as_str().unwrap().to_owned()
    }

    /// Validates or deactivates an instance.
    pub(crate) fn about(&self, call: &str, key: &IssuedKey, instance: &str) -> Reply {
        self.license(call, &json!({ "key": key.key, "instance_id": instance }))
    }

    /// Sends a `POST` about a license, with the API key.
    pub(crate) fn license(&self, call: &str, body: &Value) -> Reply {
        self.post(&format!("/v1/licenses/{call}"), body)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(request("POST", path).header("x-api-key", self.api_key.as_str()).json(body))
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send(request("GET", path).header("x-api-key", self.api_key.as_str()))
    }

    pub(crate) fn send(&self, request: TestRequest) -> Reply {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Reply(runtime.block_on(request.send(&self.sim)).unwrap())
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn limited(limit: u64) -> KeySpec {
    KeySpec { activation_limit: Some(limit), ..KeySpec::default() }
}

pub(crate) fn request(method: &str, path: &str) -> TestRequest {
    TestRequest::new(method, format!("https://test-api.creem.io{path}"))
}

pub(crate) struct Reply(Response<Bytes>);

impl Reply {
    pub(crate) fn status(&self) -> StatusCode {
        self.0.status()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0.headers().get(name).map(|value| value.to_str().unwrap())
    }

    /// The body, after asserting the status.
    #[track_caller]
    pub(crate) fn json(&self, status: u16) -> Value {
        let text = std::str::from_utf8(self.0.body()).unwrap();
        assert_eq!(self.status(), status, "{text}");
        assert_eq!(self.header("content-length"), Some(text.len().to_string().as_str()));
        serde_json::from_str(text).unwrap()
    }

    /// Asserts an error in the documented form, with this message or none.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u16, error: &str, message: &Value) {
        let body = self.json(status);
        assert_eq!((&body["status"], &body["error"]), (&json!(status), &json!(error)));
        assert_eq!(body.get("message").unwrap_or(&Value::Null), message);
        assert_eq!(body["trace_id"].as_str().unwrap().len(), 36);
        assert_eq!(body["timestamp"], at(START).as_millisecond());
    }

    /// The ids of a list's items.
    #[track_caller]
    pub(crate) fn ids(&self) -> Vec<String> {
        let body = self.json(200);
        let items = body["items"].as_array().unwrap();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    }
}

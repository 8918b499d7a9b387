use anykey_core::{ManualClock, Timestamp};
use anykey_lemonsqueezy_sim::kit::TestRequest;
use anykey_lemonsqueezy_sim::{IssuedKey, KeySpec, LemonSqueezySim, Mode};
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

pub(crate) const START: &str = "2026-11-28T05:36:38.513207Z";
pub(crate) const JSON_API: &str = "application/vnd.api+json";

/// A simulator at [`START`] with a product, a customer and an API key for test mode.
pub(crate) struct Fixture {
    pub(crate) clock: ManualClock,
    pub(crate) sim: LemonSqueezySim,
    pub(crate) api_key: String,
    pub(crate) product: u64,
    pub(crate) customer: u64,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let clock = ManualClock::at(at(START));
        let sim = LemonSqueezySim::new(clock.clone());
        let api_key = sim.api_key(Mode::Test);
        let product = sim.add_product("Editor Pro");
        let customer = sim.add_customer("Ada Example", "ada@example.com");
        Self { clock, sim, api_key, product, customer }
    }

    /// Issues a key of the fixture's product and customer.
    pub(crate) fn issue(&self, spec: KeySpec) -> IssuedKey {
        let product = spec.product.or(Some(self.product));
        let customer = spec.customer.or(Some(self.customer));
        self.sim.issue(KeySpec { product, customer, ..spec }).unwrap()
    }

    /// Activates with the API and returns the instance's identifier.
    pub(crate) fn activate(&self, key: &IssuedKey, name: &str) -> String {
        let reply = self.license("activate", &json!({ "license_key": key.key, "instance_name": name }));
        reply.json(200)["instance"]["id"].as_str().unwrap().to_owned()
    }

    /// Sends a `POST` to the License API.
    pub(crate) fn license(&self, call: &str, body: &Value) -> Reply {
        let path = format!("/v1/licenses/{call}");
        self.send(request("POST", &path).json(body))
    }

    /// Sends a `GET` to the main API with the merchant's API key.
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send(request("GET", path).bearer(&self.api_key))
    }

    pub(crate) fn patch(&self, key: &IssuedKey, attributes: &Value) -> Reply {
        let body = json!({
            "data": { "type": "license-keys", "id": key.id.to_string(), "attributes": attributes }
        });
        let request = request("PATCH", &format!("/v1/license-keys/{}", key.id)).bearer(&self.api_key);
        self.send(request.typed(JSON_API, body.to_string()))
    }

    pub(crate) fn send(&self, request: TestRequest) -> Reply {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Reply(runtime.block_on(request.send(&self.sim)).unwrap())
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn request(method: &str, path: &str) -> TestRequest {
    TestRequest::new(method, format!("https://api.lemonsqueezy.com{path}"))
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

    /// Asserts exactly this status and body.
    #[track_caller]
    pub(crate) fn is(&self, status: u16, body: &Value) {
        assert_eq!(self.json(status), *body);
    }

    /// Asserts a JSON:API error with this status and returns it.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u16) -> Value {
        let body = self.json(status);
        assert_eq!(self.header("content-type"), Some(JSON_API));
        assert_eq!(body["jsonapi"]["version"], "1.0");
        assert_eq!(body["errors"][0]["status"], status.to_string());
        body["errors"][0].clone()
    }

    /// The ids of a list's resources.
    #[track_caller]
    pub(crate) fn ids(&self) -> Vec<u64> {
        let body = self.json(200);
        let data = body["data"].as_array().unwrap();
        data.iter().map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect()
    }
}

use anykey_core::{ManualClock, SignedDuration};
use anykey_keygen_sim::kit::TestRequest;
use anykey_keygen_sim::{IssuedLicense, KeygenSim, LicenseSpec, PolicySpec};
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

/// A simulator with a product, and a token of its admin.
pub(crate) struct Fixture {
    pub(crate) clock: ManualClock,
    pub(crate) sim: KeygenSim,
    pub(crate) product: String,
    pub(crate) token: String,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let clock = ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap());
        let sim = KeygenSim::new(clock.clone()).unwrap();
        Self { clock, product: sim.add_product("Editor Pro"), token: sim.admin_token(), sim }
    }

    /// A license of a new policy of the product.
    pub(crate) fn issue(&self, policy: PolicySpec) -> IssuedLicense {
        let policy = Some(self.sim.add_policy(&self.product, policy));
        self.sim.issue(LicenseSpec { policy, ..LicenseSpec::default() }).unwrap()
    }

    pub(crate) fn advance_minutes(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    pub(crate) fn send(&self, request: TestRequest) -> Reply {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Reply(runtime.block_on(request.send(&self.sim)).unwrap())
    }

    /// A request without a credential.
    pub(crate) fn request(&self, method: &str, path: &str) -> TestRequest {
        let account = self.sim.account_id();
        TestRequest::new(method, format!("https://api.keygen.sh/v1/accounts/{account}/{path}"))
    }

    /// A `GET` of the seller.
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send(self.request("GET", path).bearer(&self.token))
    }

    pub(crate) fn validate(&self, meta: &Value) -> Reply {
        let request = self.request("POST", "licenses/actions/validate-key");
        self.send(request.json(&json!({ "meta": meta })))
    }

    /// The code and the verdict on a license, named as in `scope`.
    pub(crate) fn verdict(&self, license: &IssuedLicense, scope: &Value) -> (String, bool) {
        let answer = self.validate(&json!({ "key": license.key, "scope": scope })).json(200);
        let meta = &answer["meta"];
        (meta["code"].as_str().unwrap().to_owned(), meta["valid"].as_bool().unwrap())
    }

    /// Creates a machine with the license key as the credential.
    pub(crate) fn create_machine(&self, license: &IssuedLicense, fingerprint: &str) -> Reply {
        let body = machine(&license.id, fingerprint);
        let request = self.request("POST", "machines").header("authorization", by_key(license));
        self.send(request.json(&body))
    }

    /// A call of an app for the license.
    pub(crate) fn by_license(&self, license: &IssuedLicense, method: &str, path: &str) -> Reply {
        self.send(self.request(method, path).header("authorization", by_key(license)))
    }
}

pub(crate) fn by_key(license: &IssuedLicense) -> String {
    format!("License {}", license.key)
}

pub(crate) fn machine(license: &str, fingerprint: &str) -> Value {
    json!({ "data": {
        "type": "machines",
        "attributes": { "fingerprint": fingerprint },
        "relationships": { "license": { "data": { "type": "licenses", "id": license } } },
    } })
}

pub(crate) struct Reply(pub(crate) Response<Bytes>);

impl Reply {
    /// The body, after asserting the status.
    #[track_caller]
    pub(crate) fn json(&self, status: u16) -> Value {
        let text = std::str::from_utf8(self.0.body()).unwrap();
        assert_eq!(self.0.status(), status, "{text}");
        serde_json::from_str(text).unwrap()
    }

    #[track_caller]
    pub(crate) fn is_empty(&self, status: u16) {
        assert_eq!((self.0.status().as_u16(), self.0.body().len()), (status, 0));
    }

    /// Asserts exactly one error, with exactly these members.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u16, error: &Value) {
        assert_eq!(self.json(status)["errors"], json!([error]));
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0.headers().get(name).map(|value| value.to_str().unwrap())
    }
}

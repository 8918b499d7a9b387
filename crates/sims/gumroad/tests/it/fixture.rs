use anykey_core::{ManualClock, Timestamp};
use anykey_gumroad_sim::kit::TestRequest;
use anykey_gumroad_sim::{GumroadSim, SaleSpec, Scope, Sold};
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

pub(crate) const START: &str = "2026-11-28T05:36:38Z";
pub(crate) const UNKNOWN: &str = "That license does not exist for the provided product.";

/// A simulator at [`START`] with a product, a buyer's account and a token for everything.
pub(crate) struct Fixture {
    pub(crate) clock: ManualClock,
    pub(crate) sim: GumroadSim,
    pub(crate) token: String,
    pub(crate) product: String,
    pub(crate) buyer: String,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let clock = ManualClock::at(START.parse().unwrap());
        let sim = GumroadSim::new(clock.clone());
        let token = sim.token(&[Scope::EditProducts, Scope::ViewSales]);
        let (product, buyer) = (sim.add_product("Editor Pro"), sim.add_account());
        Self { clock, sim, token, product, buyer }
    }

    /// Sells the fixture's product to its buyer.
    pub(crate) fn sell(&self, spec: SaleSpec) -> Sold {
        let product = spec.product.clone().or_else(|| Some(self.product.clone()));
        let purchaser = spec.purchaser.clone().or_else(|| Some(self.buyer.clone()));
        let (name, email) = ("Ada Example".to_owned(), Some("ada@example.com".to_owned()));
        self.sim.sell(SaleSpec { product, purchaser, name, email, ..spec })
    }

    /// Verifies a key of the fixture's product without counting a use.
    pub(crate) fn verify(&self, key: &str) -> Reply {
        let product = self.product.as_str();
        self.post(&[("product_id", product), ("license_key", key), ("increment_uses_count", "false")])
    }

    pub(crate) fn post(&self, fields: &[(&str, &str)]) -> Reply {
        self.send(request("POST", "/v2/licenses/verify").typed(FORM, form(fields)))
    }

    pub(crate) fn put(&self, change: &str, sold: &Sold) -> Reply {
        let fields = [("product_id", &*sold.product_id), ("license_key", &*sold.license_key)];
        let call = request("PUT", &format!("/v2/licenses/{change}")).bearer(&self.token);
        self.send(call.typed(FORM, form(&fields)))
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send(request("GET", path).bearer(&self.token))
    }

    pub(crate) fn send(&self, request: TestRequest) -> Reply {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Reply(runtime.block_on(request.send(&self.sim)).unwrap())
    }
}

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub(crate) fn request(method: &str, path: &str) -> TestRequest {
    TestRequest::new(method, format!("https://api.gumroad.com{path}"))
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) struct Reply(Response<Bytes>);

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0.headers().get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self, status: u16) -> &str {
        let text = std::str::from_utf8(self.0.body()).unwrap();
        assert_eq!(self.0.status(), status, "{text}");
        assert_eq!(self.header("content-length"), Some(text.len().to_string().as_str()));
        text
    }

    /// The body, after asserting the status.
    #[track_caller]
    pub(crate) fn json(&self, status: u16) -> Value {
        serde_json::from_str(self.text(status)).unwrap()
    }

    /// Asserts a failure with this status and message.
    #[track_caller]
    pub(crate) fn says(&self, status: u16, message: &str) {
        assert_eq!(self.json(status), json!({ "success": false, "message": message }));
    }

    /// The ids of a page of sales.
    #[track_caller]
    pub(crate) fn ids(&self) -> Vec<String> {
        let body = self.json(200);
        let sales = body["sales"].as_array().unwrap();
        sales.iter().map(|sale| sale["id"].as_str().unwrap().to_owned()).collect()
    }
}

use anykey::ManualClock;
use anykey_dodo_sim::kit::WebhookSender;
use anykey_dodo_sim::{DodoSim, EndpointSpec as DodoEndpoint, KeySpec};
use anykey_http::ReqwestTransport;
use anykey_polar_sim::{
    BenefitSpec, CustomerSpec, EndpointSpec as PolarEndpoint, GrantSpec, PolarSim, WebhookSecret,
};
use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::bench::{Bench, NOW};

const SECRETS: [&str; 2] = [
    "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "whsec_HyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4=",
];

/// Both vendors with webhooks, and a folder whose configuration has their secrets.
pub(crate) struct Vendors {
    pub(crate) bench: Bench,
    pub(crate) clock: ManualClock,
    pub(crate) dodo: DodoSim,
    pub(crate) polar: PolarSim,
}

impl Vendors {
    /// Vendors that send nothing yet.
    pub(crate) fn open() -> Self {
        let bench = Bench::open();
        bench.write("anykey.toml", &Self::configuration());
        bench.write("dodo.webhook", SECRETS[0]);
        bench.write("polar.webhook", SECRETS[1]);
        let clock = ManualClock::at(NOW.parse().unwrap());
        let (dodo, polar) = (DodoSim::new(clock.clone()), PolarSim::new(clock.clone()));
        Self { bench, clock, dodo, polar }
    }

    /// Lets them send to `url` with the provider's name behind it.
    pub(crate) fn send_to(&self, url: &str) {
        let dodo = DodoEndpoint::new(format!("{url}/dodo")).secret(SECRETS[0]);
        self.dodo.add_webhook_endpoint(dodo).unwrap();
        let secret = WebhookSecret::Standard(SECRETS[1].to_owned());
        let polar = PolarEndpoint::new(format!("{url}/polar")).secret(secret);
        self.polar.add_webhook_endpoint(polar).unwrap();
    }

    /// Puts a new secret before each of those that the vendors still sign with.
    pub(crate) fn replace_secret(&self) {
        self.bench.write("new.webhook", "whsec_QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=");
        let with_new = Self::configuration()
            .replace("webhook_secrets = [", "webhook_secrets = [{ file = \"new.webhook\" }, ");
        self.bench.write("anykey.toml", &with_new);
    }

    /// The secrets stand in files beside it.
    pub(crate) fn configuration() -> String {
        "default = \"dodo\"\n\
         [providers.dodo]\nprovider = \"dodo\"\nwebhook_secrets = [{ file = \"dodo.webhook\" }]\n\
         [providers.polar]\nprovider = \"polar\"\norganization_id = \"00000000-0000-4000-8000-000000000000\"\n\
         webhook_secrets = [{ file = \"polar.webhook\" }]\n"
            .to_owned()
    }

    /// Sells a key at each vendor.
    pub(crate) fn sell(&self) {
        let customer = self.dodo.add_customer("Ada Example", "ada@example.com");
        self.dodo.issue(KeySpec { customer: Some(customer), ..KeySpec::default() }).unwrap();
        let customer = CustomerSpec {
            name: Some("Ada Example".to_owned()),
            email: Some("ada@example.com".to_owned()),
            ..CustomerSpec::default()
        };
        let customer = self.polar.add_customer(customer).unwrap();
        let benefit = self.polar.add_benefit(BenefitSpec::default()).unwrap();
        self.polar.grant(GrantSpec::order(benefit, customer)).unwrap();
    }

    /// Lets the provider tell anything.
    pub(crate) fn announce(&self, provider: &str, event_type: &str, data: &Value) {
        match provider {
            "dodo" => self.dodo.announce(event_type, data.clone()),
            _ => self.polar.announce(event_type, data),
        }
    }

    /// What the provider has to send, without sending it.
    pub(crate) fn due(&self, provider: &str) -> Vec<Request<Bytes>> {
        match provider {
            "dodo" => self.dodo.due_deliveries().into_iter().map(|delivery| delivery.request).collect(),
            _ => self.polar.due_deliveries().into_iter().map(|delivery| delivery.request).collect(),
        }
    }

    /// Sends what is due, and tells how many were sent and how many were taken.
    pub(crate) fn deliver(&self) -> (usize, usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let network = ReqwestTransport::default();
            let dodo = self.dodo.deliver_due(&network).await;
            let polar = self.polar.deliver_due(&network).await;
            (dodo.sent + polar.sent, dodo.delivered + polar.delivered)
        })
    }

    /// The same of Dodo until nothing is left; the listener's clock stands still, so the waits have to be short.
    pub(crate) fn deliver_all(&self) -> (usize, usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let report = runtime.block_on(self.dodo.deliver_all(&ReqwestTransport::default(), &self.clock));
        (report.sent, report.delivered)
    }

    /// Panics when `text` holds what nobody may see.
    #[track_caller]
    pub(crate) fn assert_no_secret(&self, text: &str) {
        for secret in SECRETS.into_iter().chain(["ada@example.com", "Ada Example"]) {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

/// `request` as a tool saves it.
pub(crate) fn saved(request: &Request<Bytes>, line_end: &str) -> Vec<u8> {
    let mut text = format!("{} {} HTTP/1.1{line_end}", request.method(), request.uri().path());
    for (name, value) in request.headers() {
        text.push_str(&format!("{name}: {}{line_end}", value.to_str().unwrap()));
    }
    [text.as_bytes(), line_end.as_bytes(), request.body()].concat()
}

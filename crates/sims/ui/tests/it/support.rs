use std::collections::BTreeMap;
use std::sync::Arc;

use anykey::sim::{IssueSpec, IssuedKey, SimulatedVendor, Simulator, simulators};
use anykey::{Capability, HttpTransport, LicenseProvider, ManualClock, Registry};
use anykey_sim_ui::{MovableClock, Panel, SimPage};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use scraper::{ElementRef, Html, Selector};
use tokio::net::TcpStream;

/// The page over one vendor.
pub(crate) struct Bench {
    pub(crate) vendor: Arc<dyn SimulatedVendor>,
    pub(crate) api: Arc<dyn HttpTransport>,
    pub(crate) title: &'static str,
    page: SimPage,
}

/// A bench for each vendor.
pub(crate) async fn benches() -> Vec<Bench> {
    let mut benches = Vec::new();
    for simulator in simulators() {
        benches.push(Bench::of(simulator).await);
    }
    benches
}

/// A vendor that has everything that `has` asks for.
pub(crate) async fn bench_where(has: impl Fn(&Bench) -> bool) -> Bench {
    benches().await.into_iter().find(has).expect("a vendor that has it")
}

impl Bench {
    async fn of(simulator: Simulator) -> Self {
        let clock = MovableClock::over(ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap()));
        let vendor = simulator.start(clock.clone()).unwrap();
        let panel = Panel::new(simulator, Arc::clone(&vendor)).unwrap();
        let api = panel.transport();
        let page = SimPage::start(vec![panel], clock, 0).await.unwrap();
        Self { vendor, api, title: simulator.title, page }
    }

    pub(crate) fn issue(&self, spec: IssueSpec) -> IssuedKey {
        self.vendor.issue(spec).expect("every vendor has such keys")
    }

    /// A provider that calls the vendor through the API that the page watches.
    pub(crate) fn provider(&self) -> Arc<dyn LicenseProvider> {
        let plane = self.vendor.planes().pop().unwrap();
        let config = anykey::sim::config(&*self.vendor, &plane).unwrap();
        let registry = Registry::builtin().with_secrets(plane.secrets.clone());
        registry.with_transport(Arc::clone(&self.api)).build(&config).unwrap()
    }

    /// Whether a key is validated without a seat.
    pub(crate) fn validates_alone(&self) -> bool {
        self.provider().capabilities().contains(Capability::ValidateWithoutSeat)
    }

    /// The host with its port.
    pub(crate) fn host(&self) -> String {
        self.page.url().split('/').nth(2).unwrap().to_owned()
    }

    /// The path of the overview.
    pub(crate) fn root(&self) -> String {
        format!("/{}/", self.page.url().split('/').nth(3).unwrap())
    }

    /// The path of the vendor's page.
    pub(crate) fn path(&self) -> String {
        format!("{}vendor/{}", self.root(), self.vendor.vendor())
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Response<Incoming> {
        let stream = TcpStream::connect(self.host()).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response<Incoming> {
        let request = Request::get(path).header("host", self.host());
        self.send(request.body(Full::default()).unwrap()).await
    }

    /// The vendor's page.
    pub(crate) async fn shown(&self) -> Shown {
        let answer = self.get(&self.path()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        Shown::of(&text(answer).await)
    }

    /// Sends a form to `path` and returns the path that the answer leads to.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> String {
        let form: Vec<_> = form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request::builder().method(Method::POST).uri(path).header("host", self.host());
        let request = request.header("origin", format!("http://{}", self.host()));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = self.send(request.body(form.join("&").into()).unwrap()).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{form:?}");
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    /// Does something and returns the page after it.
    pub(crate) async fn act(&self, form: &[(&str, &str)]) -> Shown {
        let next = self.post(&self.path(), form).await;
        assert_eq!(next, self.path());
        self.shown().await
    }
}

fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

pub(crate) async fn text(answer: Response<Incoming>) -> String {
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}

/// What a page shows. Documents cannot be kept across an await, so it holds texts.
pub(crate) struct Shown {
    pub(crate) html: String,
}

impl Shown {
    pub(crate) fn of(html: &str) -> Self {
        Self { html: html.to_owned() }
    }

    /// The texts of the elements that a selector finds, with single spaces.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        self.each(selector, |element| {
            element.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
        })
    }

    pub(crate) fn text(&self, selector: &str) -> String {
        self.texts(selector).join(" | ")
    }

    /// An attribute of the elements that have it.
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        self.each(selector, |element| element.attr(name).map(str::to_owned)).into_iter().flatten().collect()
    }

    /// The words on the buttons in the menu of the newest key, by what they do.
    pub(crate) fn offered(&self) -> BTreeMap<String, String> {
        let row = "#keys tbody tr:first-child .menu button";
        self.attributes(row, "value").into_iter().zip(self.texts(row)).collect()
    }

    fn each<T>(&self, selector: &str, read: impl Fn(ElementRef<'_>) -> T) -> Vec<T> {
        let document = Html::parse_document(&self.html);
        document.select(&Selector::parse(selector).unwrap()).map(read).collect()
    }
}

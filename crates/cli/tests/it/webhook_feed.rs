//! `anykey webhook listen` at vendors whose deliveries wait until they are asked for.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anykey::sim::IssueSpec;
use anykey::{TransportError, async_trait};
use anykey_http::HttpTransport;
use anykey_testkit::LoopbackServer;
use anykey_testkit::transport::{Answer, ScriptedTransport};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;

use crate::support::{Bench, Listener, Seller};

const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const ANOTHER: &str = "whsec_HyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4=";

/// A vendor that says what it answered.
#[derive(Debug)]
struct Watched {
    vendor: Arc<dyn HttpTransport>,
    answers: Mutex<Sender<String>>,
}

#[async_trait]
impl HttpTransport for Watched {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let asked = format!("{} {}", request.method(), request.uri().path());
        let response = self.vendor.send(request).await?;
        // The test may be over.
        let _ = self.answers.lock().unwrap().send(format!("{asked} {}", response.status().as_u16()));
        Ok(response)
    }
}

/// A seller with an endpoint whose deliveries wait, as the provider `main` of the configuration.
struct Waiting<'a> {
    bench: &'a Bench,
    seller: &'a Seller,
    answers: Receiver<String>,
    _server: LoopbackServer,
}

impl<'a> Waiting<'a> {
    /// `None` at a vendor without such endpoints. The command has `secret`, and `endpoint` or else the id of the
    /// endpoint.
    fn open(bench: &'a Bench, seller: &'a Seller, secret: &str, endpoint: Option<&str>) -> Option<Self> {
        let added = seller.simulated.vendor.add_webhook_feed(Some(SECRET))?;
        let (sender, answers) = channel();
        let vendor = seller.simulated.transport.clone();
        let watched = Watched { vendor, answers: Mutex::new(sender) };
        let server = LoopbackServer::start_in_background(Arc::new(watched)).unwrap();
        let id = endpoint.unwrap_or(&added.id);
        let section = format!("[providers.{0}]\nprovider = \"{0}\"\n", seller.name);
        let fields =
            format!("webhook_secrets = [{{ file = \"main.webhook\" }}]\nwebhook_endpoint = \"{id}\"\n");
        let text = bench.configuration().replace(&section, &format!("{section}{fields}"));
        bench.write("anykey.toml", &text.replace(&seller.url, &server.url()));
        bench.write("main.webhook", secret);
        Some(Self { bench, seller, answers, _server: server })
    }

    fn listen(&self, args: &[&str]) -> Listener {
        Listener::start(self.bench, &[&["-p", self.seller.name, "--jsonl"], args].concat())
    }

    fn sell(&self) {
        self.seller.issue(IssueSpec::new());
    }

    /// Waits until this many acknowledgements were answered.
    fn acknowledged(&self, count: usize) {
        let mut seen = 0;
        while seen < count {
            let answer = self.answers.recv_timeout(Duration::from_secs(60)).unwrap();
            seen += usize::from(answer.contains("/ack ") && answer.ends_with(" 200"));
        }
    }
}

/// Runs `test` for each seller whose vendor has such endpoints.
fn for_each(secret: &str, endpoint: Option<&str>, test: impl Fn(&Waiting<'_>)) {
    let bench = Bench::open();
    let waiting = bench.sellers().filter_map(|seller| Waiting::open(&bench, seller, secret, endpoint));
    let tested = waiting.inspect(test).count();
    assert!(tested > 0, "no vendor keeps deliveries");
}

#[test]
fn what_waits_at_the_vendor_is_a_line_and_is_acknowledged() {
    for_each(SECRET, None, |waiting| {
        waiting.sell();
        waiting.sell();
        let mut listener = waiting.listen(&[]);
        assert!(listener.told.iter().any(|line| line.contains("every 5 s")), "{:?}", listener.told);
        let [first, second] = [(); 2].map(|()| serde_json::from_str::<Value>(&listener.line()).unwrap());
        assert!(first["key_id"].is_string() && first["key_id"] != second["key_id"]);
        waiting.acknowledged(2);
        assert_eq!(listener.rest().0, "");
    });
}

#[test]
fn what_the_app_does_not_take_is_not_acknowledged_and_comes_again() {
    for_each(SECRET, None, |waiting| {
        waiting.sell();
        waiting.sell();
        let answers = [500, 202, 200].map(Answer::new);
        let app = Arc::new(answers.into_iter().fold(ScriptedTransport::new(), ScriptedTransport::then));
        let server = LoopbackServer::start_in_background(app.clone()).unwrap();
        let mut listener = waiting.listen(&["--save", "saved", "--forward-to", &server.url()]);
        waiting.acknowledged(2);
        let bodies: Vec<_> = app.requests().iter().map(|request| request.body().clone()).collect();
        assert_eq!(bodies.len(), 3);
        assert!(bodies[0] == bodies[2] && bodies[0] != bodies[1]);
        listener.line();
        listener.line();
        let saved = std::fs::read_dir(waiting.bench.folder.path().join("saved")).unwrap().count();
        let (printed, told) = listener.rest();
        assert_eq!((printed.as_str(), saved), ("", 2), "each is printed and saved once");
        assert!(told.contains("was answered 500 and is not acknowledged"), "{told}");
    });
}

#[test]
fn what_is_not_authentic_is_named_and_not_acknowledged() {
    for_each(ANOTHER, None, |waiting| {
        waiting.sell();
        let mut listener = waiting.listen(&[]);
        let told = listener.told();
        assert!(told.starts_with("refused: ") && told.contains("is not acknowledged"), "{told}");
        assert_eq!(listener.rest().0, "");
        assert!(waiting.answers.try_iter().all(|answer| !answer.contains("/ack")));
    });
}

#[test]
fn an_endpoint_that_is_not_there_ends_the_command() {
    for_each(SECRET, Some("wh_unknown"), |waiting| {
        let listen = ["-p", waiting.seller.name, "webhook", "listen", "--port", "0"];
        let ran = waiting.bench.run(&listen).exits(1);
        assert!(ran.stderr.contains("check the ids in the configuration"), "{}", ran.stderr);
    });
}

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anykey::sim::{self, FaultyTransport, IssueSpec, IssuedKey, PlaneAccess, simulators};
use anykey::{Capabilities, Capability, LicenseKeyId, LicenseProvider as _, ManualClock, Timestamp};
use anykey_cli::sim::{SampleKeys, Served, SimulatedSeller, Tokens, configuration};
use anykey_http::HttpTransport;
use anykey_testkit::LoopbackServer;
use bytes::Bytes;
use http::{Request, StatusCode};
use tempfile::TempDir;

use super::output::Ran;

/// What the command and the simulators take for the present.
pub(crate) const NOW: &str = "2027-01-15T12:00:00Z";

/// A seller with twelve keys at each vendor on loopback, and a folder with the configuration.
pub(crate) struct Bench {
    pub(crate) folder: TempDir,
    /// The time at the vendors.
    pub(crate) clock: ManualClock,
    sellers: Vec<Seller>,
}

/// A seller at a simulated vendor, and a provider of the configuration.
pub(crate) struct Seller {
    /// The vendor's word, which is the provider's name too.
    pub(crate) name: &'static str,
    pub(crate) samples: SampleKeys,
    pub(crate) token: String,
    pub(crate) url: String,
    /// Between the command and the vendor; none at first.
    pub(crate) faults: FaultyTransport<Arc<dyn HttpTransport>>,
    pub(crate) capabilities: Capabilities,
    pub(crate) simulated: SimulatedSeller,
    _server: LoopbackServer,
}

impl Seller {
    fn open(simulated: SimulatedSeller) -> Self {
        let faults = FaultyTransport::new(simulated.transport.clone());
        let server = LoopbackServer::start_in_background(Arc::new(faults.clone())).unwrap();
        let provider = sim::provider(&*simulated.vendor, &simulated.plane).unwrap();
        Self {
            name: simulated.provider,
            samples: simulated.samples.clone(),
            token: simulated.token.clone(),
            url: server.url(),
            faults,
            capabilities: provider.capabilities(),
            simulated,
            _server: server,
        }
    }

    /// What the vendor has to send about what happened since the last time.
    pub(crate) fn due_webhooks(&self) -> Vec<Request<Bytes>> {
        let webhooks = self.simulated.vendor.webhooks();
        let due = webhooks.due_deliveries().into_iter();
        due.map(|delivery| {
            webhooks.answered(delivery.id, Some(StatusCode::OK));
            delivery.request
        })
        .collect()
    }

    pub(crate) fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(capability)
    }

    /// Sells a key.
    pub(crate) fn issue(&self, spec: IssueSpec) -> IssuedKey {
        self.simulated.vendor.issue(spec).unwrap()
    }

    /// Whether a device of this name gets a seat.
    pub(crate) fn take_seat(&self, key: &LicenseKeyId, label: &str) -> bool {
        self.simulated.vendor.activate(key, label).is_some()
    }

    /// The configuration of an installed app at this vendor, without a credential; `None` at a vendor without such a
    /// plane.
    pub(crate) fn device_configuration(&self) -> Option<String> {
        let planes = self.simulated.vendor.planes();
        let plane = planes
            .into_iter()
            .find(|plane| plane.access == PlaneAccess::Device && !plane.authenticates_device_calls)?;
        let fields = plane.field("base_url", self.url.as_str()).to_toml();
        Some(format!("provider = \"{}\"\n{fields}", self.name))
    }

    /// A credential in the vendor's form that is nobody's.
    pub(crate) fn wrong_token(&self) -> String {
        let last = if self.token.ends_with('1') { "2" } else { "1" };
        format!("{}{last}", &self.token[..self.token.len() - 1])
    }

    fn can_all(&self, capabilities: &[Capability]) -> bool {
        capabilities.iter().all(|capability| self.can(*capability))
    }
}

impl Bench {
    pub(crate) fn open() -> Self {
        Self::open_with(None)
    }

    /// The same with an endpoint for the webhooks of each vendor that has some. The tests send what is due.
    pub(crate) fn with_webhooks() -> Self {
        Self::open_with(Some("http://127.0.0.1:8790"))
    }

    fn open_with(webhooks: Option<&str>) -> Self {
        let clock = ManualClock::at(NOW.parse::<Timestamp>().unwrap());
        let open = |simulator| SimulatedSeller::open(simulator, clock.clone(), 12, webhooks).unwrap();
        let sellers = simulators().into_iter().map(|simulator| Seller::open(open(simulator))).collect();
        let bench = Self { folder: tempfile::tempdir().unwrap(), clock, sellers };
        bench.write("anykey.toml", &bench.configuration());
        bench.write("roots.pem", include_str!("root.pem"));
        for seller in &bench.sellers {
            bench.write(&format!("{}.token", seller.name), &seller.token);
            if let Some(secret) = Served::new(&seller.simulated, &seller.url).webhook_secret() {
                bench.write(&format!("{}.webhook_secret", seller.name), secret);
            }
        }
        bench
    }

    /// The sellers at all vendors.
    pub(crate) fn sellers(&self) -> impl Iterator<Item = &Seller> {
        self.sellers.iter()
    }

    /// Those whose providers have all `capabilities`; there is at least one.
    #[track_caller]
    pub(crate) fn able(&self, capabilities: &[Capability]) -> Vec<&Seller> {
        let able: Vec<_> = self.sellers().filter(|seller| seller.can_all(capabilities)).collect();
        assert!(!able.is_empty(), "no vendor can {capabilities:?}");
        able
    }

    /// Those whose vendors send webhooks that can be verified; there is at least one.
    #[track_caller]
    pub(crate) fn sending(&self) -> Vec<&Seller> {
        let sending: Vec<_> = self.sellers().filter(|seller| seller.simulated.webhooks.is_some()).collect();
        assert!(!sending.is_empty(), "no vendor sends webhooks");
        sending
    }

    /// Those whose providers do not have `capability`; there is at least one.
    #[track_caller]
    pub(crate) fn unable(&self, capability: Capability) -> Vec<&Seller> {
        let unable: Vec<_> = self.sellers().filter(|seller| !seller.can(capability)).collect();
        assert!(!unable.is_empty(), "every vendor can {capability:?}");
        unable
    }

    /// The seller whose provider is used when the command names none.
    pub(crate) fn default_seller(&self) -> &Seller {
        let configuration = self.configuration();
        let named = |seller: &&Seller| configuration.starts_with(&format!("default = \"{}\"", seller.name));
        self.sellers().find(named).unwrap()
    }

    /// The configuration that `anykey sim --write` would write.
    pub(crate) fn configuration(&self) -> String {
        let served: Vec<_> = self.sellers().map(|one| Served::new(&one.simulated, &one.url)).collect();
        configuration(&served, Tokens::Files(Path::new("")))
    }

    /// The default seller's vendor with `keys` keys instead, whose token is that of the configuration from now on.
    pub(crate) fn replacement(&self, keys: u32) -> Arc<dyn HttpTransport> {
        let name = self.default_seller().name;
        let clock = ManualClock::at(NOW.parse::<Timestamp>().unwrap());
        let seller = SimulatedSeller::open(sim::simulator(name).unwrap(), clock, keys, None).unwrap();
        self.write(&format!("{name}.token"), &seller.token);
        seller.transport
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// The command in the bench's folder, with nothing of this process' environment.
    pub(crate) fn command<A: AsRef<str>>(&self, args: &[A]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anykey"));
        command
            .args(args.iter().map(AsRef::as_ref))
            .env_clear()
            .env("HOME", self.folder.path())
            .env("SSL_CERT_FILE", self.folder.path().join("roots.pem"))
            .env("__ANYKEY_TEST_NOW", NOW)
            // What is not shown on a terminal stays in UTC.
            .env("TZ", "EST5EDT,M3.2.0,M11.1.0")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run<A: AsRef<str>>(&self, args: &[A]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// Runs `anykey` with words separated by blanks.
    pub(crate) fn anykey(&self, line: &str) -> Ran {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs `anykey` with a provider.
    pub(crate) fn run_at<A: AsRef<str>>(&self, seller: &Seller, args: &[A]) -> Ran {
        let args = args.iter().map(AsRef::as_ref);
        self.run(&["-p", seller.name].into_iter().chain(args).collect::<Vec<_>>())
    }

    /// The id of the seller's key whose code is `code`.
    pub(crate) fn id_of(&self, seller: &Seller, code: &str) -> String {
        let found = self.run_at(seller, &["keys", "find", code, "--json"]);
        found.json()["id"].as_str().unwrap().to_owned()
    }

    /// The activations of the key `id`.
    pub(crate) fn activations(&self, seller: &Seller, id: &str) -> Vec<String> {
        let listed = self.run_at(seller, &["activations", "list", id, "--json"]).json();
        let activations = listed.as_array().unwrap().iter();
        activations.map(|activation| activation["id"].as_str().unwrap().to_owned()).collect()
    }

    /// What each format makes of the same command, for a snapshot.
    pub(crate) fn in_every_format(&self, args: &[&str]) -> String {
        let mut text = String::new();
        for format in ["", "--json", "--jsonl", "--csv"] {
            let mut args = args.to_vec();
            if !format.is_empty() {
                args.push(format);
            }
            text.push_str(&self.run(&args).transcript(&args));
        }
        self.stable(&text)
    }

    /// `text` without what differs from run to run: ports, folders, ids.
    pub(crate) fn stable(&self, text: &str) -> String {
        let mut text = text.replace(&self.folder.path().display().to_string(), "FOLDER");
        for seller in self.sellers() {
            text = text.replace(&seller.url, &format!("http://{}.sim", seller.name));
        }
        super::labelled(&text)
    }
}

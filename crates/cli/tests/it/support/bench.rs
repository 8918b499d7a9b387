use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anykey::sim::{FaultyTransport, simulator};
use anykey::{ManualClock, Timestamp};
use anykey_cli::sim::{Served, SimulatedSeller, Tokens, configuration};
use anykey_http::HttpTransport;
use anykey_testkit::LoopbackServer;
use tempfile::TempDir;

use super::output::Ran;

/// What the command and the simulators take for the present.
pub(crate) const NOW: &str = "2027-01-15T12:00:00Z";

/// Both vendors on loopback, faults at will, and a folder with the configuration.
pub(crate) struct Bench {
    pub(crate) dodo: SimulatedSeller,
    pub(crate) polar: SimulatedSeller,
    pub(crate) dodo_faults: FaultyTransport<Arc<dyn HttpTransport>>,
    pub(crate) polar_faults: FaultyTransport<Arc<dyn HttpTransport>>,
    pub(crate) folder: TempDir,
    servers: [LoopbackServer; 2],
}

impl Bench {
    /// A seller at each, with twelve keys.
    pub(crate) fn open() -> Self {
        let clock = ManualClock::at(NOW.parse::<Timestamp>().unwrap());
        let open =
            |vendor| SimulatedSeller::open(simulator(vendor).unwrap(), clock.clone(), 12, None).unwrap();
        let (dodo, polar) = (open("dodo"), open("polar"));
        let dodo_faults = FaultyTransport::new(dodo.transport.clone());
        let polar_faults = FaultyTransport::new(polar.transport.clone());
        let servers = [
            LoopbackServer::start_in_background(Arc::new(dodo_faults.clone())).unwrap(),
            LoopbackServer::start_in_background(Arc::new(polar_faults.clone())).unwrap(),
        ];
        let bench =
            Self { dodo, polar, dodo_faults, polar_faults, folder: tempfile::tempdir().unwrap(), servers };
        bench.write("anykey.toml", &bench.configuration());
        bench.write("dodo.token", &bench.dodo.token);
        bench.write("polar.token", &bench.polar.token);
        bench
    }

    pub(crate) fn shop(&self, provider: &str) -> &SimulatedSeller {
        if provider == "dodo" { &self.dodo } else { &self.polar }
    }

    pub(crate) fn url(&self, provider: &str) -> String {
        self.servers[usize::from(provider != "dodo")].url()
    }

    /// The configuration that `anykey sim --write` would write.
    pub(crate) fn configuration(&self) -> String {
        let [dodo, polar] = [self.url("dodo"), self.url("polar")];
        let served = [Served::new(&self.dodo, &dodo), Served::new(&self.polar, &polar)];
        configuration(&served, Tokens::Files(Path::new("")))
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
            .env("__ANYKEY_TEST_NOW", NOW)
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

    /// The id of the vendor's key whose code is `code`.
    pub(crate) fn id_of(&self, provider: &str, code: &str) -> String {
        let found = self.run(&["--provider", provider, "keys", "find", code, "--json"]);
        found.json()["id"].as_str().unwrap().to_owned()
    }

    /// The activations of the key `id`.
    pub(crate) fn activations(&self, provider: &str, id: &str) -> Vec<String> {
        let listed = self.run(&["--provider", provider, "activations", "list", id, "--json"]);
        let listed = listed.json();
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
        for provider in ["dodo", "polar"] {
            text = text.replace(&self.url(provider), &format!("http://{provider}.sim"));
        }
        super::labelled(&text)
    }
}

//! `anykey sim`: what it prints works.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use anykey::sim::{self, simulators};
use anykey::{Capability, Clock, LicenseProvider, Timestamp, async_trait};
use anykey_http::{HttpTransport, ReqwestTransport, TransportError};
use anykey_testkit::LoopbackServer;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::Value;

use crate::support::{Bench, Listener, Ran, Running, read_to, saved};

/// The vendors, in the order in which they are printed.
fn vendors() -> Vec<&'static str> {
    simulators().iter().map(|simulator| simulator.vendor).collect()
}

/// Whether the seller's provider has a capability.
fn seller_can(vendor: &str, capability: Capability) -> bool {
    let simulator = simulators().into_iter().find(|simulator| simulator.vendor == vendor).unwrap();
    let vendor = simulator.start(Clock::new(Timestamp::now)).unwrap();
    let plane = vendor.planes().pop().unwrap();
    sim::provider(&*vendor, &plane).unwrap().capabilities().contains(capability)
}

/// The vendors whose webhooks can be verified.
fn with_webhooks() -> Vec<&'static str> {
    let registry = anykey::Registry::builtin();
    vendors().into_iter().filter(|name| registry.vendor(name).unwrap().has_webhooks()).collect()
}

fn start(bench: &Bench, args: &[&str]) -> Running {
    Running::start(bench.command(&[&["sim"], args].concat()))
}

#[test]
fn the_printed_configuration_reaches_every_vendor() {
    let bench = Bench::open();
    let running = start(&bench, &["--keys", "30"]);
    read_to(running.stderr(), "until Ctrl-C");
    let mut stdout = running.stdout();
    let printed = vendors().iter().flat_map(|_| read_to(&mut stdout, "_SIM_TOKEN\"")).collect::<Vec<_>>();
    assert_eq!(printed[0], "# Save this as anykey.toml, and in your shell:");
    bench.write("printed.toml", &printed.join("\n"));
    let exports: Vec<_> = printed
        .iter()
        .filter_map(|line| line.strip_prefix("#   export ")?.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    for provider in vendors() {
        let token = format!("{}_SIM_TOKEN", provider.to_uppercase());
        assert!(exports.iter().any(|(name, _)| *name == token), "one token for each: {exports:?}");
    }
    for provider in vendors() {
        if !seller_can(provider, Capability::ListAll) {
            let key = sample(&printed, provider, "good");
            let args = ["--config", "printed.toml", "-p", provider, "activate", key, "--label", "a", "--yes"];
            Ran::of(bench.command(&args).envs(exports.clone()).output().unwrap()).exits(0);
            continue;
        }
        let mut list =
            bench.command(&["--config", "printed.toml", "-p", provider, "keys", "list", "--jsonl"]);
        let listed = Ran::of(list.envs(exports.clone()).output().unwrap()).exits(0);
        assert_eq!(listed.stdout.lines().count(), 30);
    }
}

#[test]
fn the_written_configuration_works_as_it_is() {
    let bench = Bench::open();
    let running = start(&bench, &["--write", "demo", "--keys", "30"]);
    let told = read_to(running.stderr(), "until Ctrl-C");
    assert!(told[0].starts_with("note: wrote ") && told[0].ends_with("anykey.toml"), "{told:?}");
    for provider in vendors().into_iter().filter(|vendor| seller_can(vendor, Capability::ListAll)) {
        let list = ["--config", "demo/anykey.toml", "-p", provider, "keys", "list", "--jsonl"];
        assert_eq!(bench.run(&list).exits(0).stdout.lines().count(), 30);
    }
}

#[test]
fn every_plane_of_every_vendor_is_in_the_written_configuration() {
    let bench = Bench::open();
    let running = start(&bench, &["--write", "demo"]);
    read_to(running.stderr(), "until Ctrl-C");
    let checked = bench.anykey("--config demo/anykey.toml config check --json").exits(0).json();
    let checked = checked.as_array().unwrap();
    let planes: usize =
        simulators().iter().map(|one| one.start(Clock::new(Timestamp::now)).unwrap().planes().len()).sum();
    assert_eq!(checked.len(), planes);
    let portal = checked.iter().find(|one| one["plane"] == "device and own keys").unwrap();
    let portal = portal["name"].as_str().unwrap();
    bench.run(&["--config", "demo/anykey.toml", "-p", portal, "keys", "list"]).exits(0);
}

#[test]
fn one_key_in_each_state_is_sold_and_is_in_that_state() {
    let bench = Bench::open();
    let running = start(&bench, &["--seed", "roles", "--write", "demo"]);
    let printed = read_to(running.stdout(), &format!("{} foreign", vendors().pop().unwrap()));
    for provider in vendors() {
        let validates_alone = seller_can(provider, Capability::ValidateWithoutSeat);
        for (role, validated, activated) in
            [("good", 0, 0), ("full", 0, 1), ("expired", 1, 1), ("disabled", 1, 1)]
        {
            if role == "full" && !seller_can(provider, Capability::Activate) {
                continue;
            }
            let config = ["--config", "demo/anykey.toml", "-p", provider];
            let key = sample(&printed, provider, role);
            if validates_alone {
                bench.run(&[&config[..], &["validate", key]].concat()).exits(validated);
            }
            if !seller_can(provider, Capability::Activate) {
                continue;
            }
            let activate = ["activate", key, "--label", "laptop", "--yes"];
            bench.run(&[&config[..], &activate].concat()).exits(activated);
        }
    }
}

/// The printed key of a vendor in a state.
fn sample<'a>(printed: &'a [String], provider: &str, state: &str) -> &'a str {
    let lines = printed.iter().filter_map(|line| line.strip_prefix("#   "));
    let mut words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    let found = words.find(|words| words[..2] == [provider, state]);
    found.unwrap_or_else(|| panic!("{provider} {state}: {printed:?}"))[2]
}

#[test]
fn another_release_and_faults_are_chosen_by_option() {
    let bench = Bench::open();
    for simulator in simulators() {
        for release in simulator.releases {
            let release = format!("{}={release}", simulator.vendor);
            let running = start(&bench, &["--release", &release, "--chaos=7", "--keys", "6"]);
            let told = read_to(running.stderr(), "until Ctrl-C");
            assert!(told.iter().any(|line| line.contains("--chaos=7")), "{told:?}");
        }
    }
    let released = simulators().into_iter().find(|one| !one.releases.is_empty()).unwrap().vendor;
    let unknown = bench.anykey(&format!("sim --release {released}=1999")).exits(2);
    let expected = format!("`{released}` has no release `1999`; known are ");
    assert!(unknown.stderr.contains(&expected), "{unknown:?}");
    let unknown = bench.anykey("sim --release acme=1").exits(2);
    let expected = format!("there is no simulator of `acme`; known are {}", vendors().join(", "));
    assert!(unknown.stderr.contains(&expected), "{unknown:?}");
}

#[test]
fn a_script_reads_where_the_simulators_are() {
    let bench = Bench::open();
    let running = start(&bench, &["--jsonl"]);
    let lines = read_to(running.stdout(), &format!("\"{}\"", vendors().pop().unwrap()));
    for seller in lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let provider = seller["provider"].as_str().unwrap();
        let Some(device) = bench.sellers().find(|one| one.name == provider).unwrap().device_configuration()
        else {
            continue;
        };
        bench.write("device.toml", &device);
        let validate = ["--config", "device.toml", "validate", seller["good_key"].as_str().unwrap()];
        let mut command = bench.command(&validate);
        command.env("ANYKEY_BASE_URL", seller["base_url"].as_str().unwrap());
        Ran::of(command.output().unwrap()).exits(0);
    }
}

/// Takes every delivery and hands it on.
#[derive(Debug)]
struct Receiver(Sender<Request<Bytes>>);

#[async_trait]
impl HttpTransport for Receiver {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let _ = self.0.send(request);
        Ok(Response::new(Bytes::new()))
    }
}

/// Sends `request` to the same path of `url`.
fn forward(request: &Request<Bytes>, url: &str) -> StatusCode {
    let mut request = request.clone();
    *request.uri_mut() = format!("{url}{}", request.uri().path()).parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(ReqwestTransport::default().send(request)).unwrap().status()
}

#[test]
fn webhooks_are_verified_by_the_written_configuration() {
    let bench = Bench::open();
    let (sender, deliveries) = channel();
    let server = LoopbackServer::start_in_background(Arc::new(Receiver(sender))).unwrap();
    let sim = start(&bench, &["--write", "demo", "--keys", "6", "--webhooks", &server.url()]);
    let mut told = sim.stderr();
    for provider in with_webhooks() {
        let report = read_to(&mut told, "webhooks sent").pop().unwrap();
        let (sent, taken) = report.split_once("sent: ").unwrap().1.split_once(", taken: ").unwrap();
        assert!(report.contains(provider) && sent == taken, "{report}");
    }
    let delivered: Vec<_> = deliveries.try_iter().collect();
    for provider in with_webhooks() {
        let delivered: Vec<_> =
            delivered.iter().filter(|request| request.uri().path().ends_with(provider)).collect();
        assert!(delivered.len() >= 6, "{provider}: {}", delivered.len());
        // What was sold comes before the key that it is for.
        let of_a_key = delivered[delivered.len() - 1];
        std::fs::write(bench.folder.path().join("saved.http"), saved(of_a_key, "\n")).unwrap();
        let verify = ["--config", "demo/anykey.toml", "-p", provider, "webhook", "verify", "saved.http"];
        bench.run(&verify).exits(0);
        let mut listener = Listener::start(&bench, &["--config", "demo/anykey.toml", "--jsonl"]);
        assert_eq!(forward(of_a_key, &listener.url), StatusCode::OK);
        let printed: Value = serde_json::from_str(&listener.line()).unwrap();
        assert_eq!(printed["name"], provider);
    }
    let able = |name: &&str| seller_can(name, Capability::ListAll) && seller_can(name, Capability::Rotate);
    let provider = with_webhooks().into_iter().rfind(able).unwrap();
    let at = ["--config", "demo/anykey.toml", "-p", provider];
    let list = [&at[..], &["keys", "list", "--status", "active", "--limit", "1", "--json"]].concat();
    let keys: Value = serde_json::from_str(&bench.run(&list).exits(0).stdout).unwrap();
    bench.run(&[&at[..], &["keys", "rotate", keys[0]["id"].as_str().unwrap()]].concat()).exits(0);
    let rotated = deliveries.recv_timeout(Duration::from_secs(60)).unwrap();
    let mut listener = Listener::start(&bench, &["--config", "demo/anykey.toml", "--jsonl"]);
    assert_eq!(forward(&rotated, &listener.url), StatusCode::OK);
    let printed: Value = serde_json::from_str(&listener.line()).unwrap();
    assert_eq!((&printed["kind"], &printed["key_id"]), (&"rotated".into(), &keys[0]["id"]), "{printed}");
    let no_address = bench.anykey("sim --webhooks nowhere").exits(2);
    assert!(no_address.stderr.contains("http://127.0.0.1:8790"), "{no_address:?}");
}

#[cfg(feature = "sim-ui")]
#[tokio::test]
async fn the_page_is_served_at_the_printed_address_only() {
    let bench = Bench::open();
    let running = start(&bench, &["--ui"]);
    let told = read_to(running.stderr(), "page: ");
    let url = told.last().unwrap().strip_prefix("page: ").unwrap();
    let get = async |url: &str| {
        let request = Request::get(url).body(Bytes::new()).unwrap();
        ReqwestTransport::default().send(request).await.unwrap()
    };
    let page = get(url).await;
    assert_eq!(page.status(), StatusCode::OK);
    let page = String::from_utf8(page.body().to_vec()).unwrap();
    for simulator in simulators() {
        assert!(page.contains(simulator.title), "{}", simulator.title);
    }
    let (host, _) = url.split_once("127.0.0.1:").map(|(_, rest)| rest.split_once('/').unwrap()).unwrap();
    assert_eq!(get(&format!("http://127.0.0.1:{host}/")).await.status(), StatusCode::NOT_FOUND);
}

//! A router over two vendors, from the command.

use anykey::Capability::{Activate, Create, Deactivate, ListAll, ValidateWithoutSeat};
use serde_json::Value;

use crate::support::{Bench, Ran, Seller, Vendors, saved};

/// A router called `all` over a chain of providers, the first of which creates keys.
fn router(chain: &[&str]) -> String {
    let first = chain[0];
    format!("\n[providers.all]\nprovider = \"router\"\nchain = {chain:?}\ncreate = \"{first}\"\n")
}

/// A bench with a router over the first vendor that can create keys and the last one that cannot.
struct Routed {
    bench: Bench,
    names: [&'static str; 2],
}

impl Routed {
    fn open() -> Self {
        let bench = Bench::open();
        let able = bench.able(&[ListAll, ValidateWithoutSeat, Activate, Deactivate]);
        let first = able.iter().find(|seller| seller.can(Create)).unwrap().name;
        let last = able.iter().rfind(|seller| !seller.can(Create)).unwrap().name;
        drop(able);
        let routed = Self { bench, names: [first, last] };
        routed.configure(&routed.names);
        routed
    }

    fn configure(&self, chain: &[&str]) {
        self.bench.write("anykey.toml", &(self.bench.configuration() + &router(chain)));
    }

    fn sellers(&self) -> impl Iterator<Item = &Seller> {
        self.bench.sellers().filter(|seller| self.names.contains(&seller.name))
    }

    fn run(&self, args: &str) -> Ran {
        self.bench.anykey(&format!("-p all {args}"))
    }
}

#[test]
fn the_keys_of_both_vendors_are_one_list() {
    let routed = Routed::open();
    let listed = routed.run("keys list --jsonl").exits(0).stdout;
    let keys: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for name in routed.names {
        assert_eq!(keys.iter().filter(|key| key["provider"] == name).count(), 12, "{keys:?}");
    }
    assert_eq!(keys.len(), 24);
    let id = keys.last().unwrap()["id"].as_str().unwrap();
    assert!(id.starts_with(&format!("{}:", routed.names[1])), "{id}");
    assert_eq!(routed.run(&format!("keys get {id} --json")).exits(0).json()["id"], id);
}

#[test]
fn a_key_of_either_vendor_is_validated_activated_and_given_back() {
    let routed = Routed::open();
    for seller in routed.sellers() {
        let samples = &seller.samples;
        routed.run(&format!("validate {}", samples.good)).exits(0);
        routed.run(&format!("validate {}", samples.disabled.as_ref().unwrap())).exits(1);
        let activate = format!("activate {} --label laptop --json", samples.good);
        let seat = routed.run(&activate).exits(0).json();
        let seat = seat["id"].as_str().unwrap();
        assert!(seat.starts_with(seller.name), "{seat}");
        routed.run(&format!("validate {} --activation {seat}", samples.good)).exits(0);
        routed.run(&format!("deactivate {} --activation {seat}", samples.good)).exits(0);
    }
    routed.run("validate NO-SUCH-KEY").exits(1);
}

#[test]
fn a_check_builds_the_router_with_the_providers_behind_it() {
    let routed = Routed::open();
    let [first, last] = routed.names;
    let checked = routed.bench.anykey("config check --json").exits(0).json();
    let router = checked.as_array().unwrap().iter().find(|view| view["name"] == "all").unwrap();
    assert_eq!(
        (&router["plane"], &router["environment"]),
        (&"device and management".into(), &"loopback".into())
    );
    routed.run("config check --online").exits(0);

    let misspelled = &last[1..];
    routed.configure(&[first, misspelled]);
    let wrong = routed.bench.anykey("config check").exits(2);
    let told = format!("`chain[1]`: there is no provider called `{misspelled}`");
    assert!(wrong.stdout.contains(&told), "{wrong:?}");
    routed.configure(&routed.names);
    routed.bench.write(&format!("{last}.token"), "");
    let behind = routed.run("keys list").exits(2);
    assert!(behind.stderr.contains(&format!("providers.{last}: `token`")), "{behind:?}");
    routed.bench.anykey(&format!("-p {first} keys list")).exits(0);
}

#[test]
fn a_variable_overrides_a_field_of_the_router_and_of_nothing_behind_it() {
    let routed = Routed::open();
    let mut command = routed.bench.command(&["-p", "all", "keys", "list", "--jsonl"]);
    let chain = format!("[\"{}\"]", routed.names[0]);
    let listed = Ran::of(command.env("ANYKEY_CHAIN", chain).output().unwrap()).exits(0).stdout;
    assert_eq!(listed.lines().count(), 12);
    let mut command = routed.bench.command(&["-p", "all", "keys", "list"]);
    let refused = Ran::of(command.env("ANYKEY_TOKEN", "planted").output().unwrap()).exits(2);
    assert!(refused.stderr.contains("sets `token`, which is no field of `router`"), "{refused:?}");
}

#[test]
fn deliveries_of_both_vendors_are_verified_with_one_name() {
    let vendors = Vendors::open();
    vendors.bench.write("anykey.toml", &(Vendors::configuration() + &router(&["dodo", "polar"])));
    vendors.send_to("http://shop.test");
    vendors.sell();
    for vendor in ["dodo", "polar"] {
        let request = vendors.due(vendor).pop().unwrap();
        std::fs::write(vendors.bench.folder.path().join("saved.http"), saved(&request, "\n")).unwrap();
        let verified = vendors.bench.anykey("-p all webhook verify saved.http --json").exits(0).json();
        assert_eq!((&verified["name"], &verified["provider"]), (&"all".into(), &vendor.into()), "{verified}");
    }
    let listener = crate::support::Listener::start(&vendors.bench, &["--jsonl"]);
    assert!(listener.told.iter().any(|line| line.ends_with("/all")), "{:?}", listener.told);
}

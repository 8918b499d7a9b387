//! A router over two vendors, from the command.

use serde_json::Value;

use crate::support::{Bench, Ran, Vendors, saved};

const ALL: &str =
    "\n[providers.all]\nprovider = \"router\"\nchain = [\"dodo\", \"polar\"]\ncreate = \"dodo\"\n";

fn bench() -> Bench {
    let bench = Bench::open();
    bench.write("anykey.toml", &(bench.configuration() + ALL));
    bench
}

fn run(bench: &Bench, args: &str) -> Ran {
    bench.anykey(&format!("-p all {args}"))
}

#[test]
fn the_keys_of_both_vendors_are_one_list() {
    let bench = bench();
    let listed = run(&bench, "keys list --jsonl").exits(0).stdout;
    let keys: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for vendor in ["dodo", "polar"] {
        assert_eq!(keys.iter().filter(|key| key["provider"] == vendor).count(), 12, "{keys:?}");
    }
    assert_eq!(keys.len(), 24);
    let id = keys.last().unwrap()["id"].as_str().unwrap();
    assert!(id.starts_with("polar:"), "{id}");
    assert_eq!(run(&bench, &format!("keys get {id} --json")).exits(0).json()["id"], id);
}

#[test]
fn a_key_of_either_vendor_is_validated_activated_and_given_back() {
    let bench = bench();
    for vendor in ["dodo", "polar"] {
        let samples = &bench.shop(vendor).samples;
        run(&bench, &format!("validate {}", samples.good)).exits(0);
        run(&bench, &format!("validate {}", samples.disabled.as_ref().unwrap())).exits(1);
        let seat = run(&bench, &format!("activate {} --label laptop --json", samples.good)).exits(0).json();
        let seat = seat["id"].as_str().unwrap();
        assert!(seat.starts_with(vendor), "{seat}");
        run(&bench, &format!("validate {} --activation {seat}", samples.good)).exits(0);
        run(&bench, &format!("deactivate {} --activation {seat}", samples.good)).exits(0);
    }
    run(&bench, "validate NO-SUCH-KEY").exits(1);
}

#[test]
fn a_check_builds_the_router_with_the_providers_behind_it() {
    let bench = bench();
    let checked = bench.anykey("config check --json").exits(0).json();
    let names: Vec<_> = checked.as_array().unwrap().iter().map(|view| &view["name"]).collect();
    assert_eq!(names, ["all", "dodo", "polar"]);
    assert_eq!(
        (&checked[0]["plane"], &checked[0]["environment"]),
        (&"device and management".into(), &"loopback".into())
    );
    run(&bench, "config check --online").exits(0);

    bench.write("anykey.toml", &(bench.configuration() + &ALL.replace("\"polar\"]", "\"polr\"]")));
    let wrong = run(&bench, "config check").exits(2);
    assert!(wrong.stdout.contains("`chain[1]`: there is no provider called `polr`"), "{wrong:?}");
    bench.write("anykey.toml", &(bench.configuration() + ALL));
    bench.write("polar.token", "");
    let behind = run(&bench, "keys list").exits(2);
    assert!(behind.stderr.contains("providers.polar: `token`"), "{behind:?}");
    bench.anykey("-p dodo keys list").exits(0);
}

#[test]
fn a_variable_overrides_a_field_of_the_router_and_of_nothing_behind_it() {
    let bench = bench();
    let mut command = bench.command(&["-p", "all", "keys", "list", "--jsonl"]);
    let listed = Ran::of(command.env("ANYKEY_CHAIN", "[\"dodo\"]").output().unwrap()).exits(0).stdout;
    assert_eq!(listed.lines().count(), 12);
    let mut command = bench.command(&["-p", "all", "keys", "list"]);
    let refused = Ran::of(command.env("ANYKEY_TOKEN", "planted").output().unwrap()).exits(2);
    assert!(refused.stderr.contains("sets `token`, which is no field of `router`"), "{refused:?}");
}

#[test]
fn deliveries_of_both_vendors_are_verified_with_one_name() {
    let vendors = Vendors::open();
    vendors.bench.write("anykey.toml", &(Vendors::configuration() + ALL));
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

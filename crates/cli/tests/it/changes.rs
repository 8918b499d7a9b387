//! What changes keys: in every format, and what is left behind.

use anykey::Capability::{
    Activate, Activations, Create, ListAll, MintCode, Revoke, Rotate, SetActivationLimit, SetDisabled,
    SetExpiry, SetUsage, ValidateWithoutSeat,
};
use serde_json::Value;

use crate::support::{Bench, Seller};

#[test]
fn every_format_of_every_change() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll]) {
        let id = bench.id_of(seller, &seller.samples.good);
        let changes = [
            (SetDisabled, &["keys", "disable", &id][..]),
            (SetDisabled, &["keys", "enable", &id]),
            (SetExpiry, &["keys", "update", &id, "--expires-at", "2027-06-01"]),
            (SetActivationLimit, &["keys", "update", &id, "--activation-limit", "5"]),
            (Rotate, &["keys", "rotate", &id]),
            (Revoke, &["keys", "revoke", &id]),
        ];
        let mut text = String::new();
        for (capability, change) in changes {
            if seller.can(capability) {
                text.push_str(&bench.in_every_format(&[&["--provider", seller.name], change].concat()));
            }
        }
        insta::assert_snapshot!(format!("changes_{}", seller.name), bench.stable(&text));
    }
}

#[test]
fn a_change_is_there_afterwards() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, SetDisabled]) {
        let id = bench.id_of(seller, &seller.samples.good);
        let run = |args: &[&str]| bench.run_at(seller, args).exits(0);
        let get = || run(&["keys", "get", &id, "--json"]).json();
        run(&["keys", "disable", &id]);
        assert_eq!(get()["status"], "disabled");
        run(&["keys", "enable", &id]);
        assert_eq!(get()["status"], "active");
        if seller.can(SetActivationLimit) {
            run(&["keys", "update", &id, "--activation-limit", "7"]);
            assert_eq!(get()["activation_limit"], 7);
        }
        if seller.can(SetExpiry) {
            run(&["keys", "update", &id, "--expires-at", "2027-06-01"]);
            assert_eq!(get()["expires_at"], "2027-06-01T00:00:00Z");
            run(&["keys", "update", &id, "--no-expiry"]);
            assert!(get()["expires_at"].is_null());
        }
    }
}

#[test]
fn usage_is_set_where_the_vendor_counts_it() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, SetUsage]) {
        let id = bench.id_of(seller, &seller.samples.good);
        let update = |args: &[&str]| {
            let args = [&["keys", "update", &id, "--json"], args].concat();
            bench.run_at(seller, &args).exits(0).json()
        };
        let set = update(&["--usage", "3", "--usage-limit", "10"]);
        assert_eq!((&set["usage"], &set["usage_limit"]), (&3.into(), &10.into()));
        let negative = bench.run_at(seller, &["keys", "update", &id, "--usage", "-3"]);
        assert!(negative.code == Some(0) || negative.stderr.contains("says: "), "{negative:?}");
        assert!(update(&["--no-usage-limit"])["usage_limit"].is_null());
    }
    for seller in bench.unable(SetUsage) {
        bench.run_at(seller, &["keys", "update", "some-id", "--usage", "1"]).exits(4);
    }
}

#[test]
fn a_rotated_key_has_a_new_code() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Rotate, ValidateWithoutSeat]) {
        let old = &seller.samples.good;
        let id = bench.id_of(seller, old);
        let rotated = bench.run_at(seller, &["--show-keys", "keys", "rotate", &id, "--json"]).exits(0).json();
        let new = rotated["key"].as_str().unwrap();
        assert_ne!(new, old);
        bench.run_at(seller, &["validate", new]).exits(0);
        bench.run_at(seller, &["validate", old]).exits(1);
    }
}

#[test]
fn keys_are_created_in_every_format() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Create]) {
        let some = bench.run_at(seller, &["keys", "list", "--limit", "1", "--json"]).json();
        let (customer, product) =
            (some[0]["customer"].as_str().unwrap(), some[0]["product"].as_str().unwrap());
        let mut text = String::new();
        for (number, format) in ["", "--json", "--jsonl", "--csv"].into_iter().enumerate() {
            let code = format!("IMPORTED-{number}-ABCDEF");
            let mut args = vec!["-p", seller.name, "keys", "create", &code];
            args.extend(["--customer", customer, "--product", product]);
            args.extend(["--activation-limit", "2", "--expires-at", "2027-12-31"]);
            args.extend(Some(format).filter(|format| !format.is_empty()));
            text.push_str(&bench.run(&args).transcript(&args));
        }
        insta::assert_snapshot!(format!("create_{}", seller.name), bench.stable(&text));

        let again = ["keys", "create", "IMPORTED-0-ABCDEF", "--customer", customer, "--product", product];
        let conflict = bench.run_at(seller, &again).exits(1);
        assert!(conflict.stderr.contains("create: conflict: "), "{conflict:?}");
    }
    for seller in bench.unable(Create) {
        let create = ["keys", "create", "NEW-KEY", "--customer", "c", "--product", "p"];
        let refused = bench.run_at(seller, &create).exits(4);
        assert!(refused.stderr.contains("this provider cannot create keys"), "{refused:?}");
    }
}

#[test]
fn the_vendor_makes_the_code_where_it_can() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, MintCode, ValidateWithoutSeat]) {
        let some = bench.run_at(seller, &["keys", "list", "--limit", "1", "--json"]).json();
        let create = ["keys", "create", "--generate", "--product", some[0]["product"].as_str().unwrap()];
        let shown = bench.run_at(seller, &[&create[..], &["--dry-run", "--json"]].concat()).exits(0).json();
        assert!(shown[0]["method"].is_string(), "{shown}");
        let created = bench.run_at(seller, &[&create[..], &["--json"]].concat()).exits(0);
        // The command that the note offers is for this provider, not for the default one.
        let offered = created.stderr.split('`').nth(1).unwrap().split(' ').skip(1);
        let whole = bench.run(&offered.chain(["--json"]).collect::<Vec<_>>()).exits(0).json();
        assert_eq!(whole["id"], created.json()["id"]);
        bench.run_at(seller, &["validate", whole["key"].as_str().unwrap()]).exits(0);
    }
    for seller in bench.unable(MintCode) {
        bench.run_at(seller, &["keys", "create", "--generate", "--product", "p"]).exits(4);
    }
    bench.anykey("keys create NEW-KEY --generate --product p").exits(2);
    bench.anykey("keys create NEW-KEY --product p").exits(2);
}

/// What a dry run of each change says, of a `key` with a `seat`.
fn dry_runs(bench: &Bench, seller: &Seller, key: &Value, seat: &str) -> String {
    let code = seller.samples.good.as_str();
    let [id, customer, product] =
        ["id", "customer", "product"].map(|field| key[field].as_str().unwrap_or("unknown"));
    let mut text = String::new();
    for change in [
        &["keys", "disable", id][..],
        &["keys", "update", id, "--activation-limit", "1"],
        &["keys", "rotate", id],
        &["keys", "revoke", id],
        &["keys", "create", code, "--customer", customer, "--product", product],
        &["activations", "rename", seat, "other"],
        &["activations", "remove", id, seat],
        &["activate", code, "--label", "phone"],
        &["deactivate", code, "--activation", seat],
    ] {
        let args = [&["--provider", seller.name], change, &["--dry-run"]].concat();
        let ran = bench.run(&args);
        let output = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!output.contains(code) && !output.contains(&seller.token), "{output}");
        match ran.code {
            Some(4) => assert!(ran.stderr.contains(": unsupported: "), "{ran:?}"),
            _ => text.push_str(&ran.exits(0).transcript(&args)),
        }
    }
    text
}

#[test]
fn a_dry_run_shows_the_request_masked_and_sends_nothing() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Activations, Activate]) {
        let id = bench.id_of(seller, &seller.samples.good);
        let seats = bench.activations(seller, &id);
        let get = || bench.run_at(seller, &["keys", "get", &id, "--json"]).exits(0).json();
        let before = get();
        let text = dry_runs(&bench, seller, &before, &seats[0]);
        insta::assert_snapshot!(format!("dry_run_{}", seller.name), bench.stable(&text));
        assert_eq!(get(), before);
        assert_eq!(bench.activations(seller, &id), seats);
    }
}

#[test]
fn a_dry_run_is_a_document_too() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, SetDisabled]) {
        let id = bench.id_of(seller, &seller.samples.good);
        let shown = bench.run_at(seller, &["keys", "disable", &id, "--dry-run", "--json"]).exits(0).json();
        assert!(shown[0]["method"].is_string(), "{shown}");
        assert!(shown[0]["credential"].as_str().is_none_or(|text| text.ends_with("****")), "{shown}");
    }
    let memory = "provider = \"memory\"\nkeys = [{ code = \"A\" }]";
    bench.write("memory.toml", memory);
    let shown = bench.anykey("--config memory.toml keys disable key_1 --dry-run --json").exits(0).json();
    assert_eq!(shown[0]["method"], Value::Null);
    assert_eq!(shown[0]["action"], "disable the key key_1");
}

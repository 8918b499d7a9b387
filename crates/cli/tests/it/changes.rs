//! What changes keys: in every format, and what is left behind.

use crate::support::Bench;

#[test]
fn every_format_of_every_change() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        let id = bench.id_of(provider, &bench.shop(provider).samples.good);
        let mut text = String::new();
        for change in [
            &["keys", "disable", &id][..],
            &["keys", "enable", &id],
            &["keys", "update", &id, "--expires-at", "2027-06-01", "--activation-limit", "5"],
        ] {
            text.push_str(&bench.in_every_format(&[&["--provider", provider], change].concat()));
        }
        if provider == "polar" {
            text.push_str(&bench.in_every_format(&["--provider", "polar", "keys", "rotate", &id]));
            text.push_str(&bench.in_every_format(&["--provider", "polar", "keys", "revoke", &id]));
        }
        insta::assert_snapshot!(format!("changes_{provider}"), bench.stable(&text));
    }
}

#[test]
fn a_change_is_there_afterwards() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        let id = bench.id_of(provider, &bench.shop(provider).samples.good);
        let get = || bench.run(&["-p", provider, "keys", "get", &id, "--json"]).exits(0).json();
        bench.run(&["-p", provider, "keys", "disable", &id]).exits(0);
        assert_eq!(get()["status"], "disabled");
        bench.run(&["-p", provider, "keys", "enable", &id]).exits(0);
        assert_eq!(get()["status"], "active");
        let update = ["-p", provider, "keys", "update", &id];
        bench
            .run(&[&update[..], &["--activation-limit", "7", "--expires-at", "2027-06-01"]].concat())
            .exits(0);
        assert_eq!(
            (&get()["activation_limit"], &get()["expires_at"]),
            (&7.into(), &"2027-06-01T00:00:00Z".into())
        );
        bench.run(&[&update[..], &["--no-expiry"]].concat()).exits(0);
        assert!(get()["expires_at"].is_null());
    }
}

#[test]
fn usage_is_polars() {
    let bench = Bench::open();
    let id = bench.id_of("polar", &bench.polar.samples.good);
    let update = ["-p", "polar", "keys", "update", &id, "--json"];
    let set = bench.run(&[&update[..], &["--usage", "-3", "--usage-limit", "10"]].concat()).exits(0).json();
    assert_eq!((&set["usage"], &set["usage_limit"]), (&(-3).into(), &10.into()));
    let cleared = bench.run(&[&update[..], &["--no-usage-limit"]].concat()).exits(0).json();
    assert!(cleared["usage_limit"].is_null());
    let id = bench.id_of("dodo", &bench.dodo.samples.good);
    bench.run(&["keys", "update", &id, "--usage", "1"]).exits(4);
}

#[test]
fn a_rotated_key_has_a_new_code() {
    let bench = Bench::open();
    let old = &bench.polar.samples.good;
    let id = bench.id_of("polar", old);
    let rotated = bench.run(&["-p", "polar", "--show-keys", "keys", "rotate", &id, "--json"]).exits(0).json();
    let new = rotated["key"].as_str().unwrap();
    assert_ne!(new, old);
    bench.run(&["-p", "polar", "validate", new]).exits(0);
    bench.run(&["-p", "polar", "validate", old]).exits(1);
}

#[test]
fn keys_are_created_at_dodo_in_every_format() {
    let bench = Bench::open();
    let some = bench.anykey("keys list --limit 1 --json").json();
    let (customer, product) = (some[0]["customer"].as_str().unwrap(), some[0]["product"].as_str().unwrap());
    let mut text = String::new();
    for (number, format) in ["", "--json", "--jsonl", "--csv"].into_iter().enumerate() {
        let code = format!("IMPORTED-{number}-ABCDEF");
        let mut args = vec!["keys", "create", &code, "--customer", customer, "--product", product];
        args.extend(["--activation-limit", "2", "--expires-at", "2027-12-31"]);
        args.extend(Some(format).filter(|format| !format.is_empty()));
        text.push_str(&bench.run(&args).transcript(&args));
    }
    insta::assert_snapshot!("create_dodo", bench.stable(&text));

    let again = ["keys", "create", "IMPORTED-0-ABCDEF", "--customer", customer, "--product", product];
    let conflict = bench.run(&again).exits(1);
    assert!(conflict.stderr.contains("create: conflict: "), "{conflict:?}");
    let polar = bench.run(&[&again[..], &["-p", "polar"]].concat()).exits(4);
    assert!(polar.stderr.contains("this provider cannot create keys"), "{polar:?}");
}

#[test]
fn a_dry_run_shows_the_request_masked_and_sends_nothing() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        let code = bench.shop(provider).samples.good.clone();
        let id = bench.id_of(provider, &code);
        let seats = bench.activations(provider, &id);
        let mut text = String::new();
        for change in [
            &["keys", "disable", &id][..],
            &["keys", "update", &id, "--activation-limit", "1"],
            &["keys", "rotate", &id],
            &["keys", "revoke", &id],
            &["keys", "create", &code, "--customer", "c", "--product", "p"],
            &["activations", "rename", &seats[0], "other"],
            &["activations", "remove", &id, &seats[0]],
            &["activate", &code, "--label", "phone"],
            &["deactivate", &code, "--activation", &seats[0]],
        ] {
            let args = [&["--provider", provider], change, &["--dry-run"]].concat();
            let ran = bench.run(&args);
            let output = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!output.contains(&code) && !output.contains(&bench.shop(provider).token), "{output}");
            match ran.code {
                Some(4) => assert!(ran.stderr.contains(": unsupported: "), "{ran:?}"),
                _ => text.push_str(&ran.exits(0).transcript(&args)),
            }
        }
        insta::assert_snapshot!(format!("dry_run_{provider}"), bench.stable(&text));
        let get = bench.run(&["-p", provider, "keys", "get", &id, "--json"]).json();
        assert_eq!((&get["status"], &get["activation_limit"]), (&"active".into(), &3.into()));
        assert_eq!(bench.activations(provider, &id), seats);
    }
}

#[test]
fn a_dry_run_is_a_document_too() {
    let bench = Bench::open();
    let id = bench.id_of("dodo", &bench.dodo.samples.good);
    let shown = bench.run(&["keys", "disable", &id, "--dry-run", "--json"]).exits(0).json();
    assert_eq!(shown[0]["method"], "PATCH");
    assert_eq!(shown[0]["body"], r#"{"disabled":true}"#);
    assert_eq!(shown[0]["credential"], "Bearer ****");
    let memory = "provider = \"memory\"\nkeys = [{ code = \"A\" }]";
    bench.write("memory.toml", memory);
    let shown = bench.anykey("--config memory.toml keys disable key_1 --dry-run --json").exits(0).json();
    assert!(shown[0]["method"].is_null());
    assert_eq!(shown[0]["action"], "disable the key key_1");
}

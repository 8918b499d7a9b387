//! The promise to scripts.

use anykey_testkit::transport::{Answer, Fault, RetryAfter, Rule};

use crate::support::Bench;

const UNKNOWN: &str = "SHOP-NOBODY-HAS-IT";

#[test]
fn done_and_valid_is_0() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        bench.run(&["-p", provider, "validate", &bench.shop(provider).samples.good]).exits(0);
        bench.run(&["-p", provider, "keys", "list"]).exits(0);
    }
}

#[test]
fn refused_is_1_with_the_reason() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        let unknown = bench.run(&["-p", provider, "validate", UNKNOWN]).exits(1);
        assert!(unknown.stdout.starts_with("verdict:  refused\nreason:"), "{unknown:?}");
        let get = ["-p", provider, "keys", "get", "00000000-0000-4000-8000-000000000000"];
        let missing = bench.run(&get).exits(1);
        assert!(missing.stderr.contains("get: not found: "), "{missing:?}");
        let ended = bench.shop(provider).samples.ended.as_deref().unwrap();
        let refused = bench.run(&["-p", provider, "activate", ended, "--label", "x"]).exits(1);
        assert!(refused.stderr.contains("activate: refused: the key "), "{refused:?}");
    }
}

#[test]
fn usage_configuration_and_credential_are_2() {
    let bench = Bench::open();
    for wrong in [
        "keys",
        "keys list --status",
        "keys list --limit 0",
        "keys update lic_1",
        "keys list --json --csv",
        "--jsonl keys list --csv",
        "keys list --expires-before tomorrow",
        "validate",
        "--provider nobody keys list",
        "--config nowhere.toml keys list",
    ] {
        bench.anykey(wrong).exits(2);
    }
    for provider in ["dodo", "polar"] {
        bench.write(&format!("{provider}.token"), "wrong");
        let unknown = bench.run(&["-p", provider, "keys", "list"]).exits(2);
        assert!(unknown.stderr.contains("list: unauthenticated: "), "{unknown:?}");
        bench.write(&format!("{provider}.token"), "");
        let empty = bench.run(&["-p", provider, "keys", "list"]).exits(2);
        assert!(empty.stderr.contains(&format!("{provider}.token is empty")), "{empty:?}");
    }
}

#[test]
fn no_answer_is_3() {
    let bench = Bench::open();
    let validate = ["validate", bench.dodo.samples.good.as_str()];
    let faults = [
        (Fault::rate_limited(RetryAfter::Seconds(60)), "rate limited"),
        (Fault::Instead(Answer::new(503).header("retry-after", "60")), "unavailable"),
        (Fault::captive_portal(), "unrecognized answer"),
    ];
    for (fault, kind) in faults {
        bench.dodo_faults.inject(Rule::always(fault));
        let ran = bench.run(&validate).exits(3);
        assert!(ran.stderr.contains(&format!("validate: {kind}: ")), "{ran:?}");
        assert_eq!(ran.stdout, "", "no verdict");
        bench.dodo_faults.clear();
    }
    let nobody_listens = bench
        .command(&validate)
        .env("ANYKEY_BASE_URL", "http://127.0.0.1:9")
        .env("ANYKEY_TIMEOUT", "1")
        .output();
    assert_eq!(nobody_listens.unwrap().status.code(), Some(3));
}

/// Pages of servers in front of the vendor, with every status of the 400s: none is a verdict.
#[test]
fn anybodys_page_is_3_and_never_1() {
    let bench = Bench::open();
    let bodies = [
        ("text/html", "<html><h1>Nothing here</h1></html>"),
        ("application/json", r#"{"error":"Not Found"}"#),
        ("application/json", r#"{"message":"Forbidden"}"#),
    ];
    for (provider, faults) in [("dodo", &bench.dodo_faults), ("polar", &bench.polar_faults)] {
        let validate = ["-p", provider, "validate", bench.shop(provider).samples.good.as_str()];
        for status in (400..=418).chain([421, 422, 423, 424, 425, 426, 428, 431, 444, 451, 460, 499]) {
            for (content_type, body) in bodies {
                // Those that say when to come back, or that the proxy wants something.
                let body = Answer::new(status).header("content-type", content_type).body(body);
                faults.inject(Rule::always(Fault::Instead(body)));
                let ran = bench.run(&validate);
                let ours = status == 407 && ran.code == Some(2);
                assert!(ran.code == Some(3) || ours, "{provider} {status} {content_type}: {ran:?}");
                assert_eq!(ran.stdout, "", "{provider} {status}");
                faults.clear();
            }
        }
    }
}

#[test]
fn a_status_that_the_vendor_does_not_have_is_2() {
    let bench = Bench::open();
    for provider in [["-p", "dodo"], ["-p", "polar"]] {
        for word in ["bogus", "granted!", "", "=1+1"] {
            let ran = bench.run(&[&provider[..], &["keys", "list", "--status", word]].concat()).exits(2);
            assert!(ran.stderr.contains("status"), "{provider:?} {word}: {ran:?}");
        }
    }
}

#[test]
fn unsupported_is_4() {
    let bench = Bench::open();
    let id = bench.id_of("dodo", &bench.dodo.samples.good);
    bench.run(&["keys", "rotate", &id]).exits(4);
    bench.run(&["keys", "revoke", &id]).exits(4);
    bench.anykey("-p polar keys create NEW-KEY --customer c --product p").exits(4);
    bench.anykey("-p polar activations rename a b").exits(4);

    bench.write("device.toml", &format!("provider = \"dodo\"\nbase_url = \"{}\"", bench.url("dodo")));
    let device = bench.anykey("--config device.toml keys list").exits(4);
    assert!(device.stderr.contains("set `token` to a Dodo API key"), "{device:?}");
}

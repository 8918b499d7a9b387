//! The promise to scripts.

use anykey::Capability::{
    Activate, Activations, Create, Get, ListAll, RenameActivation, Revoke, Rotate, ValidateWithoutSeat,
};
use anykey_testkit::transport::{Answer, Fault, RetryAfter, Rule};

use crate::support::{Bench, another};

const UNKNOWN: &str = "SHOP-NOBODY-HAS-IT";

#[test]
fn done_and_valid_is_0() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, ValidateWithoutSeat]) {
        bench.run_at(seller, &["validate", &seller.samples.good]).exits(0);
        bench.run_at(seller, &["keys", "list"]).exits(0);
    }
}

#[test]
fn refused_is_1_with_the_reason() {
    let bench = Bench::open();
    for seller in bench.able(&[ValidateWithoutSeat]) {
        let unknown = bench.run_at(seller, &["validate", UNKNOWN]).exits(1);
        let mut lines = unknown.stdout.lines();
        assert!(lines.next().is_some_and(|line| line.ends_with(" refused")), "{unknown:?}");
        assert!(lines.next().is_some_and(|line| line.starts_with("reason: ")), "{unknown:?}");
    }
    for seller in bench.able(&[ListAll, Get]) {
        let nobodys = another(&bench.id_of(seller, &seller.samples.good));
        let missing = bench.run_at(seller, &["keys", "get", &nobodys]).exits(1);
        assert!(missing.stderr.contains("get: not found: "), "{missing:?}");
    }
    for seller in bench.able(&[Activate]) {
        let ended = seller.samples.ended.as_deref().unwrap();
        let refused = bench.run_at(seller, &["activate", ended, "--label", "x"]).exits(1);
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
    for seller in bench.able(&[ListAll]) {
        let file = format!("{}.token", seller.name);
        bench.write(&file, &seller.wrong_token());
        let unknown = bench.run_at(seller, &["keys", "list"]).exits(2);
        assert!(unknown.stderr.contains("list: unauthenticated: "), "{unknown:?}");
        bench.write(&file, "");
        let empty = bench.run_at(seller, &["keys", "list"]).exits(2);
        assert!(empty.stderr.contains(&format!("{file} is empty")), "{empty:?}");
    }
}

#[test]
fn no_answer_is_3() {
    let bench = Bench::open();
    for seller in bench.able(&[ValidateWithoutSeat]) {
        let validate = ["validate", seller.samples.good.as_str()];
        let faults = [
            (Fault::rate_limited(RetryAfter::Seconds(60)), "rate limited"),
            (Fault::Instead(Answer::new(503).header("retry-after", "60")), "unavailable"),
            (Fault::captive_portal(), "unrecognized answer"),
        ];
        for (fault, kind) in faults {
            seller.faults.inject(Rule::always(fault));
            let ran = bench.run_at(seller, &validate).exits(3);
            assert!(ran.stderr.contains(&format!("validate: {kind}: ")), "{ran:?}");
            assert_eq!(ran.stdout, "", "no verdict");
            seller.faults.clear();
        }
        let nobody_listens = bench
            .command(&["-p", seller.name, "validate", seller.samples.good.as_str()])
            .env("ANYKEY_BASE_URL", "http://127.0.0.1:9")
            .env("ANYKEY_TIMEOUT", "1")
            .output();
        assert_eq!(nobody_listens.unwrap().status.code(), Some(3));
    }
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
    for seller in bench.able(&[ValidateWithoutSeat]) {
        let (name, faults) = (seller.name, &seller.faults);
        let validate = ["-p", name, "validate", seller.samples.good.as_str()];
        for status in (400..=418).chain([421, 422, 423, 424, 425, 426, 428, 431, 444, 451, 460, 499]) {
            for (content_type, body) in bodies {
                let body = Answer::new(status).header("content-type", content_type).body(body);
                faults.inject(Rule::always(Fault::Instead(body)));
                let ran = bench.run(&validate);
                // 407 means that the proxy wants a password.
                let ours = status == 407 && ran.code == Some(2);
                assert!(ran.code == Some(3) || ours, "{name} {status} {content_type}: {ran:?}");
                assert_eq!(ran.stdout, "", "{name} {status}");
                faults.clear();
            }
        }
    }
}

#[test]
fn a_status_that_the_vendor_does_not_have_is_2() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll]) {
        for word in ["bogus", "granted!", "", "=1+1"] {
            let ran = bench.run_at(seller, &["keys", "list", "--status", word]).exits(2);
            assert!(ran.stderr.contains("status"), "{} {word}: {ran:?}", seller.name);
        }
    }
}

#[test]
fn unsupported_is_4() {
    let bench = Bench::open();
    let all = [
        (Rotate, &["keys", "rotate", "some-id"][..]),
        (Revoke, &["keys", "revoke", "some-id"]),
        (Create, &["keys", "create", "NEW-KEY", "--customer", "c", "--product", "p"]),
        (RenameActivation, &["activations", "rename", "a", "b"]),
        (Activations, &["activations", "list", "some-id"]),
        (ListAll, &["keys", "list"]),
    ];
    for (capability, args) in all {
        for seller in bench.unable(capability) {
            bench.run_at(seller, args).exits(4);
        }
    }
    for seller in bench.able(&[ListAll]) {
        let Some(device) = seller.device_configuration() else { continue };
        bench.write("device.toml", &device);
        let device = bench.anykey("--config device.toml keys list").exits(4);
        assert!(device.stderr.contains("; set `token`"), "{device:?}");
    }
}

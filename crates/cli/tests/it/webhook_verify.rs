//! `anykey webhook verify`: saved requests.

use std::io::Write;
use std::process::Stdio;

use bytes::Bytes;
use http::Request;
use serde_json::json;

use crate::support::{Ran, Vendors, saved};

type Change = fn(&mut Request<Bytes>);

fn opened() -> Vendors {
    let vendors = Vendors::open();
    vendors.send_to("https://shop.example/webhooks");
    vendors.sell();
    vendors
}

/// Writes `bytes` into a file and verifies it.
fn verify(vendors: &Vendors, provider: &str, bytes: &[u8], args: &[&str]) -> Ran {
    std::fs::write(vendors.bench.folder.path().join("saved.http"), bytes).unwrap();
    vendors.bench.run(&[&["-p", provider, "webhook", "verify", "saved.http"], args].concat())
}

#[test]
fn every_format_of_an_authentic_delivery() {
    let vendors = opened();
    for provider in ["dodo", "polar"] {
        let mut text = String::new();
        for request in vendors.due(provider) {
            std::fs::write(vendors.bench.folder.path().join("saved.http"), saved(&request, "\r\n")).unwrap();
            let args = ["-p", provider, "webhook", "verify", "saved.http"];
            text.push_str(&vendors.bench.in_every_format(&args));
        }
        vendors.assert_no_secret(&text);
        insta::assert_snapshot!(format!("verify_{provider}"), vendors.bench.stable(&text));
    }
}

#[test]
fn the_code_is_masked_unless_it_is_asked_for() {
    let vendors = opened();
    let request = vendors.due("dodo").remove(0);
    let delivered: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    let code = delivered["data"]["key"].as_str().unwrap();
    for format in ["--json", "--csv", "--color=never"] {
        let masked = verify(&vendors, "dodo", &saved(&request, "\n"), &[format]).exits(0);
        assert!(!masked.stdout.contains(code) && masked.stdout.contains("****-"), "{masked:?}");
        let shown = verify(&vendors, "dodo", &saved(&request, "\n"), &["--show-keys", format]).exits(0);
        assert!(shown.stdout.contains(code), "{shown:?}");
    }
}

#[test]
fn lines_end_as_they_like_and_the_request_line_and_the_file_may_be_missing() {
    let vendors = opened();
    for provider in ["dodo", "polar"] {
        let request = vendors.due(provider).remove(0);
        for line_end in ["\r\n", "\n"] {
            let whole = saved(&request, line_end);
            verify(&vendors, provider, &whole, &[]).exits(0);
            let headers = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
            verify(&vendors, provider, &whole[headers..], &[]).exits(0);
        }
        let mut command = vendors.bench.command(&["-p", provider, "webhook", "verify", "-"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(&saved(&request, "\n")).unwrap();
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn what_is_not_authentic_is_1_with_the_reason() {
    let vendors = opened();
    for provider in ["dodo", "polar"] {
        let request = vendors.due(provider).remove(0);
        let with = |change: Change| {
            let mut changed = request.clone();
            change(&mut changed);
            verify(&vendors, provider, &saved(&changed, "\r\n"), &["--json"]).exits(1)
        };
        let with_length = |length: usize| {
            let mut request = request.clone();
            request.headers_mut().insert("content-length", length.into());
            verify(&vendors, provider, &saved(&request, "\n"), &[]).exits(0).stderr
        };
        assert_eq!(with_length(request.body().len()), "");
        assert!(with_length(1).contains("but `content-length` is 1: it was changed"));
        let longer = |request: &mut Request<Bytes>| {
            *request.body_mut() = [request.body(), &b"\n"[..]].concat().into();
        };
        let cases: [(Change, &str); 4] = [
            (longer, "signature_mismatch"),
            (
                |request| drop(request.headers_mut().insert("webhook-id", "other".parse().unwrap())),
                "signature_mismatch",
            ),
            (|request| drop(request.headers_mut().remove("webhook-signature")), "missing_header"),
            (
                |request| assert!(request.headers_mut().append("webhook-id", "other".parse().unwrap())),
                "repeated_header",
            ),
        ];
        for (change, reason) in cases {
            let refused = with(change);
            assert_eq!(refused.json()["verdict"], "refused");
            assert_eq!(refused.json()["reason"], reason);
            vendors.assert_no_secret(&format!("{refused:?}"));
        }
        let other = if provider == "dodo" { "polar" } else { "dodo" };
        verify(&vendors, other, &saved(&request, "\n"), &[]).exits(1);
        let told = verify(&vendors, provider, &saved(&request, "\n").repeat(2), &[]).exits(1);
        assert!(told.stderr.contains("note: the body has to be the bytes that came"), "{told:?}");
    }
}

#[test]
fn any_of_several_secrets_will_do() {
    let vendors = opened();
    vendors.replace_secret();
    for provider in ["dodo", "polar"] {
        let request = saved(&vendors.due(provider).remove(0), "\n");
        verify(&vendors, provider, &request, &[]).exits(0);
        vendors
            .bench
            .write(&format!("{provider}.webhook"), "whsec_YGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn8=");
        verify(&vendors, provider, &request, &[]).exits(1);
    }
}

#[test]
fn an_older_request_is_judged_at_the_time_that_is_named() {
    let vendors = opened();
    let request = saved(&vendors.due("dodo").remove(0), "\n");
    let judged = |args: &[&str]| verify(&vendors, "dodo", &request, args);
    let late = judged(&["--at", "2027-01-15T12:05:01Z", "--json"]).exits(1);
    assert_eq!(late.json()["reason"], "too_old");
    assert!(late.stderr.contains("`--at sent`"), "{late:?}");
    let early = judged(&["--at", "2027-01-15", "--json"]).exits(1);
    assert_eq!(early.json()["reason"], "too_new");
    judged(&["--at", "2027-01-15T12:05:00Z"]).exits(0);
    judged(&["--at", "yesterday"]).exits(2);

    vendors.bench.write("saved.http", std::str::from_utf8(&request).unwrap());
    let a_year_later = |args: &[&str]| {
        let args = [&["webhook", "verify", "saved.http"], args].concat();
        let mut command = vendors.bench.command(&args);
        Ran::of(command.env("__ANYKEY_TEST_NOW", "2028-01-15T12:00:00Z").output().unwrap())
    };
    a_year_later(&[]).exits(1);
    let sent = a_year_later(&["--at", "sent"]).exits(0);
    assert!(sent.stderr.contains("a replay is not recognized"), "{sent:?}");
}

#[test]
fn authentic_without_an_event_is_0_or_3() {
    let vendors = opened();
    for (provider, about_keys) in [("dodo", "license_key.created"), ("polar", "benefit_grant.created")] {
        vendors.due(provider);
        vendors.announce(provider, "product.updated", &json!({"email": "ada@example.com"}));
        vendors.announce(provider, about_keys, &json!({"email": "ada@example.com"}));
        let requests = vendors.due(provider);
        let judged = |at: usize| verify(&vendors, provider, &saved(&requests[at], "\n"), &["--json"]);
        let ignored = judged(0).exits(0);
        assert_eq!(ignored.json()["type"], "product.updated");
        assert_eq!(ignored.json()["reason"], "not_of_interest");
        let unreadable = judged(1).exits(3);
        assert_eq!(unreadable.json()["reason"], "unreadable");
        for ran in [ignored, unreadable] {
            assert_eq!(ran.json()["verdict"], "authentic");
            assert!(ran.json()["kind"].is_null());
            vendors.assert_no_secret(&format!("{ran:?}"));
        }
    }
}

#[test]
fn no_secret_and_no_request_are_2() {
    let vendors = opened();
    let request = saved(&vendors.due("dodo").remove(0), "\n");
    for (toml, told) in [
        ("", "`webhook_secrets` is missing"),
        ("webhook_secrets = []", "`webhook_secrets` is missing"),
        (
            "webhook_secrets = [{ env = \"NO_SUCH\" }]",
            "`webhook_secrets[0]`: the environment variable NO_SUCH",
        ),
        ("webhook_secrets = [\"planted\"]", "`webhook_secrets"),
    ] {
        vendors.bench.write("other.toml", &format!("provider = \"dodo\"\n{toml}"));
        let ran = verify(&vendors, "dodo", &request, &["--config", "other.toml"]).exits(2);
        assert!(ran.stderr.contains(told), "{ran:?}");
        assert!(!ran.stderr.contains("planted"), "{ran:?}");
    }
    let wrong = verify(&vendors, "dodo", b"{\"type\":\"PLANTED\"}\n\n", &[]).exits(2);
    assert!(
        wrong.stderr.contains("its line 1 is no header") && !wrong.stderr.contains("PLANTED"),
        "{wrong:?}"
    );
    let missing = vendors.bench.anykey("webhook verify nowhere.http").exits(2);
    assert!(missing.stderr.contains("cannot read nowhere.http"), "{missing:?}");
    vendors.bench.anykey("webhook verify").exits(2);

    let mut command = vendors.bench.command(&["--config", "other.toml", "webhook", "verify", "saved.http"]);
    vendors.bench.write("other.toml", "provider = \"dodo\"");
    vendors.bench.write("saved.http", std::str::from_utf8(&request).unwrap());
    let secret = std::fs::read_to_string(vendors.bench.folder.path().join("dodo.webhook")).unwrap();
    assert!(command.env("ANYKEY_WEBHOOK_SECRETS", secret).output().unwrap().status.success());
}

//! No key, no token and no customer data on stderr, whatever goes wrong.

use anykey::Registry;
use anykey_testkit::transport::{Answer, Fault, Rule};

use crate::support::{Bench, Ran};

#[test]
fn errors_and_traces_print_neither_key_nor_token_nor_customer() {
    let bench = Bench::open();
    for seller in bench.sellers() {
        let ended = seller.samples.ended.clone().unwrap();
        let good = &seller.samples.good;
        let runs = [
            vec!["activate", &ended, "--label", "planted-label"],
            vec!["validate", good],
            vec!["activate", "planted-unknown-key", "--label", "planted-label"],
            vec!["deactivate", good, "--activation", "planted-activation"],
            vec!["keys", "find", "planted-unknown-key"],
            vec!["keys", "list"],
            vec!["keys", "create", good, "--customer", "c", "--product", "p"],
        ];
        for run in runs {
            let args = [&["--verbose", "--trace"], &run[..]].concat();
            let ran = bench.run_at(seller, &args);
            for secret in [
                &ended,
                good,
                &seller.token,
                "planted-unknown-key",
                "planted-label",
                "ada@example.com",
                "Ada Example",
            ] {
                assert!(!ran.stderr.contains(secret), "{} {args:?}: {}", seller.name, ran.stderr);
            }
        }
    }
}

#[test]
fn a_vendor_that_echoes_everything_is_not_echoed() {
    let bench = Bench::open();
    for seller in bench.sellers() {
        let code = &seller.samples.good;
        let echo =
            format!(r#"{{"code":"{code}","message":"no\u001b[2J {code}\nfor Bearer {}"}}"#, seller.token);
        for status in [400, 403, 404, 409, 422, 500] {
            seller.faults.inject(Rule::always(Fault::Instead(Answer::json(status, echo.clone()))));
            let ran = bench.run_at(seller, &["-v", "activate", code, "--label", "x"]);
            assert!(!ran.stderr.contains(code.as_str()), "{}", ran.stderr);
            assert!(!ran.stderr.contains('\u{1b}'), "{:?}", ran.stderr);
            assert!(ran.stderr.starts_with("error: ") && !ran.stderr.contains("\nfor"), "{}", ran.stderr);
            seller.faults.clear();
        }
    }
}

#[test]
fn verbose_adds_causes_request_id_and_attempts_and_trace_adds_spans() {
    let bench = Bench::open();
    let refused = Answer::json(503, "{}").header("retry-after", "60").header("x-request-id", "req_42");
    let seller = bench.default_seller();
    seller.faults.inject(Rule::always(Fault::Instead(refused)));
    let short = bench.anykey("keys list").exits(3);
    assert_eq!(short.stderr.lines().count(), 1, "{short:?}");
    let long = bench.anykey("-v keys list").exits(3);
    assert!(long.stderr.contains("\n  request id: req_42\n  attempts: 1\n"), "{long:?}");
    let traced = bench.anykey("--trace keys list").exits(3);
    let span = format!("license_request{{provider=\"{}\" operation=\"list\"", seller.name);
    assert!(traced.stderr.contains(&span), "{traced:?}");
    assert!(traced.stderr.contains(" attempts=1") && traced.stderr.contains(" status=503"), "{traced:?}");
}

#[test]
fn a_token_of_another_vendor_in_the_environment_is_refused_before_it_is_sent() {
    let bench = Bench::open();
    let registry = Registry::builtin();
    let seller = bench.default_seller();
    let title = registry.vendor(seller.name).unwrap().title();
    seller.faults.inject(Rule::always(Fault::Instead(Answer::json(200, "{}"))));
    let others = bench.sellers().filter(|other| other.name != seller.name);
    let mut refused = 0;
    for other in others.map(|other| registry.vendor(other.name).unwrap()) {
        for prefix in other.credential_prefixes() {
            let mut command = bench.command(&["--config", "anykey.toml", "-p", seller.name, "keys", "list"]);
            let token = format!("{prefix}planted");
            let ran = Ran::of(command.env("ANYKEY_TOKEN", token).output().unwrap()).exits(2);
            let told = format!("`token` holds a credential of {}; set one of {title}", other.title());
            assert!(ran.stderr.contains(&told) && !ran.stderr.contains("planted"), "{ran:?}");
            refused += 1;
        }
    }
    assert!(refused > 0 && seller.faults.injected() == 0);
}

#[test]
fn a_word_too_many_is_not_repeated() {
    let bench = Bench::open();
    let usage = bench.anykey("validate SHOP-1111 PLANTED-REST").exits(2);
    assert!(!usage.stderr.contains("PLANTED"), "{usage:?}");
    let typo = bench.anykey("keys list --stauts active").exits(2);
    assert!(typo.stderr.contains("--stauts") && typo.stderr.contains("--status"), "{typo:?}");
}

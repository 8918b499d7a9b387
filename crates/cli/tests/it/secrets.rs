//! No key, no token and no customer data on stderr, whatever goes wrong.

use anykey_testkit::transport::{Answer, Fault, Rule};

use crate::support::{Bench, Ran};

#[test]
fn errors_and_traces_print_neither_key_nor_token_nor_customer() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        let shop = bench.shop(provider);
        let ended = shop.samples.ended.clone().unwrap();
        let good = &shop.samples.good;
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
            let args = [&["-p", provider, "--verbose", "--trace"], &run[..]].concat();
            let ran = bench.run(&args);
            for secret in [
                &ended,
                good,
                &shop.token,
                "planted-unknown-key",
                "planted-label",
                "ada@example.com",
                "Ada Example",
            ] {
                assert!(!ran.stderr.contains(secret), "{args:?}: {}", ran.stderr);
            }
        }
    }
}

#[test]
fn a_vendor_that_echoes_everything_is_not_echoed() {
    let bench = Bench::open();
    let code = &bench.dodo.samples.good;
    let echo =
        format!(r#"{{"code":"{code}","message":"no\u001b[2J {code}\nfor Bearer {}"}}"#, bench.dodo.token);
    for status in [400, 403, 404, 409, 422, 500] {
        bench.dodo_faults.inject(Rule::next(Fault::Instead(Answer::json(status, echo.clone()))));
        let ran = bench.run(&["-v", "activate", code, "--label", "x"]);
        assert!(!ran.stderr.contains(code.as_str()), "{}", ran.stderr);
        assert!(!ran.stderr.contains('\u{1b}'), "{:?}", ran.stderr);
        assert!(ran.stderr.starts_with("error: ") && !ran.stderr.contains("\nfor"), "{}", ran.stderr);
        bench.dodo_faults.clear();
    }
}

#[test]
fn verbose_adds_causes_request_id_and_attempts_and_trace_adds_spans() {
    let bench = Bench::open();
    let refused = Answer::json(503, "{}").header("retry-after", "60").header("x-request-id", "req_42");
    bench.dodo_faults.inject(Rule::always(Fault::Instead(refused)));
    let short = bench.anykey("keys list").exits(3);
    assert_eq!(short.stderr.lines().count(), 1, "{short:?}");
    let long = bench.anykey("-v keys list").exits(3);
    assert!(long.stderr.contains("\n  request id: req_42\n  attempts: 1\n"), "{long:?}");
    let traced = bench.anykey("--trace keys list").exits(3);
    assert!(traced.stderr.contains("license_request{provider=\"dodo\" operation=\"list\""), "{traced:?}");
    assert!(traced.stderr.contains(" attempts=1") && traced.stderr.contains(" status=503"), "{traced:?}");
}

#[test]
fn a_token_of_another_vendor_in_the_environment_is_refused_before_it_is_sent() {
    let bench = Bench::open();
    bench.dodo_faults.inject(Rule::always(Fault::Instead(Answer::json(200, "{}"))));
    let args = ["--config", "anykey.toml", "-p", "dodo", "keys", "list"];
    let ran =
        Ran::of(bench.command(&args).env("ANYKEY_TOKEN", "polar_oat_planted").output().unwrap()).exits(2);
    assert!(ran.stderr.contains("`token` holds a credential of Polar; set one of Dodo Payments"), "{ran:?}");
    assert!(!ran.stderr.contains("planted") && bench.dodo_faults.injected() == 0, "{ran:?}");
}

#[test]
fn a_word_too_many_is_not_repeated() {
    let bench = Bench::open();
    let usage = bench.anykey("validate SHOP-1111 PLANTED-REST").exits(2);
    assert!(!usage.stderr.contains("PLANTED"), "{usage:?}");
    let typo = bench.anykey("keys list --stauts active").exits(2);
    assert!(typo.stderr.contains("--stauts") && typo.stderr.contains("--status"), "{typo:?}");
}

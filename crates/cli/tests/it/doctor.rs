//! `anykey doctor` over every simulator.

use anykey::Capability::{FilterByProduct, ListAll, RequireProduct};
use serde_json::Value;

use crate::support::{Ran, Seller, SupportBench, another};

/// The states of what was examined of one provider, by check.
fn states(ran: &Ran, seller: &Seller, check: &str) -> Vec<String> {
    let findings = ran.json();
    let findings = findings.as_array().unwrap().iter();
    let ours = findings.filter(|finding| finding["provider"] == seller.name && finding["check"] == check);
    ours.map(|finding| finding["state"].as_str().unwrap().to_owned()).collect()
}

/// `anykey` for one provider, with these variables.
fn run_with(bench: &SupportBench, seller: &Seller, args: &[&str], variables: &[(&str, &str)]) -> Ran {
    let args = [&["-p", seller.name], args].concat();
    Ran::of(bench.command(&args).envs(variables.iter().copied()).output().unwrap())
}

#[test]
fn a_good_configuration_of_every_vendor_is_good() {
    let bench = SupportBench::open();
    let examined = bench.run(&["doctor", "--json"]);
    for seller in bench.sellers() {
        for check in ["contract", "credential", "fields", "vendor"] {
            assert_eq!(states(&examined, seller, check), ["good"], "{} {check}: {examined:?}", seller.name);
        }
        assert!(!examined.stdout.contains(&seller.token), "{examined:?}");
    }
    assert_eq!(examined.code, Some(0), "{examined:?}");
}

#[test]
fn each_fault_has_one_line_and_one_remedy() {
    let bench = SupportBench::open();
    let able = bench.able(&[ListAll]);
    let (wrong, empty) = (able[0], able[1]);
    bench.write(&format!("{}.token", wrong.name), &wrong.wrong_token());
    bench.write(&format!("{}.token", empty.name), "");
    let examined = bench.run(&["doctor", "--json"]).exits(2);
    assert_eq!(states(&examined, wrong, "vendor"), ["wrong"]);
    assert_eq!(states(&examined, empty, "credential"), ["wrong"]);
    assert!(states(&examined, empty, "vendor").is_empty(), "nothing is asked with a wrong configuration");
    for finding in examined.json().as_array().unwrap() {
        assert_eq!(finding["remedy"] == Value::Null, finding["state"] == "good", "{finding}");
    }
}

#[test]
fn a_vendor_that_does_not_answer_is_3_and_offline_nothing_is_asked() {
    let bench = SupportBench::open();
    let nobody = [("ANYKEY_BASE_URL", "http://127.0.0.1:9"), ("ANYKEY_TIMEOUT", "1")];
    run_with(&bench, bench.default_seller(), &["doctor"], &nobody).exits(3);
    run_with(&bench, bench.default_seller(), &["doctor", "--offline"], &nobody).exits(0);
}

#[test]
fn a_product_without_keys_and_a_proxy_are_named() {
    let bench = SupportBench::open();
    let seller = bench.able(&[ListAll, FilterByProduct])[0];
    let proxy = ("HTTPS_PROXY", "socks5h://ada:planted@127.0.0.1:9");
    let listed = bench.run_at(seller, &["keys", "list", "--limit", "1", "--json"]).json();
    let nobodys = another(listed[0]["product"].as_str().unwrap());
    let product = ("ANYKEY_PRODUCTS", &*format!("[\"{nobodys}\"]"));
    let examined = run_with(&bench, seller, &["doctor", "--json"], &[product, proxy]);
    assert_eq!(states(&examined, seller, "products"), ["warning"], "{examined:?}");
    assert!(examined.stdout.contains("socks5h://127.0.0.1") && !examined.stdout.contains("planted"));
}

#[test]
fn a_clock_that_is_wrong_is_named_where_answers_have_a_time() {
    let bench = SupportBench::open();
    let later = [("__ANYKEY_TEST_NOW", "2027-01-15T13:00:00Z")];
    let told = bench.able(&[RequireProduct]).into_iter().filter(|seller| {
        let examined = run_with(&bench, seller, &["doctor", "--json"], &later);
        states(&examined, seller, "clock") == ["warning"]
    });
    assert!(told.count() > 0);
}

#[test]
fn every_format_of_an_examination() {
    let bench = SupportBench::open();
    insta::assert_snapshot!("doctor", bench.in_every_format(&["doctor"]));
}

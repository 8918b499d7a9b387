//! `keys list`, `keys get`, `keys find`: the same keys in every format.

use anykey::Capability::{Get, ListAll};

use crate::support::Bench;

#[test]
fn every_format_of_a_listing() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll]) {
        let text = bench.in_every_format(&["--provider", seller.name, "keys", "list", "--limit", "6"]);
        insta::assert_snapshot!(format!("list_{}", seller.name), text);
    }
}

#[test]
fn every_format_of_one_key() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Get]) {
        let code = &seller.samples.good;
        let id = bench.id_of(seller, code);
        let text = bench.in_every_format(&["--provider", seller.name, "keys", "get", &id]);
        insta::assert_snapshot!(format!("get_{}", seller.name), text);
        for format in ["--quiet", "--json", "--jsonl", "--csv"] {
            let found = bench.run_at(seller, &["keys", "find", code, format]).exits(0);
            let shown = match format {
                "--quiet" => found.stdout.split_whitespace().nth(1).unwrap().to_owned(),
                "--csv" => found.stdout.lines().nth(1).unwrap().split(',').nth(1).unwrap().to_owned(),
                _ => found.json()["id"].as_str().unwrap().to_owned(),
            };
            assert_eq!(shown, id, "{found:?}");
        }
    }
}

#[test]
fn a_key_is_found_by_its_code_and_shown_masked_unless_asked_for() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll]) {
        let code = &seller.samples.good;
        let masked = bench.run_at(seller, &["keys", "find", code]).exits(0);
        assert!(!masked.stdout.contains(code.as_str()) && masked.stdout.contains("****-"), "{masked:?}");
        let whole = bench.run_at(seller, &["--show-keys", "keys", "find", code]).exits(0);
        assert!(whole.stdout.contains(code.as_str()), "{whole:?}");
    }
    let unknown = bench.run(&["keys", "find", "SHOP-NOBODY-HAS-IT"]).exits(1);
    assert!(unknown.stderr.contains("no key in the listing has this code"), "{unknown:?}");
}

#[test]
fn an_empty_listing_is_an_empty_document() {
    let bench = Bench::open();
    let nobody = ["keys", "list", "--customer", "cus_nobody"];
    let with = |format: &str| bench.run(&[&nobody[..], &[format]].concat()).exits(0);
    assert_eq!(with("--json").stdout, "[]\n");
    assert_eq!(with("--jsonl").stdout, "");
    assert!(with("--csv").stdout.starts_with("provider,id,key,"));
    let table = bench.run(&nobody).exits(0);
    assert_eq!((table.stdout.as_str(), table.stderr.as_str()), ("", "note: there is no such key\n"));
}

#[test]
fn the_limit_stops_within_a_page() {
    let bench = Bench::open();
    for limit in [1, 5, 12, 50] {
        let listed = bench.anykey(&format!("keys list --jsonl --limit {limit}")).exits(0);
        assert_eq!(listed.stdout.lines().count(), limit.min(12));
    }
}

#[test]
fn columns_are_chosen_and_rows_sorted_in_every_format() {
    let bench = Bench::open();
    let args = ["keys", "list", "--columns", "expires_at,status", "--sort", "-expires_at", "--limit", "5"];
    insta::assert_snapshot!("columns", bench.in_every_format(&args));
    let sorted = bench.anykey("keys list --sort expires_at --jsonl").exits(0).stdout;
    let ends: Vec<serde_json::Value> =
        sorted.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(ends.len(), 12);
    assert!(ends[0]["expires_at"].is_string() && ends[11]["expires_at"].is_null(), "{sorted}");
    bench.anykey("keys list --columns nothing").exits(2);
    bench.anykey("keys list --sort nothing").exits(2);
}

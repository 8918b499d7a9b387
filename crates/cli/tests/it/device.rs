//! `validate`, `activate`, `deactivate`: the verdict is the exit code.

use std::io::Write;
use std::process::Stdio;

use anykey::Capability::{
    Activate, ActivationMetadata, Activations, Conditions, CountUsage, Deactivate, ListAll, RequireCustomer,
    ValidateWithoutSeat,
};

use crate::support::{Bench, Ran};

#[test]
fn every_format_of_a_verdict() {
    let bench = Bench::open();
    for seller in bench.able(&[ValidateWithoutSeat]) {
        let samples = &seller.samples;
        let mut text = String::new();
        for code in [Some(&samples.good), samples.ended.as_ref(), samples.disabled.as_ref()] {
            let args = ["--provider", seller.name, "validate", code.unwrap()];
            text.push_str(&bench.in_every_format(&args));
        }
        insta::assert_snapshot!(format!("validate_{}", seller.name), bench.stable(&text));
    }
}

#[test]
fn every_format_of_activate_and_deactivate() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Activate, Activations, Deactivate]) {
        let code = &seller.samples.good;
        let mut text = String::new();
        for format in ["", "--json", "--jsonl", "--csv"] {
            let before = bench.activations(seller, &bench.id_of(seller, code));
            let mut args = vec!["--provider", seller.name, "activate", code, "--label", "phone"];
            args.extend(Some(format).filter(|format| !format.is_empty()));
            text.push_str(&bench.run(&args).exits(0).transcript(&args));
            let seats = bench.activations(seller, &bench.id_of(seller, code));
            let seat = seats.iter().find(|seat| !before.contains(seat)).unwrap();
            let mut args = vec!["--provider", seller.name, "deactivate", code, "--activation", seat];
            args.extend(Some(format).filter(|format| !format.is_empty()));
            text.push_str(&bench.run(&args).exits(0).transcript(&args));
        }
        insta::assert_snapshot!(format!("seats_{}", seller.name), bench.stable(&text));
    }
}

#[test]
fn a_full_key_refuses_one_seat_more() {
    let bench = Bench::open();
    for seller in bench.able(&[Activate, Activations]) {
        let activate = ["activate", &seller.samples.good, "--label", "x"];
        bench.run_at(seller, &activate).exits(0);
        bench.run_at(seller, &activate).exits(0);
        let full = bench.run_at(seller, &activate).exits(1);
        assert!(full.stderr.contains("activate: refused: the activation limit is reached"), "{full:?}");
        assert!(full.stderr.contains("next: free a seat with `anykey activations remove`"), "{full:?}");
        assert_eq!(full.stdout, "");
    }
}

#[test]
fn conditions_and_metadata_are_kept_where_the_vendor_has_them() {
    let bench = Bench::open();
    for seller in bench.able(&[Conditions, ActivationMetadata, RequireCustomer]) {
        let code = &seller.samples.good;
        let activate = ["activate", code, "--label", "box", "--json"];
        let further = ["--metadata", "os=linux", "--metadata", "cores=8", "--condition", "version=1"];
        let activation = bench.run_at(seller, &[&activate[..], &further].concat()).exits(0).json();
        assert_eq!(activation["metadata"], r#"{"cores":8,"os":"linux"}"#);
        let seat = activation["id"].as_str().unwrap();
        let validate = ["validate", code, "--json", "--activation", seat];
        let with = |args: &[&str]| bench.run_at(seller, &[&validate[..], args].concat());
        with(&["--condition", "version=1"]).exits(0);
        assert_eq!(with(&["--condition", "version=2"]).exits(1).json()["reason"], "conditions_mismatch");
        let other = bench.run_at(seller, &["validate", code, "--customer", seat, "--json"]).exits(1);
        assert_eq!(other.json()["reason"], "wrong_customer");
    }
}

#[test]
fn a_use_is_not_counted_where_the_vendor_counts_none() {
    let bench = Bench::open();
    for seller in bench.able(&[ValidateWithoutSeat]).into_iter().filter(|seller| !seller.can(CountUsage)) {
        let refused = bench.run_at(seller, &["validate", &seller.samples.good, "--increment-usage", "1"]);
        let refused = refused.exits(4);
        assert!(refused.stderr.contains("cannot count usage"), "{refused:?}");
    }
}

#[test]
fn a_key_is_read_from_stdin_or_a_file_so_that_no_history_keeps_it() {
    let bench = Bench::open();
    let code = &bench.default_seller().samples.good;
    let mut child = bench
        .command(&["validate", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "  {code}").unwrap();
    Ran::of(child.wait_with_output().unwrap()).exits(0);

    bench.write("key", &format!("{code}\n"));
    bench.anykey("validate --key-file key").exits(0);
    bench.anykey("validate --key-file key other").exits(2);
    let missing = bench.anykey("validate --key-file nowhere").exits(2);
    assert!(missing.stderr.contains("cannot read the key file nowhere"), "{missing:?}");
    let empty = bench.run(&["validate", " "]).exits(2);
    assert!(empty.stderr.contains("the license key is empty"), "{empty:?}");
}

#[test]
fn a_refused_key_that_was_probably_changed_comes_with_a_hint() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Activate, ValidateWithoutSeat]) {
        let code = &seller.samples.good;
        for (changed, hint) in [
            (format!("License key: {code}"), "looks like a label"),
            (format!("{code}."), "the punctuation at the end"),
            (code.replacen('-', "\u{2013}", 1), "a hyphen may have been replaced"),
        ] {
            for command in ["validate", "activate", "keys"] {
                let args = match command {
                    "validate" => vec!["validate", &changed],
                    "activate" => vec!["activate", &changed, "--label", "x"],
                    _ => vec!["keys", "find", &changed],
                };
                let ran = bench.run_at(seller, &args).exits(1);
                assert!(ran.stderr.contains(hint), "{command} {changed}: {ran:?}");
            }
        }
        let good = bench.run_at(seller, &["validate", code]).exits(0);
        assert_eq!(good.stderr, "", "a good key is not accused");
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_an_end_is_named() {
    let bench = Bench::open();
    let ran = bench.anykey("validate --key-file /dev/zero").exits(2);
    assert!(ran.stderr.contains("it is larger than 1048576 bytes"), "{ran:?}");
}

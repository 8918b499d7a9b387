//! `validate`, `activate`, `deactivate`: the verdict is the exit code.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Bench, Ran};

#[test]
fn every_format_of_a_verdict() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        let samples = &bench.shop(provider).samples;
        let mut text = String::new();
        for code in [&samples.good, samples.ended.as_ref().unwrap(), samples.disabled.as_ref().unwrap()] {
            text.push_str(&bench.in_every_format(&["--provider", provider, "validate", code]));
        }
        insta::assert_snapshot!(format!("validate_{provider}"), bench.stable(&text));
    }
}

#[test]
fn every_format_of_activate_and_deactivate() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        let code = &bench.shop(provider).samples.good;
        let mut text = String::new();
        for format in ["", "--json", "--jsonl", "--csv"] {
            let before = bench.activations(provider, &bench.id_of(provider, code));
            let mut args = vec!["--provider", provider, "activate", code, "--label", "phone"];
            args.extend(Some(format).filter(|format| !format.is_empty()));
            text.push_str(&bench.run(&args).exits(0).transcript(&args));
            let seats = bench.activations(provider, &bench.id_of(provider, code));
            let seat = seats.iter().find(|seat| !before.contains(seat)).unwrap();
            let mut args = vec!["--provider", provider, "deactivate", code, "--activation", seat];
            args.extend(Some(format).filter(|format| !format.is_empty()));
            text.push_str(&bench.run(&args).exits(0).transcript(&args));
        }
        insta::assert_snapshot!(format!("seats_{provider}"), bench.stable(&text));
    }
}

#[test]
fn a_full_key_refuses_one_seat_more() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        let activate = ["-p", provider, "activate", &bench.shop(provider).samples.good, "--label", "x"];
        bench.run(&activate).exits(0);
        bench.run(&activate).exits(0);
        let full = bench.run(&activate).exits(1);
        assert!(full.stderr.contains("activate: refused: the activation limit is reached"), "{full:?}");
        assert!(full.stderr.contains("next: free a seat with `anykey activations remove`"), "{full:?}");
        assert_eq!(full.stdout, "");
    }
}

#[test]
fn conditions_metadata_and_usage_are_polars() {
    let bench = Bench::open();
    let code = &bench.polar.samples.good;
    let activate = ["-p", "polar", "activate", code, "--label", "box", "--json"];
    let further = ["--metadata", "os=linux", "--metadata", "cores=8", "--condition", "version=1"];
    let activation = bench.run(&[&activate[..], &further].concat()).exits(0).json();
    assert_eq!(activation["metadata"], r#"{"cores":8,"os":"linux"}"#);
    let seat = activation["id"].as_str().unwrap();
    let validate = ["-p", "polar", "validate", code, "--activation", seat];
    bench.run(&[&validate[..], &["--condition", "version=1"]].concat()).exits(0);
    let mismatch = bench.run(&[&validate[..], &["--condition", "version=2", "--json"]].concat()).exits(1);
    assert_eq!(mismatch.json()["reason"], "conditions_mismatch");
    let other = bench.run(&["-p", "polar", "validate", code, "--customer", seat, "--json"]).exits(1);
    assert_eq!(other.json()["reason"], "wrong_customer");

    let dodo = bench.run(&["validate", &bench.dodo.samples.good, "--increment-usage", "1"]).exits(4);
    assert!(dodo.stderr.contains("cannot count usage"), "{dodo:?}");
}

#[test]
fn a_key_is_read_from_stdin_or_a_file_so_that_no_history_keeps_it() {
    let bench = Bench::open();
    let code = &bench.dodo.samples.good;
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

//! Changes of several records, and verdicts about several keys.

use std::io::Write;
use std::process::Stdio;

use anykey::Capability::{
    Activate, Activations, Deactivate, ListAll, Rotate, SetDisabled, SetExpiry, ValidateWithoutSeat,
};
use serde_json::Value;

use crate::support::{Bench, Ran, Seller, another};

/// The ids of some keys, in the order of the listing.
fn ids(bench: &Bench, seller: &Seller) -> Vec<String> {
    let listed = bench.run_at(seller, &["keys", "list", "--json"]).exits(0).json();
    let ids = listed.as_array().unwrap().iter().map(|key| key["id"].as_str().unwrap().to_owned());
    ids.take(3).collect()
}

/// Runs `anykey` with `text` on stdin.
fn with_stdin(bench: &Bench, seller: &Seller, args: &[&str], text: &str) -> Ran {
    let args = [&["-p", seller.name], args].concat();
    let mut child = bench
        .command(&args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    Ran::of(child.wait_with_output().unwrap())
}

/// A member of each line of JSON.
fn each(ran: &Ran, member: &str) -> Vec<String> {
    let lines = ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|line| line[member].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_failure_of_one_key_does_not_end_the_others_and_a_second_run_takes_the_rest() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, SetDisabled]) {
        let keys = ids(&bench, seller);
        let nobodys = another(&keys[0]);
        let rest = format!("{}.rest", seller.name);
        let disable = ["keys", "disable", &keys[0], &nobodys, &keys[1], "--jsonl", "--rest", &rest];
        let ran = bench.run_at(seller, &disable).exits(1);
        assert_eq!(each(&ran, "outcome"), ["done", "failed", "done"], "{ran:?}");
        assert_eq!(each(&ran, "id"), [keys[0].clone(), nobodys.clone(), keys[1].clone()]);
        assert_eq!(each(&ran, "status"), ["disabled", "", "disabled"]);
        let last = format!("result: 2 of 3 done, 1 failed; what is left is in {rest}");
        assert_eq!(ran.stderr.lines().last(), Some(&*last), "{ran:?}");
        let left = std::fs::read_to_string(bench.folder.path().join(&rest)).unwrap();
        assert_eq!(left, format!("{nobodys}\n"));

        bench.run_at(seller, &disable).exits(2);
        bench.write("second", &left.replace(&nobodys, &keys[2]));
        let second = bench.run_at(seller, &["keys", "disable", "--file", "second", "--jsonl"]).exits(0);
        assert_eq!(each(&second, "outcome"), ["done"], "a file is answered line by line");
        assert_eq!(second.stderr.lines().last(), Some("result: 1 of 1 done"));
    }
}

#[test]
fn what_a_listing_prints_can_be_piped() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, SetExpiry]) {
        let keys = ids(&bench, seller);
        for format in ["--csv", "--jsonl"] {
            let listed = bench.run_at(seller, &["keys", "list", "--limit", "3", format]).exits(0).stdout;
            let update = ["keys", "update", "-", "--expires-at", "2027-06-01", "--csv"];
            let ran = with_stdin(&bench, seller, &update, &listed).exits(0);
            assert_eq!(ran.stdout.lines().count(), keys.len() + 1, "{ran:?}");
        }
        let key = bench.run_at(seller, &["keys", "get", &keys[2], "--json"]).json();
        assert_eq!(key["expires_at"], "2027-06-01T00:00:00Z");
        let none =
            with_stdin(&bench, seller, &["keys", "update", "-", "--no-expiry"], "\n# nothing\n").exits(2);
        assert!(none.stderr.contains("no id was given; nothing was sent"), "{none:?}");
    }
}

#[test]
fn each_of_several_keys_gets_a_code_of_its_own() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Rotate]) {
        let keys = ids(&bench, seller);
        let rotate = ["--show-keys", "keys", "rotate", &keys[0], &keys[1], &keys[0], "--jsonl"];
        let ran = bench.run_at(seller, &rotate).exits(0);
        let codes = each(&ran, "key");
        assert!(
            codes.len() == 2 && codes[0] != codes[1],
            "a key that is named twice is rotated once: {ran:?}"
        );
        for (id, code) in keys.iter().zip(codes) {
            assert_eq!(bench.id_of(seller, &code), *id);
        }
    }
}

#[test]
fn several_seats_are_given_back() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Activations, Activate, Deactivate]) {
        let code = &seller.samples.good;
        let id = bench.id_of(seller, code);
        bench.run_at(seller, &["activate", code, "--label", "spare"]).exits(0);
        let seats = bench.activations(seller, &id);
        let nobodys = "00000000-0000-4000-8000-000000000000";
        let lines: String = seats.iter().map(|seat| format!("{id}, {seat}\n")).collect();
        let lines = format!("{id} {nobodys}\n{lines}");
        let remove = ["activations", "remove", "-", "--jsonl"];
        let dry = with_stdin(&bench, seller, &[&remove[..], &["--dry-run"]].concat(), &lines);
        // A vendor's adapter may know by itself that there is no such activation.
        assert!(dry.stdout.lines().count() > 2 * seats.len(), "{dry:?}");
        assert_eq!(bench.activations(seller, &id), seats);
        let ran = with_stdin(&bench, seller, &remove, &lines).exits(1);
        let last = format!("result: {} of {} done, 1 failed", seats.len(), seats.len() + 1);
        assert_eq!(ran.stderr.lines().last(), Some(&*last), "{ran:?}");
        assert_eq!(bench.activations(seller, &id), Vec::<String>::new());
        let alone = bench.run_at(seller, &["activations", "remove", &id]).exits(2);
        assert!(alone.stderr.contains("name the activation too"), "{alone:?}");
    }
}

#[test]
fn a_closed_pipe_ends_it_and_not_all_is_done() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, SetDisabled]) {
        let keys = ids(&bench, seller);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let disable = ["-p", seller.name, "keys", "disable", &keys[0], &keys[1], &keys[2], "--rest", "rest"];
        let ran = Ran::of(bench.command(&disable).stdout(writer).output().unwrap()).exits(2);
        let last = "1 of 3 done, 2 not tried; what is left is in rest";
        assert!(ran.stderr.contains(last), "{ran:?}");
        let rest = bench.folder.path().join("rest");
        assert_eq!(std::fs::read_to_string(&rest).unwrap(), format!("{}\n{}\n", keys[1], keys[2]));
        std::fs::remove_file(rest).unwrap();
    }
}

#[test]
fn an_error_that_all_would_get_ends_it() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, SetDisabled]) {
        let keys = ids(&bench, seller);
        bench.write(&format!("{}.token", seller.name), &seller.wrong_token());
        let ran = bench.run_at(seller, &["keys", "enable", &keys[0], &keys[1], &keys[2]]).exits(2);
        let last = "result: 0 of 3 done, 1 failed, 2 not tried";
        assert_eq!(ran.stderr.lines().last(), Some(last), "{ran:?}");
    }
}

#[test]
fn several_live_keys_are_one_question() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, SetDisabled]) {
        let live = bench.configuration().replace(&seller.url, "https://shop.example");
        bench.write("live.toml", &live);
        let disable = ["--config", "live.toml", "-p", seller.name, "keys", "disable", "a", "b"];
        let asked = bench.run(&disable).exits(2);
        assert!(
            asked.stderr.contains("this would disable 2 keys, and nobody can be asked here"),
            "{asked:?}"
        );
    }
}

#[test]
fn each_line_of_stdin_gets_a_verdict() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, ValidateWithoutSeat]) {
        let (good, ended) = (&seller.samples.good, seller.samples.ended.as_ref().unwrap());
        let lines = format!("{good}\r\n\nSHOP-NOBODY-HAS-IT\n{ended}\n");
        let ran = with_stdin(&bench, seller, &["validate", "--stdin"], &lines).exits(1);
        assert_eq!(each(&ran, "verdict"), ["valid", "refused", "refused"], "{ran:?}");
        let numbers =
            ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["line"].clone());
        assert_eq!(numbers.collect::<Vec<_>>(), [1, 3, 4]);
        assert_eq!(ran.stderr, "result: 1 valid, 2 refused, 0 without an answer\n");
        assert!(!ran.stdout.contains(&**good), "codes are masked");
        let whole = with_stdin(&bench, seller, &["--show-keys", "validate", "--stdin"], good).exits(0);
        assert_eq!(each(&whole, "code"), [&**good]);
        let long = format!("{}\n{good}\n", "A".repeat(1 << 20));
        let ran = with_stdin(&bench, seller, &["validate", "--stdin"], &long).exits(2);
        assert_eq!(each(&ran, "verdict"), ["no_answer", "valid"], "{ran:?}");
        assert!(ran.stdout.len() < 4_000, "what is no key is not repeated");

        seller.faults.inject(anykey_testkit::transport::Rule::always(
            anykey_testkit::transport::Fault::captive_portal(),
        ));
        let unanswered = with_stdin(&bench, seller, &["validate", "--stdin"], &lines).exits(3);
        assert_eq!(each(&unanswered, "verdict"), ["no_answer"; 3], "{unanswered:?}");
    }
}

//! `anykey sim`: what it prints works.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::support::{Bench, Ran};

/// Ends the simulators with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(bench: &Bench, args: &[&str]) -> Running {
    let args = [&["sim"], args].concat();
    Running(bench.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
}

/// Reads `stream` up to the line that holds `last`.
fn read_to(stream: impl BufRead, last: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in stream.lines() {
        lines.push(line.unwrap());
        if lines.last().is_some_and(|line| line.contains(last)) {
            return lines;
        }
    }
    panic!("it ended without {last:?}: {lines:?}")
}

#[test]
fn the_printed_configuration_reaches_both_vendors() {
    let bench = Bench::open();
    let mut running = start(&bench, &["--keys", "30"]);
    read_to(BufReader::new(running.0.stderr.take().unwrap()), "until Ctrl-C");
    let mut stdout = BufReader::new(running.0.stdout.take().unwrap());
    let dodo = read_to(&mut stdout, "pacing = false");
    let polar = read_to(&mut stdout, "pacing = false");
    let printed = [dodo, polar].concat();
    assert_eq!(printed[0], "# Save this as anykey.toml, and in your shell:");
    bench.write("printed.toml", &printed.join("\n"));
    let exports: Vec<_> = printed
        .iter()
        .filter_map(|line| line.strip_prefix("#   export ")?.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(exports.len(), 2, "one token for each");
    for provider in ["dodo", "polar"] {
        let mut list =
            bench.command(&["--config", "printed.toml", "-p", provider, "keys", "list", "--jsonl"]);
        let listed = Ran::of(list.envs(exports.clone()).output().unwrap()).exits(0);
        assert_eq!(listed.stdout.lines().count(), 30);
    }
}

#[test]
fn the_written_configuration_works_as_it_is() {
    let bench = Bench::open();
    let mut running = start(&bench, &["--write", "demo", "--keys", "30"]);
    let told = read_to(BufReader::new(running.0.stderr.take().unwrap()), "until Ctrl-C");
    assert!(told[0].starts_with("note: wrote ") && told[0].ends_with("anykey.toml"), "{told:?}");
    for provider in ["dodo", "polar"] {
        let list = ["--config", "demo/anykey.toml", "-p", provider, "keys", "list", "--jsonl"];
        assert_eq!(bench.run(&list).exits(0).stdout.lines().count(), 30);
    }
}

#[test]
fn a_script_reads_where_the_simulators_are() {
    let bench = Bench::open();
    let mut running = start(&bench, &["--jsonl"]);
    let lines = read_to(BufReader::new(running.0.stdout.take().unwrap()), "\"polar\"");
    let dodo: Value = serde_json::from_str(&lines[0]).unwrap();
    let mut command = bench.command(&["validate", dodo["good_key"].as_str().unwrap()]);
    command.env("ANYKEY_BASE_URL", dodo["base_url"].as_str().unwrap());
    assert!(command.output().unwrap().status.success());
}

//! A long listing takes no more memory than a short one.

#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anykey_testkit::LoopbackServer;

use crate::support::Bench;

const KEYS: u32 = 10_000;
/// Each key leaves a fingerprint, and the allocator rounds up.
const MAY_GROW_BY_KIB: u64 = 2_048;

#[test]
fn ten_thousand_keys_stream_in_flat_memory() {
    let bench = Bench::open();
    let server = LoopbackServer::start_in_background(bench.replacement(KEYS)).unwrap();
    let mut child = bench
        .command(&["keys", "list", "--jsonl"])
        .env("ANYKEY_BASE_URL", server.url())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut read = |count: u32| {
        let lines = (&mut lines).take(count.try_into().unwrap()).map(|line| line.unwrap().len());
        u32::try_from(lines.filter(|len| *len > 0).count()).unwrap()
    };

    // As many pages are in flight as ever will be. What is still to come exceeds what a pipe holds, so the command is
    // certain to be at work.
    assert_eq!(read(4_000), 4_000);
    let early = peak_kib(child.id());
    assert_eq!(read(KEYS - 4_300), KEYS - 4_300);
    let late = peak_kib(child.id());
    assert_eq!(read(KEYS), 300);
    assert!(child.wait().unwrap().success());

    println!("peak memory: {early} KiB after 4000 keys, {late} KiB after {} keys", KEYS - 300);
    assert!(late - early < MAY_GROW_BY_KIB, "{early} KiB grew to {late} KiB");
}

fn peak_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

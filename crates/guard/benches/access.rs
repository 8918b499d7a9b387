//! The cost of `access()`, compared with an atomic load and with reading the clock, and the time of a cold start with
//! a file. Prints figures, asserts nothing.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::as_conversions)]

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use anykey_core::{Clock, CreateRequest, InMemoryProvider, KeyCode, Timestamp};
use anykey_guard::{FileStore, Guard, Installation, Policy};

const CALLS: u32 = 2_000_000;
const STARTS: u32 = 300;

fn main() {
    let directory = tempfile::tempdir().unwrap();
    let vendor = InMemoryProvider::new(Timestamp::now);
    let code = KeyCode::parse("AAAA-BBBB").unwrap();
    vendor.insert(CreateRequest::new(code.clone(), "cus_1", "pdt_1")).unwrap();
    let builder = || {
        let installation = Installation::from_identity("com.example.studio", "machine-1").unwrap();
        let store = FileStore::in_directory(installation, directory.path());
        Guard::builder(store, Arc::new(vendor.clone())).policy(Policy::default())
    };
    let guard = builder().open().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(guard.activate(code)).unwrap();

    let value = AtomicU64::new(1);
    let atomic = fastest(|| black_box(&value).load(Ordering::Acquire));
    let precise = builder().clock(Clock::new(Timestamp::now)).open().unwrap();
    let now = Timestamp::now();
    let frozen = builder().clock(Clock::new(move || now)).open().unwrap();
    println!("{:<44} {:>8}  atomic loads", "", "ns");
    for (what, cost) in [
        ("an atomic load", atomic),
        ("SystemTime::now()", fastest(SystemTime::now)),
        ("access(), with a frozen clock", fastest(|| frozen.access())),
        ("access()", fastest(|| guard.access())),
        ("access() on two threads at once", on_two_threads(&guard)),
        ("access(), with Timestamp::now as the clock", fastest(|| precise.access())),
    ] {
        println!("{what:<44} {cost:>8.1}  {:>6.1}", cost / atomic);
    }

    let mut starts: Vec<Duration> = (0..STARTS)
        .map(|_| {
            let began = Instant::now();
            assert!(builder().open().unwrap().access().is_allowed());
            began.elapsed()
        })
        .collect();
    starts.sort();
    let at = |part: usize| starts.get(starts.len() * part / 100).unwrap().as_secs_f64() * 1_000.0;
    println!("cold start to the first access(), from a file: median {:.3} ms, 99 % {:.3} ms", at(50), at(99));
}

/// Nanoseconds per call, the best of ten rounds.
fn fastest<T>(call: impl Fn() -> T) -> f64 {
    let round = || {
        let began = Instant::now();
        for _ in 0..CALLS / 10 {
            black_box(call());
        }
        began.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS / 10)
    };
    (0..10).map(|_| round()).fold(f64::INFINITY, f64::min)
}

fn on_two_threads(guard: &Guard) -> f64 {
    std::thread::scope(|scope| {
        let other = scope.spawn(|| fastest(|| guard.access()));
        fastest(|| guard.access()).max(other.join().unwrap())
    })
}

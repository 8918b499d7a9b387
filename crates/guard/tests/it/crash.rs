use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anykey_guard::{Guard, GuardError, Release};

use crate::child::{Process, guard, vendor_path};
use crate::file_vendor::FileVendor;
use crate::machine::installation;
use crate::vendor::code;

const KILLS: u32 = 1_000;
/// Each worker uses its own machine.
const WORKERS: u32 = 4;

#[test]
fn a_thousand_killed_activations_lose_no_record_and_take_no_second_seat() {
    let found = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..WORKERS).map(|worker| scope.spawn(move || kill_repeatedly(u64::from(worker)))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).fold(BTreeMap::new(), merge)
    });
    println!("what {KILLS} killed processes left behind: {found:?}");
    assert_eq!(found.values().sum::<u32>(), KILLS);
    for state in ["nothing", "pending, no seat", "pending, seat taken", "held"] {
        assert!(found.contains_key(state), "the kills have to hit every phase; none left: {state}");
    }
}

fn kill_repeatedly(seed: u64) -> BTreeMap<&'static str, u32> {
    let directory = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut random = Random(seed);
    let mut found = BTreeMap::new();
    let mut usual = Duration::from_secs(10);
    for round in 0..KILLS / WORKERS {
        let mut process = Process::start(directory.path());
        process.wait_until_ready();
        let began = Instant::now();
        process.go();
        // The first process may finish, to measure how long it takes.
        let patience = if round == 0 { usual } else { usual.mul_f64(random.next() * 1.1) };
        if process.lines.recv_timeout(patience).is_ok() {
            usual = usual.min(began.elapsed());
        }
        process.child.kill().unwrap();
        process.child.wait().unwrap();
        *found.entry(state_after_kill(directory.path())).or_default() += 1;
        runtime.block_on(continue_after_kill(&guard(directory.path(), Duration::ZERO), directory.path()));
    }
    found
}

/// The state after the kill. Panics if the record is incomplete.
fn state_after_kill(directory: &Path) -> &'static str {
    let seats = seats(directory);
    let Some(record) = guard(directory, Duration::ZERO).record() else {
        assert_eq!(seats, 0, "a seat without a record");
        return "nothing";
    };
    assert!(seats <= 1, "{seats} seats");
    match (record.held, record.pending, seats) {
        (Some(_), None, 1) => "held",
        (None, Some(_), 0) => "pending, no seat",
        (None, Some(_), 1) => "pending, seat taken",
        other => panic!("{other:?}"),
    }
}

/// Starts the app again, enters the key again, and deactivates.
async fn continue_after_kill(guard: &Guard, directory: &Path) {
    let access = match guard.activate(code(FileVendor::CODE)).await {
        Err(GuardError::StillPending { .. }) => {
            assert_eq!(seats(directory), 0, "a taken seat is found in the list");
            guard.activate_once_more(code(FileVendor::CODE)).await.unwrap()
        }
        activated => activated.unwrap(),
    };
    assert!(access.is_allowed());
    assert_eq!(seats(directory), 1);
    assert_eq!(guard.deactivate().await.unwrap(), Release::Freed);
    assert_eq!(seats(directory), 0);
}

fn seats(directory: &Path) -> usize {
    FileVendor::new(&vendor_path(directory)).seats_of(installation("machine-1").mark())
}

fn merge(
    mut all: BTreeMap<&'static str, u32>,
    more: BTreeMap<&'static str, u32>,
) -> BTreeMap<&'static str, u32> {
    more.into_iter().for_each(|(state, count)| *all.entry(state).or_default() += count);
    all
}

/// Numbers from 0 to 1 (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

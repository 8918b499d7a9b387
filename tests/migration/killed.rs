//! A migration whose process ends at any point, and the next one that continues.

use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::Poll;

use anykey::migrate::{Journal, Migration, Outcome};
use anykey::{HttpTransport, TransportError, async_trait};
use bytes::Bytes;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

use crate::every_pair::faults;
use crate::pair::{Pair, sources, targets};

/// Where the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the request reaches the vendor.
    Before,
    /// After the vendor has done the work, without its answer.
    After,
    /// When the migration was polled so many times after that.
    Later(u64),
}

/// A transport that ends the process at a request that writes.
#[derive(Debug)]
struct Killing {
    vendor: Arc<dyn HttpTransport>,
    writes_left: AtomicU64,
    place: Place,
    is_due: Arc<AtomicBool>,
}

/// Sets a flag, also when the vendor hangs and the client gives up: otherwise the run would end without being killed,
/// and leave nothing for the other points.
struct SetOnDrop<'a>(&'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[async_trait]
impl HttpTransport for Killing {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        tokio::task::yield_now().await;
        if request.method() == http::Method::GET || self.writes_left.fetch_sub(1, Ordering::SeqCst) != 1 {
            return self.vendor.send(request).await;
        }
        if self.place != Place::Before {
            let due = SetOnDrop(&self.is_due);
            let answer = self.vendor.send(request).await;
            drop(due);
            if matches!(self.place, Place::Later(_)) {
                tokio::task::yield_now().await;
                return answer;
            }
        }
        self.is_due.store(true, Ordering::SeqCst);
        std::future::pending().await
    }
}

/// Runs the migration until it ends, or until it is killed: `None`.
async fn run_until_killed(
    pair: &Pair,
    path: &Path,
    writes: u64,
    place: Place,
) -> Option<anykey::Result<Outcome, anykey::migrate::MigrateError>> {
    let is_due = Arc::new(AtomicBool::new(false));
    let vendor = pair.target.vendor.transport();
    let transport =
        Killing { vendor, writes_left: AtomicU64::new(writes), place, is_due: Arc::clone(&is_due) };
    let migration: Migration = pair.migration_on(Arc::new(transport));
    let mut journal = Journal::open(path).await.unwrap();
    let mut ignore = |_: &_| {};
    let mut run = pin!(migration.run(&mut journal, &mut ignore));
    let mut polls_left = if let Place::Later(polls) = place { polls } else { 0 };
    poll_fn(|context| {
        if is_due.load(Ordering::SeqCst) {
            if polls_left == 0 {
                return Poll::Ready(None);
            }
            polls_left -= 1;
        }
        match run.as_mut().poll(context) {
            Poll::Pending if is_due.load(Ordering::SeqCst) && polls_left == 0 => Poll::Ready(None),
            poll => poll.map(Some),
        }
    })
    .await
}

/// Kills a migration of `pair` at `points` points, and lets the last run end.
async fn kill_at(pair: &Pair, keys: u64, points: u64, seed: u64) {
    let mut dice = SmallRng::seed_from_u64(seed);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let mut killed = 0;
    for _ in 0..points {
        let place = match dice.random_range(0..4) {
            0 => Place::Before,
            1 => Place::After,
            _ => Place::Later(dice.random_range(1..8)),
        };
        let share = keys / points;
        let writes = dice.random_range(share / 6..=share / 3);
        match run_until_killed(pair, &path, writes, place).await {
            None => killed += 1,
            Some(outcome) => drop(outcome.unwrap()),
        }
    }
    assert!(killed >= points * 9 / 10, "{killed} of {points}");
    let mut journal = Journal::open(&path).await.unwrap();
    let outcome = pair.migration().run(&mut journal, &mut |_| {}).await.unwrap();
    assert_eq!((outcome.conflicts, outcome.rejected, outcome.unfinished), (0, 0, 0), "{outcome:?}");
    pair.source.vendor.faults().clear();
    pair.target.vendor.faults().clear();
    let verified = pair.migration().verify(&mut journal, &mut |_| {}).await.unwrap();
    assert!(verified.is_complete() && verified.of == keys, "{verified:?}");
    let ours = journal.counts().await.unwrap().into_iter().filter(|(state, _)| state.is_ours());
    assert_eq!(ours.map(|(_, count)| count).sum::<u64>(), keys, "undo would miss keys, or switch off others");
    let codes: BTreeSet<String> = Pair::keys(&pair.source, Some(&pair.mapping))
        .await
        .iter()
        .map(|key| key.code.expose().to_owned())
        .collect();
    pair.assert_each_once(codes, usize::try_from(keys).unwrap()).await;
}

/// How many points: 20 in the gate, `ANYKEY_KILL_POINTS` in a longer run.
fn points() -> u64 {
    std::env::var("ANYKEY_KILL_POINTS").ok().and_then(|points| points.parse().ok()).unwrap_or(20)
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_keys_arrive_once_although_the_process_is_killed_five_times() {
    let pair = Pair::new(sources()[1], targets()[0]);
    pair.seed(9_998);
    pair.source.vendor.faults().inject(faults(3));
    pair.target.vendor.faults().inject(faults(4));
    kill_at(&pair, 10_000, 5, 5).await;
}

#[tokio::test(start_paused = true)]
async fn each_target_is_killed_at_twenty_points() {
    let sources = sources().into_iter().rev();
    for (seed, (source, target)) in (6..).zip(sources.zip(targets())) {
        let pair = Pair::new(source, target);
        // More than a target without waits takes between two points.
        let keys = points() * 100;
        pair.seed(usize::try_from(keys).unwrap() - 2);
        pair.target.vendor.faults().inject(faults(seed));
        kill_at(&pair, keys, points(), seed).await;
    }
}

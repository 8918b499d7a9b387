//! Pacers of several processes, each of which has a pacer of its own and the same folder.

use std::num::NonZeroU32;
use std::time::Duration;

use anykey_core::{Clock, SignedDuration, Timestamp};
use anykey_http::{Limit, Pacer};
use futures_util::future::join_all;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn limits() -> [Limit; 2] {
    let limit = |requests, per| Limit::new(NonZeroU32::new(requests).unwrap(), per);
    [limit(3, SECOND), limit(20, MINUTE)]
}

/// The wall clock, which runs as tokio's does.
fn clock() -> Clock {
    let (began, start) = (Instant::now(), Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24));
    Clock::new(move || start + SignedDuration::try_from(began.elapsed()).unwrap())
}

/// A process of its own.
fn process(folder: &tempfile::TempDir, clock: &Clock) -> Pacer {
    Pacer::new(&limits()).shared_in(folder.path(), "api.acme.test", clock.clone())
}

async fn send(pacer: &Pacer) -> Instant {
    let _turn = pacer.acquire().await;
    Instant::now()
}

fn assert_within_limits(mut times: Vec<Instant>) {
    times.sort_unstable();
    for limit in limits() {
        let most = usize::try_from(limit.requests.get()).unwrap();
        for start in &times {
            let inside =
                times.iter().filter(|at| *at >= start && at.duration_since(*start) < limit.per).count();
            assert!(inside <= most, "{inside} in {:?}", limit.per);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn processes_that_follow_each_other_keep_one_limit() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let mut times = Vec::new();
    for _ in 0..45 {
        times.push(send(&process(&folder, &clock)).await);
    }
    let took = times[44].duration_since(times[0]);
    assert!(took < MINUTE * 2 + SECOND * 10, "{took:?}");
    assert_within_limits(times);
}

#[tokio::test(start_paused = true)]
async fn processes_side_by_side_keep_one_limit() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let processes: Vec<_> = (0..4).map(|_| process(&folder, &clock)).collect();
    let work = processes.iter().map(async |pacer| {
        let mut times = Vec::new();
        for _ in 0..10 {
            times.push(send(pacer).await);
        }
        times
    });
    assert_within_limits(join_all(work).await.concat());
}

#[tokio::test(start_paused = true)]
async fn after_a_429_all_wait() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let began = Instant::now();
    process(&folder, &clock).back_off(MINUTE);
    send(&process(&folder, &clock)).await;
    assert!(began.elapsed() >= MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_is_stopped_or_gone_holds_nobody_up_for_long() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    send(&process(&folder, &clock)).await;
    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let stopped = std::fs::File::open(&file).unwrap();
    stopped.lock().unwrap();
    let began = Instant::now();
    send(&process(&folder, &clock)).await;
    assert!(began.elapsed() <= SECOND * 3, "{:?}", began.elapsed());
    drop(stopped);
    std::fs::write(&file, "held 1 1\n86").unwrap();
    let times = [send(&process(&folder, &clock)).await, send(&process(&folder, &clock)).await];
    assert!(times[1].duration_since(times[0]) < SECOND);
    let gone = Pacer::new(&limits()).shared_in(&folder.path().join("absent"), "api.acme.test", clock);
    send(&gone).await;
}

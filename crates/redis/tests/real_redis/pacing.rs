//! Several pacers with one budget, against a vendor that counts.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anykey_http::{Limit, Pacer};
use anykey_test_servers::RedisServer;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::support::{assert_nothing_stays, connect, until};

pub(crate) fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

pub(crate) fn limit(requests: u32, milliseconds: u64) -> Limit {
    Limit::new(number(requests), Duration::from_millis(milliseconds))
}

/// A vendor that allows no window of any length more than the limit.
#[derive(Clone, Default)]
pub(crate) struct Vendor(Arc<Mutex<(VecDeque<Instant>, usize)>>);

impl Vendor {
    pub(crate) async fn send(&self, limits: &[Limit]) {
        sleep(Duration::from_millis(1)).await;
        let mut state = self.0.lock().unwrap();
        let now = Instant::now();
        for limit in limits {
            let used = state.0.iter().filter(|at| **at + limit.per > now).count();
            if used >= usize::try_from(limit.requests.get()).unwrap() {
                state.1 += 1;
            }
        }
        state.0.push_back(now);
    }

    pub(crate) fn rejected(&self) -> usize {
        self.0.lock().unwrap().1
    }
}

/// `processes` pacers, each with a connection of its own.
pub(crate) fn fleet(url: &str, limits: &[Limit], processes: u32) -> Vec<Pacer> {
    (0..processes).map(|_| connect(url).pacer("acme", &Pacer::new(limits), number(processes))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_processes_share_one_limit_and_exceed_it_never() {
    let Some(redis) = RedisServer::start() else { return };
    let limits = [limit(20, 100), limit(150, 1_000)];
    let vendor = Vendor::default();
    let start = Instant::now();
    let mut requests = JoinSet::new();
    for pacer in fleet(&redis.url(), &limits, 8) {
        for _ in 0..75 {
            let (pacer, vendor) = (pacer.clone(), vendor.clone());
            requests.spawn(async move {
                let _turn = pacer.acquire().await;
                vendor.send(&limits).await;
            });
        }
    }
    requests.join_all().await;
    let took = start.elapsed();
    // Three full windows, and 150 at 20 in each 100 ms.
    let ideal = Duration::from_millis(3 * 1_000 + 7 * 100);
    eprintln!(
        "600 requests in {took:?}: {:.1} % of the limit",
        100.0 * ideal.as_secs_f64() / took.as_secs_f64()
    );
    assert_eq!(vendor.rejected(), 0);
    // One process with its share after the other would need eight times as long; a busy machine does not.
    assert!(took < ideal * 4, "{took:?} instead of {ideal:?}");
}

#[tokio::test]
async fn the_whole_fleet_waits_after_a_429() {
    let Some(redis) = RedisServer::start() else { return };
    let pacers = fleet(&redis.url(), &[limit(100, 1_000)], 2);
    drop(pacers[0].acquire().await);
    let start = Instant::now();
    pacers[0].back_off(Duration::from_millis(600));
    // The other process learns of it from Redis, which takes a moment.
    sleep(Duration::from_millis(100)).await;
    drop(pacers[1].acquire().await);
    assert!(start.elapsed() >= Duration::from_millis(595), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_long_wait_is_not_forgotten_when_requests_that_were_under_way_end() {
    let Some(redis) = RedisServer::start() else { return };
    let pacers = fleet(&redis.url(), &[limit(100, 1_000)], 2);
    let turn = pacers[0].acquire().await;
    pacers[0].back_off(Duration::from_secs(3_600));
    let left = || {
        let answer = redis.command(&["PTTL", "anykey:{pacing:acme}:state"]);
        answer.trim_start_matches(':').parse::<u64>().unwrap_or_default()
    };
    let is_held = async || left() > 3_000_000;
    until(is_held).await;
    turn.answered();
    let is_reported =
        async || redis.command(&["HEXISTS", "anykey:{pacing:acme}:state", "answered_last"]) == ":1";
    until(is_reported).await;
    assert!(is_held().await, "{} ms", left());
}

#[tokio::test]
async fn a_request_that_gives_up_takes_no_place() {
    let Some(redis) = RedisServer::start() else { return };
    let pacers = fleet(&redis.url(), &[limit(2, 5_000)], 2);
    let turns = (pacers[0].acquire().await, pacers[1].acquire().await);
    for pacer in &pacers {
        assert!(timeout(Duration::from_millis(50), pacer.acquire()).await.is_err(), "both places are taken");
    }
    drop(turns);
    let pacers = fleet(&redis.url(), &[limit(3, 5_000)], 2);
    drop(timeout(Duration::from_secs(5), pacers[0].acquire()).await.expect("the third place is free"));
}

#[tokio::test]
async fn one_request_of_the_fleet_goes_first_where_the_vendor_wants_that() {
    let Some(redis) = RedisServer::start() else { return };
    let local = Pacer::with_one_first(&[limit(100, 1_000)], Duration::from_secs(60));
    let pacers: Vec<_> = (0..2).map(|_| connect(&redis.url()).pacer("acme", &local, number(2))).collect();
    let first = pacers[0].acquire().await;
    assert!(timeout(Duration::from_millis(100), pacers[1].acquire()).await.is_err(), "one goes alone");
    first.answered();
    let turns =
        timeout(Duration::from_secs(5), async { (pacers[1].acquire().await, pacers[0].acquire().await) });
    drop(turns.await.expect("the others follow when it is answered"));
}

#[tokio::test]
async fn a_pacer_leaves_nothing_behind_for_ever() {
    let Some(redis) = RedisServer::start() else { return };
    let pacers = fleet(&redis.url(), &[limit(5, 1_000)], 1);
    drop(pacers[0].acquire().await);
    assert_nothing_stays(&redis);
}

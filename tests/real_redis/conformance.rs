//! The suite over what is shared through Redis: the cache's answers, and the pacing of each vendor's adapter.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anykey::http::{Limit, Pacer, SharedPacing};
use anykey::sim;
use anykey::{LicenseProvider, ManualClock, SecretString};
use anykey_redis::{RedisAnswers, RedisServer as Connection, SealKey};
use anykey_test_servers::RedisServer;
use anykey_testkit::conformance::{MemorySubject, SCENARIOS, SimulatedSubject, run_scenarios};
use anykey_tests::cached::Cached;

use crate::limits::limited;
use crate::vendor::{PROCESSES, SEAL_KEY};

/// A connection whose keys are those of no other test.
fn connect(redis: &RedisServer) -> Connection {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let prefix = format!("test{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    Connection::builder(SecretString::from(redis.url())).prefix(prefix.as_str()).build().unwrap()
}

#[tokio::test]
async fn keys_in_memory_pass_behind_a_cache_that_is_shared() {
    let Some(redis) = RedisServer::start() else { return };
    let seal_key = SealKey::new(&SecretString::from(SEAL_KEY)).unwrap();
    let fresh = async || {
        let answers = Arc::new(RedisAnswers::new(&connect(&redis), "main", &seal_key));
        Cached::with(MemorySubject::new(), move |cache| cache.second_level(answers.clone()))
    };
    let report = run_scenarios(fresh, SCENARIOS).await;
    assert!(report.failures().is_empty(), "{report}");
    assert_ne!(redis.command(&["DBSIZE"]), ":0", "nothing was shared");
}

/// Far above what the suite sends, since its subject is not how long requests wait.
fn ample() -> Pacer {
    Pacer::new(&[Limit::new(NonZeroU32::new(1_000_000).unwrap(), Duration::from_secs(1))])
}

#[tokio::test]
async fn an_adapter_passes_whose_pacing_is_shared() {
    let Some(redis) = RedisServer::start() else { return };
    let simulator = limited()[0];
    let fresh = async || {
        let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
        let vendor = simulator.start(clock.clone()).unwrap();
        let plane = vendor.planes().pop().unwrap().field("pacing", true);
        let connection = connect(&redis);
        let sharing = SharedPacing::new(move |account, _| connection.pacer(account, &ample(), PROCESSES));
        let build = move |vendor: &_, plane: &_| -> anykey::Result<Arc<dyn LicenseProvider>> {
            let registry = sim::registry(vendor).with_shared_pacing(sharing.clone());
            registry.build(&sim::config(vendor, plane)?)
        };
        SimulatedSubject::new(vendor, clock, plane, build).unwrap()
    };
    let report = run_scenarios(fresh, SCENARIOS).await;
    assert!(report.failures().is_empty(), "{}:\n{report}", simulator.vendor);
    assert_ne!(redis.command(&["DBSIZE"]), ":0", "nothing was paced");
}

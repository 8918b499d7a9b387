//! Every vendor's adapter passes the suite on its simulator: in each release of the vendor's API, in each plane, by
//! itself, behind the cache and behind a router.

mod routed;

use std::sync::Arc;
use std::time::Duration;

use anykey::adapter::Named;
use anykey::sim::{self, Simulator};
use anykey::{LicenseProvider, ManualClock};
use anykey_testkit::conformance::{
    MemorySubject, Report, SCENARIOS, SimulatedSubject, Subject, run, run_scenarios,
};
use anykey_tests::cached::Cached;
use futures_util::future::join_all;

use self::routed::{Import, Order, Routed};

/// What a release of a simulator's API passes in one of its planes, behind a pointer as an app holds it.
fn subject(simulator: Simulator, release: &str, plane: usize) -> SimulatedSubject {
    let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
    let vendor = simulator.start_release(clock.clone(), release).unwrap();
    let plane = vendor.planes().swap_remove(plane);
    let build = |vendor: &_, plane: &_| -> anykey::Result<Arc<dyn LicenseProvider>> {
        Ok(Arc::new(sim::provider(vendor, plane)?))
    };
    SimulatedSubject::new(vendor, clock, plane, build).unwrap()
}

/// The suite for something around a provider. How an adapter reads an odd member is played without it: that edits every
/// member of every answer, in most of the suite's time.
async fn run_around<S: Subject>(fresh: impl AsyncFn() -> S) -> Report {
    let of_the_adapter = ["an_odd_member_", "an_odd_record_"];
    let about_others = SCENARIOS
        .iter()
        .filter(|scenario| !of_the_adapter.iter().any(|prefix| scenario.name().starts_with(prefix)));
    run_scenarios(fresh, about_others).await
}

/// The suite over every vendor, release and plane, side by side, with `wrap` around the provider.
async fn passes_around<S: Subject + 'static>(wrap: fn(SimulatedSubject) -> S) {
    passes(async |simulator, release, plane| {
        run_around(async || wrap(subject(simulator, release, plane))).await
    })
    .await;
}

/// What `play` reports of every vendor, release and plane, side by side.
#[expect(clippy::future_not_send, reason = "a test awaits it where it is made")]
async fn passes(play: impl AsyncFn(Simulator, &'static str, usize) -> Report) {
    let mut reports = Vec::new();
    for simulator in sim::simulators() {
        for release in simulator.releases {
            let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
            let planes = simulator.start_release(clock, release).unwrap().planes();
            for (number, plane) in planes.into_iter().enumerate() {
                let play = &play;
                reports.push(async move {
                    let report = play(simulator, release, number).await;
                    let what = format!("{} {release} {}", simulator.vendor, plane.name);
                    assert!(report.failures().is_empty(), "{what}:\n{report}");
                });
            }
        }
    }
    join_all(reports).await;
}

/// The first release of a simulator in its seller's plane.
fn seller(simulator: &Simulator) -> SimulatedSubject {
    let release = simulator.releases.first().unwrap();
    let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
    let planes = simulator.start_release(clock, release).unwrap().planes().len();
    subject(*simulator, release, planes - 1)
}

fn memory(name: &'static str) -> MemorySubject {
    MemorySubject::wrapped(|vendor| Arc::new(Named::new(name, vendor)))
}

#[tokio::test(start_paused = true)]
async fn every_vendor_passes_in_every_release_and_plane() {
    passes(async |simulator, release, plane| run(async || subject(simulator, release, plane)).await).await;
}

/// A vendor's validation may not tell when the key ends, so a yes may outlive it by its time to live. The suite looks
/// a second before the end and at the end.
#[tokio::test(start_paused = true)]
async fn every_vendor_passes_behind_the_cache() {
    passes_around(|subject| Cached::with(subject, |cache| cache.positive_ttl(Duration::from_secs(1)))).await;
}

anykey_testkit::conformance!(memory_behind_the_cache, Cached::over(MemorySubject::new()));
anykey_testkit::conformance!(
    memory_behind_a_cache_that_only_shares_requests,
    Cached::with(MemorySubject::new(), |cache| cache
        .positive_ttl(Duration::ZERO)
        .negative_ttl(Duration::ZERO))
);

#[tokio::test(start_paused = true)]
async fn every_vendor_passes_behind_a_router_that_has_keys_in_memory_too() {
    passes_around(|subject| Routed::new(subject, memory("memory"), Order::First)).await;
    passes_around(|subject| Routed::new(subject, memory("memory"), Order::Last)).await;
}

#[tokio::test(start_paused = true)]
async fn every_vendor_passes_behind_a_router_that_imports_keys_on_first_use() {
    passes_around(|subject| Routed::importing(subject, memory("memory"), Order::Last, Import::OfTheOther))
        .await;
    passes_around(|subject| Routed::importing(subject, memory("memory"), Order::First, Import::OfNoProduct))
        .await;
}

#[tokio::test(start_paused = true)]
async fn keys_in_memory_pass_behind_a_router_that_has_any_vendor_too() {
    let simulators = sim::simulators();
    let reports =
        simulators.iter().flat_map(|simulator| [(simulator, Order::First), (simulator, Order::Last)]);
    join_all(reports.map(|(simulator, order)| async move {
        let report = run_around(async || Routed::new(memory("memory"), seller(simulator), order)).await;
        assert!(report.failures().is_empty(), "memory with {} {order:?}:\n{report}", simulator.vendor);
    }))
    .await;
}

/// Each vendor with the next one of the list, the last one with the first.
#[tokio::test(start_paused = true)]
async fn every_vendor_passes_behind_a_router_that_has_another_vendor_too() {
    let simulators = sim::simulators();
    let pairs = simulators.iter().zip(simulators.iter().cycle().skip(1));
    let pairs = pairs.flat_map(|(one, other)| [(one, other, Order::First), (one, other, Order::Last)]);
    join_all(pairs.map(|(one, other, order)| async move {
        let report = run_around(async || Routed::new(seller(one), seller(other), order)).await;
        assert!(report.failures().is_empty(), "{} with {} {order:?}:\n{report}", one.vendor, other.vendor);
    }))
    .await;
}

anykey_testkit::conformance!(
    memory_before_memory_behind_a_router,
    Routed::new(memory("main"), memory("legacy"), Order::First)
);
anykey_testkit::conformance!(
    memory_after_memory_behind_a_router,
    Routed::new(memory("main"), memory("legacy"), Order::Last)
);
anykey_testkit::conformance!(
    memory_to_which_keys_are_imported_on_first_use,
    Routed::importing(memory("main"), memory("legacy"), Order::First, Import::OfTheOther)
);
anykey_testkit::conformance!(
    memory_whose_keys_would_be_imported_on_first_use,
    Routed::importing(memory("legacy"), memory("main"), Order::Last, Import::OfNoProduct)
);

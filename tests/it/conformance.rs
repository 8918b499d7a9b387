//! Every vendor's adapter passes the suite on its simulator: in each release of the vendor's API, in each plane, by
//! itself and behind the cache.

mod cached;

use std::sync::Arc;
use std::time::Duration;

use anykey::sim::{self, Simulator};
use anykey::{LicenseProvider, ManualClock};
use anykey_testkit::conformance::{MemorySubject, Report, SimulatedSubject, Subject, run};
use futures_util::future::join_all;

use self::cached::Cached;

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

/// The suite over every vendor, release and plane, side by side; `wrap` puts something in front of the provider.
async fn passes<S: Subject + 'static>(wrap: fn(SimulatedSubject) -> S) {
    let mut reports = Vec::new();
    for simulator in sim::simulators() {
        for release in simulator.releases {
            let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
            let planes = simulator.start_release(clock, release).unwrap().planes();
            for (number, plane) in planes.into_iter().enumerate() {
                reports.push(async move {
                    let report: Report = run(async || wrap(subject(simulator, release, number))).await;
                    let what = format!("{} {release} {}", simulator.vendor, plane.name);
                    assert!(report.failures().is_empty(), "{what}:\n{report}");
                });
            }
        }
    }
    join_all(reports).await;
}

#[tokio::test]
async fn every_vendor_passes_in_every_release_and_plane() {
    passes(|subject| subject).await;
}

/// A vendor's validation may not tell when the key ends, so a yes may outlive it by its time to live. The suite looks
/// a second before the end and at the end.
#[tokio::test]
async fn every_vendor_passes_behind_the_cache() {
    passes(|subject| Cached::with(subject, |cache| cache.positive_ttl(Duration::from_secs(1)))).await;
}

anykey_testkit::conformance!(memory_behind_the_cache, Cached::over(MemorySubject::new()));
anykey_testkit::conformance!(
    memory_behind_a_cache_that_only_shares_requests,
    Cached::with(MemorySubject::new(), |cache| cache
        .positive_ttl(Duration::ZERO)
        .negative_ttl(Duration::ZERO))
);

//! Calls whose future is dropped at one of its await points.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anykey::{Capability, InstallationMark, SeatClaim};
use anykey_test_calls::{Call, Effect, Outcome};
use anykey_testkit::drop_after;
use anykey_testkit::transport::WaitingTransport;
use tokio::time::timeout;

use crate::plane::{Fixture, Plane};

/// The calls that an installed app makes in a row.
const DEVICE_CALLS: [Call; 5] =
    [Call::Activate, Call::Renew, Call::Deactivate, Call::Validate, Call::ValidateSeat];
/// More than any call waits.
const MOST_WAITS: usize = 100;
/// More calls than any vendor's documented rate limit allows at once.
const DROPPED: usize = 350;
/// Longer than any documented rate limit lasts that so many calls reach.
const WINDOW: Duration = Duration::from_secs(61);
/// Longer than that many calls take.
const DAY: Duration = Duration::from_secs(86_400);

/// A fixture whose provider keeps to the vendor's documented rate limits.
fn paced(plane: Plane) -> Fixture {
    let pacing = [("pacing", true.into())];
    let fields = if plane.has_field("pacing") { &pacing[..] } else { &[] };
    plane.fixture_with(fields, |vendor| Arc::new(WaitingTransport::new(vendor)))
}

/// Every call that the plane supports, those that take effect among them.
fn calls(plane: Plane) -> impl Iterator<Item = Call> {
    Call::supported_by(&*paced(plane).provider)
}

#[tokio::test(start_paused = true)]
async fn after_a_dropped_call_the_next_one_works() {
    let (mut dropped, mut with_effect) = (0, BTreeSet::new());
    for plane in Plane::all() {
        for call in calls(plane) {
            let mut completed = false;
            for waits in 0..MOST_WAITS {
                let fixture = paced(plane);
                completed = drop_after(waits, call.run(&*fixture.provider, &fixture.about)).await;
                if completed {
                    break;
                }
                dropped += 1;
                if call.effect() != Effect::Nothing {
                    with_effect.insert(format!("{call:?}"));
                }
                let seats = fixture.vendor.activations(&fixture.about.key).len();
                let next = call.run(&*fixture.provider, &fixture.about).await;
                let was_done = call == Call::Deactivate && seats == 0;
                let works = match next.outcome {
                    Outcome::Done => !was_done || fixture.vendor.rules().gives_back_twice,
                    Outcome::Refused(_) => was_done,
                    Outcome::Failed(_) => false,
                };
                assert!(works, "{plane:?} {call:?} after {waits} waits: {}", next.printed);
            }
            assert!(completed, "{plane:?} {call:?} did not complete");
        }
    }
    let all = ["Activate", "Create", "Deactivate", "Rename", "Renew", "Rotate", "Update", "ValidateCounted"];
    assert_eq!(with_effect.into_iter().collect::<Vec<_>>(), all, "each takes effect at some vendor");
    println!("dropped calls: {dropped}");
}

#[tokio::test(start_paused = true)]
async fn dropped_calls_leave_no_turn_of_the_pacer_taken() {
    for plane in Plane::all() {
        for call in calls(plane).filter(|call| DEVICE_CALLS.contains(call)) {
            for waits in 0.. {
                let fixture = paced(plane);
                let about = || call.run(&*fixture.provider, &fixture.about);
                if drop_after(waits, about()).await {
                    break;
                }
                let dropped = async {
                    for _ in 1..DROPPED {
                        drop_after(waits, about()).await;
                    }
                };
                let name = format!("{plane:?} {call:?} after {waits} waits");
                assert!(timeout(DAY, dropped).await.is_ok(), "{name}: a later call waits for ever");
                tokio::time::sleep(WINDOW).await;
                let start = tokio::time::Instant::now();
                let supported: Vec<_> = Call::supported_by(&*fixture.provider).collect();
                let reads = [Call::Validate, Call::Activations, Call::ValidateSeat];
                let read = reads.into_iter().find(|call| supported.contains(call)).unwrap();
                let next = read.run(&*fixture.provider, &fixture.about).await;
                let is_answered = !matches!(next.outcome, Outcome::Failed(_));
                assert!(is_answered, "{name}: {}", next.printed);
                assert_eq!(start.elapsed(), Duration::ZERO, "{name}: the next call waited");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_seat_that_a_dropped_activation_took_is_found_by_the_same_claim() {
    let mut found = 0;
    for plane in Plane::all() {
        let capabilities = paced(plane).provider.capabilities();
        if !capabilities.contains(Capability::Activations) || !capabilities.contains(Capability::Activate) {
            continue;
        }
        let mut completed = false;
        for waits in 0..MOST_WAITS {
            let fixture = paced(plane);
            let mark: InstallationMark = "ak-1a2b3c4d5e6f".parse().unwrap();
            let code = fixture.about.code.clone();
            let mut claim = SeatClaim::new(code, "laptop", mark).key(fixture.about.key.clone());
            completed = drop_after(waits, claim.settle(&*fixture.provider)).await;
            if completed {
                break;
            }
            let before = fixture.vendor.activations(&fixture.about.key);
            let settled = claim.settle(&*fixture.provider).await;
            let name = format!("{plane:?} after {waits} waits");
            match before.get(1) {
                Some((taken, _)) => {
                    assert_eq!(&settled.unwrap().id, taken, "{name}");
                    assert_eq!(fixture.vendor.activations(&fixture.about.key), before, "{name}");
                    found += 1;
                }
                None => assert!(settled.is_ok() || claim.is_open(), "{name}: a seat may be taken unnoticed"),
            }
        }
        assert!(completed, "{plane:?}: the claim was not settled");
    }
    assert!(found > 0, "no activation was dropped after it took a seat");
    println!("seats found: {found}");
}

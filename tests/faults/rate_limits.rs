//! 429: nothing was done, so everything may be sent again, within reason.

use std::time::Duration;

use anykey::ErrorKind;
use anykey_testkit::transport::{Answer, Fault, RetryAfter};

use crate::plane::Plane;
use crate::told::Outcome;
use crate::trouble::Trouble;
use crate::watch::Watch;

/// What the header says, how many requests follow, and the wait that the error tells.
fn headers() -> Vec<(Option<&'static str>, usize, Option<Duration>)> {
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    vec![
        (None, 3, None),
        (Some("0"), 3, seconds(0)),
        (Some("2"), 3, seconds(2)),
        (Some("2.5"), 3, Some(Duration::from_millis(2500))),
        (Some("Sat, 21 Nov 2026 12:00:03 GMT"), 3, seconds(3)),
        (Some("Sat, 21 Nov 2026 11:00:00 GMT"), 3, seconds(0)),
        (Some("Sat, 21 Nov 2026 13:00:00 GMT"), 1, seconds(60)),
        (Some("Fri, 31 Dec 9999 23:59:59 GMT"), 1, seconds(60)),
        (Some("45"), 1, seconds(45)),
        (Some("86400"), 1, seconds(60)),
        (Some("-1"), 3, None),
        (Some("-1e30"), 3, None),
        (Some("1e30"), 1, seconds(60)),
        (Some("1e400"), 1, seconds(60)),
        (Some("inf"), 1, seconds(60)),
        (Some("NaN"), 3, None),
        (Some("18446744073709551616"), 1, seconds(60)),
        (Some("soon"), 3, None),
        (Some(""), 3, None),
        (Some("Sat, 99 Foo 2026 12:00:03 GMT"), 3, None),
    ]
}

#[tokio::test(start_paused = true)]
async fn every_retry_after_is_honoured_capped_or_ignored() {
    let watch = Watch::start();
    let mut cases = 0;
    for (header, sent, wait) in headers() {
        let mut answer = Answer::new(429).header("date", "Sat, 21 Nov 2026 12:00:00 GMT");
        if let Some(header) = header {
            answer = answer.header("retry-after", header);
        }
        for (plane, call) in Plane::cases() {
            let name = format!("429 {header:?} | {plane:?} | {call:?}");
            let world = plane.world(&Trouble::answer(answer.clone())).await;
            let told = watch.run(&name, call, &world).await;
            assert_eq!(told.outcome, Outcome::Failed(ErrorKind::RateLimited), "{name}");
            assert!(told.transient && !told.open, "{name}: {}", told.printed);
            assert_eq!((world.sent(), told.retry_after), (sent, wait), "{name}");
            cases += 1;
        }
    }
    println!("429: {cases} cases");
}

#[tokio::test(start_paused = true)]
async fn a_429_leaves_no_effect_even_after_three_tries() {
    let watch = Watch::start();
    for (plane, call) in Plane::cases() {
        let world = plane.world(&Trouble::Fault(Fault::rate_limited(RetryAfter::Seconds(1)))).await;
        let told = watch.run("429", call, &world).await;
        assert!(!told.open && world.sent() == 3, "{plane:?} {call:?}: {}", told.printed);
    }
}

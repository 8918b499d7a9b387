//! 429: nothing was done, so everything may be sent again, within reason.

use std::time::Duration;

use anykey::ErrorKind;
use anykey_test_calls::Outcome;
use anykey_testkit::transport::{Answer, Fault, RetryAfter};

use crate::injected::Injected;
use crate::plane::Case;
use crate::watch::Watch;

/// What the header says, how many requests follow, and the wait that the error asks for.
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
    let all = Case::all().await;
    let mut cases = 0;
    for (header, sent, wait) in headers() {
        let mut answer = Answer::new(429).header("date", "Sat, 21 Nov 2026 12:00:00 GMT");
        if let Some(header) = header {
            answer = answer.header("retry-after", header);
        }
        for case in &all {
            let name = case.named(&format!("429 {header:?}"));
            let fixture = case.plane.fixture(&Injected::answer(answer.clone()));
            let observed = watch.run(&name, case.call, &fixture).await;
            assert_eq!(observed.outcome, Outcome::Failed(ErrorKind::RateLimited), "{name}");
            assert!(observed.transient && !observed.open, "{name}: {}", observed.printed);
            assert_eq!((fixture.sent(), observed.retry_after), (sent, wait), "{name}");
            cases += 1;
        }
    }
    println!("429: {cases} cases");
}

#[tokio::test(start_paused = true)]
async fn a_429_leaves_no_effect_even_after_three_tries() {
    let watch = Watch::start();
    for case in Case::all().await {
        let injected = Injected::Fault(Fault::rate_limited(RetryAfter::Seconds(1)));
        let fixture = case.plane.fixture(&injected);
        let observed = watch.run("429", case.call, &fixture).await;
        assert!(!observed.open && fixture.sent() == 3, "{}: {}", case.named("429"), observed.printed);
    }
}

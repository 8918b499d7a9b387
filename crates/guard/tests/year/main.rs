//! A year of an installed app in seconds: what went wrong at the vendor and on the machine, and what the user
//! saw on each day. The README shows the result; `ANYKEY_BLESS=1` writes it anew.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout
)]

mod diary;
mod life;
mod picture;
mod script;
#[allow(dead_code)]
#[path = "../it/vendor.rs"]
mod vendor;

use std::path::Path;

use anykey_guard::Notice;
use diary::{Day, Seen};

#[tokio::test(start_paused = true)]
async fn a_year_goes_as_the_readme_shows() {
    let days = life::live_a_year().await;
    for day in &days {
        println!("{day}");
    }
    is_as_promised(&days);
    is_as_shown("year.md", &diary::table(&days));
    is_as_shown("year.svg", &picture::draw(&days));
}

/// What the year has to show, apart from the exact days.
fn is_as_promised(days: &[Day]) {
    let during = |incident: &'static str| days.iter().filter(move |day| day.incident == Some(incident));
    let seen = |incident: &'static str| during(incident).map(|day| day.seen).collect::<Vec<_>>();
    assert!(seen(script::OUTAGE).iter().all(|seen| matches!(seen, Seen::Licensed | Seen::Grace)));
    assert!(seen(script::STORM).iter().all(|seen| matches!(seen, Seen::Licensed | Seen::Grace)));
    assert_eq!(seen(script::EXPEDITION).first(), Some(&Seen::Licensed));
    assert_eq!(seen(script::EXPEDITION).last(), Some(&Seen::NeedsCheck));
    assert!(
        during(script::CLOCK_BACK)
            .any(|day| day.notices.contains(Notice::ClockSetBack) && day.seen != Seen::Refused)
    );
    assert_eq!(seen(script::UNPAID).last(), Some(&Seen::RefusedButUsable));
    assert!(seen(script::DAMAGED).iter().all(|seen| *seen == Seen::Licensed));
    assert!(seen(script::SWAPPED).iter().all(|seen| *seen == Seen::Licensed));
    assert!(seen(script::CLOCK_WRONG).iter().all(|seen| *seen == Seen::Licensed));
    assert!(during(script::CLOCK_WRONG).any(|day| day.notices.contains(Notice::ClockWrong)));
    assert_eq!(seen(script::DISABLED).last(), Some(&Seen::Refused));
    assert_eq!(days.last().unwrap().seen, Seen::NotActivated);
    let quiet_days = days.iter().filter(|day| day.incident.is_none()).collect::<Vec<_>>();
    assert!(
        quiet_days.iter().skip(12).all(|day| day.seen == Seen::Licensed),
        "nothing happens, and nothing is wrong"
    );
}

fn is_as_shown(name: &str, drawn: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("ANYKEY_BLESS").is_some() {
        std::fs::write(&path, drawn).unwrap();
    }
    let shown = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(shown == drawn, "{name} is out of date: run this test with ANYKEY_BLESS=1 and look at it");
}

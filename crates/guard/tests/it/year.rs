//! A simulated year of an installed app: incidents at the vendor and on the machine, and the state on each day. The
//! README shows the result; `ANYKEY_BLESS=1` updates it.

mod diary;
mod picture;
mod script;
mod simulation;

use std::path::Path;

use anykey_guard::Notice;
use diary::{Day, Seen};

#[tokio::test(start_paused = true)]
async fn the_simulated_year_is_as_in_the_readme() {
    let days = simulation::simulate_a_year().await;
    for day in &days {
        println!("{day}");
    }
    assert_states(&days);
    assert_file("year.md", &diary::table(&days));
    assert_file("year.svg", &picture::draw(&days));
}

/// Asserts the states of each incident, apart from the exact days.
fn assert_states(days: &[Day]) {
    let during = |incident: &'static str| days.iter().filter(move |day| day.incident == Some(incident));
    let seen = |incident: &'static str| during(incident).map(|day| day.seen).collect::<Vec<_>>();
    assert!(seen(script::OUTAGE).iter().all(|seen| matches!(seen, Seen::Licensed | Seen::Grace)));
    assert!(seen(script::THROTTLED).iter().all(|seen| matches!(seen, Seen::Licensed | Seen::Grace)));
    assert_eq!(seen(script::OFFLINE).first(), Some(&Seen::Licensed));
    assert_eq!(seen(script::OFFLINE).last(), Some(&Seen::NeedsCheck));
    assert!(
        during(script::CLOCK_BACK)
            .any(|day| day.notices.contains(Notice::ClockSetBack) && day.seen != Seen::Refused)
    );
    assert_eq!(seen(script::UNPAID).last(), Some(&Seen::RefusedButUsable));
    assert!(seen(script::DAMAGED).iter().all(|seen| *seen == Seen::Licensed));
    assert!(seen(script::VENDOR_CHANGED).iter().all(|seen| *seen == Seen::Licensed));
    assert!(seen(script::CLOCK_WRONG).iter().all(|seen| *seen == Seen::Licensed));
    assert!(during(script::CLOCK_WRONG).any(|day| day.notices.contains(Notice::ClockWrong)));
    assert_eq!(seen(script::DISABLED).last(), Some(&Seen::Refused));
    assert_eq!(days.last().unwrap().seen, Seen::NotActivated);
    let quiet_days = days.iter().filter(|day| day.incident.is_none()).collect::<Vec<_>>();
    assert!(
        quiet_days.iter().skip(12).all(|day| day.seen == Seen::Licensed),
        "licensed on days without an incident"
    );
}

fn assert_file(name: &str, drawn: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("ANYKEY_BLESS").is_some() {
        std::fs::write(&path, drawn).unwrap();
    }
    let shown = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(shown == drawn, "{name} is out of date: run this test with ANYKEY_BLESS=1 and review the change");
}

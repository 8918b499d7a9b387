use std::fmt;

use anykey_core::{SignedDuration, Timestamp};
use anykey_guard::{Access, AccessState, Notice, Notices};

use super::simulation::first_day;

/// The state that an app shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    NotActivated,
    Licensed,
    Grace,
    RefusedButUsable,
    Refused,
    NeedsCheck,
}

/// The state at noon of one day.
#[derive(Debug)]
pub(crate) struct Day {
    pub(crate) number: usize,
    pub(crate) incident: Option<&'static str>,
    pub(crate) seen: Seen,
    pub(crate) notices: Notices,
    pub(crate) until: Option<Timestamp>,
    clock_off_by: SignedDuration,
    sentence: String,
}

impl Day {
    pub(crate) fn seen(number: usize, incident: Option<&'static str>, access: Access) -> Self {
        let seen = match access.state {
            AccessState::NotActivated => Seen::NotActivated,
            AccessState::Granted { .. } => Seen::Licensed,
            AccessState::Grace { .. } => Seen::Grace,
            AccessState::Refused { until: Some(_), .. } => Seen::RefusedButUsable,
            AccessState::Refused { .. } => Seen::Refused,
            AccessState::NeedsCheck { .. } => Seen::NeedsCheck,
            other => panic!("{other:?}"),
        };
        Self {
            number,
            incident,
            seen,
            notices: access.notices(),
            until: access.until(),
            clock_off_by: access.clock_off_by,
            sentence: access.to_string(),
        }
    }

    fn shows(&self) -> String {
        let until = self.until.map(|until| date(until).to_string()).unwrap_or_default();
        let mut shown = match self.seen {
            Seen::NotActivated => "not activated".to_owned(),
            Seen::Licensed => "licensed".to_owned(),
            Seen::Grace => format!("works without a check until {until}"),
            Seen::RefusedButUsable => format!("refused; works until {until}"),
            Seen::Refused => "**refused**".to_owned(),
            Seen::NeedsCheck => "**needs a check**".to_owned(),
        };
        for notice in self.notices.iter() {
            match notice {
                Notice::SeatMayBeTaken => shown.push_str("; a seat may have been taken"),
                Notice::ClockSetBack => shown.push_str("; the clock was set back"),
                Notice::ClockWrong => {
                    let days = self.clock_off_by.as_hours() / 24;
                    shown.push_str(&format!("; the clock is {days} days ahead"));
                }
                notice => shown.push_str(&format!("; {notice}")),
            }
        }
        shown
    }

    fn date(&self) -> impl fmt::Display {
        date(first_day() + SignedDuration::from_hours(24 * self.number as i64))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:<50} {}", self.date(), self.incident.unwrap_or_default(), self.sentence)
    }
}

/// The year as a table, with one row for consecutive days with the same incident and state.
pub(crate) fn table(days: &[Day]) -> String {
    let mut table =
        "| from | days | what happens | what the app shows at noon |\n|---|--:|---|---|\n".to_owned();
    let same = |one: &Day, other: &Day| one.incident == other.incident && one.shows() == other.shows();
    for run in days.chunk_by(same) {
        let happens = run[0].incident.unwrap_or("");
        table += &format!("| {} | {} | {happens} | {} |\n", run[0].date(), run.len(), run[0].shows());
    }
    table
}

fn date(time: Timestamp) -> impl fmt::Display {
    time.strftime("%Y-%m-%d").to_string()
}

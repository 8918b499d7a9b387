use std::fmt::Write as _;
use std::time::Duration;

use tokio::time::Instant;

use super::super::TurnId;
use super::super::state::State;

/// The longest limit, request and wait that a journal knows. What is longer was written by another clock, and is left
/// out.
pub(super) const LONGEST: Duration = Duration::from_secs(24 * 3_600);

/// The text of a file: when the requests of all processes began and ended. Times are milliseconds since 1970.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Journal {
    /// Since when and until when nothing is sent, after a 429.
    held: Option<(i64, i64)>,
    /// When the vendor last answered.
    answered_last: Option<i64>,
    turns: Vec<Turn>,
}

/// One request.
#[derive(Debug, PartialEq, Eq)]
struct Turn {
    id: String,
    began: i64,
    /// When it ended; for one that is under way the latest time at which it can.
    ends: i64,
}

/// What happened to a request or to all of them.
#[derive(Debug)]
pub(super) enum Event {
    Began { turn: TurnId, at: i64, longest: Duration },
    Ended { turn: TurnId, at: i64, is_answered: bool },
    Cancelled { turn: TurnId },
    Held { at: i64, until: i64 },
}

impl Journal {
    /// What cannot be read, such as the rest of a line of a process that was killed, is left out, and so is what counts
    /// no more at `now`. What is said to happen later was written before the clock was set back: it counts as having
    /// happened now.
    pub(super) fn read(text: &str, now: i64) -> Self {
        let mut journal = Self::default();
        for line in text.lines() {
            match line.split(' ').collect::<Vec<_>>().as_slice() {
                ["held", since, until] => journal.held = since.parse().ok().zip(until.parse().ok()),
                ["answered", at] => journal.answered_last = at.parse().ok(),
                [id, began, ends] => {
                    let (Ok(began), Ok(ends)) = (began.parse(), ends.parse()) else { continue };
                    journal.turns.push(Turn { id: (*id).to_owned(), began, ends });
                }
                _ => {}
            }
        }
        let longest = millis(LONGEST);
        let moved = |(since, until): (i64, i64)| {
            let ahead = since.saturating_sub(now).max(0);
            (since.saturating_sub(ahead), until.saturating_sub(ahead))
        };
        journal.held = journal.held.map(moved);
        journal.held = journal.held.filter(|(_, until)| (1..=longest).contains(&until.saturating_sub(now)));
        journal.answered_last =
            journal.answered_last.filter(|at| (0..=longest).contains(&now.saturating_sub(*at)));
        journal.turns.retain(|turn| {
            let is_near = |time: i64| time.saturating_sub(now).saturating_abs() <= longest;
            is_near(turn.began) && is_near(turn.ends)
        });
        journal.turns.iter_mut().for_each(|turn| (turn.began, turn.ends) = moved((turn.began, turn.ends)));
        journal
    }

    pub(super) fn write(&self) -> String {
        let mut text = String::new();
        let mut line = |line: std::fmt::Arguments<'_>| {
            let _a_string_takes_everything = writeln!(text, "{line}");
        };
        if let Some((since, until)) = self.held {
            line(format_args!("held {since} {until}"));
        }
        if let Some(at) = self.answered_last {
            line(format_args!("answered {at}"));
        }
        for Turn { id, began, ends } in &self.turns {
            line(format_args!("{id} {began} {ends}"));
        }
        text
    }

    pub(super) fn apply(&mut self, event: Event) {
        match event {
            Event::Began { turn, at, longest } => {
                let ends = at.saturating_add(millis(longest.min(LONGEST)));
                self.turns.push(Turn { id: turn.to_string(), began: at, ends });
            }
            Event::Ended { turn, at, is_answered } => {
                let id = turn.to_string();
                if let Some(turn) = self.turns.iter_mut().find(|turn| turn.id == id) {
                    turn.ends = turn.ends.min(at);
                }
                if is_answered {
                    self.answered_last = self.answered_last.max(Some(at));
                }
            }
            Event::Cancelled { turn } => {
                let id = turn.to_string();
                self.turns.retain(|turn| turn.id != id);
            }
            Event::Held { at, until } => {
                let longer = self.held.filter(|(_, held)| *held >= until);
                self.held = longer.or(Some((at, until)));
            }
        }
    }

    /// Counts all requests in `state`, where `instant` is the time `now`. Those that count no more are forgotten.
    pub(super) fn replay(&mut self, state: &mut State, now: i64, instant: Instant) {
        // Not all of the past can be an instant, shortly after the machine started: then it counts as more recent.
        let at = |time: i64| {
            let distance = Duration::from_millis(now.abs_diff(time));
            let moved =
                if time <= now { instant.checked_sub(distance) } else { instant.checked_add(distance) };
            moved.unwrap_or(instant)
        };
        let longest = state.longest_window();
        self.turns.retain(|turn| turn.ends > now.saturating_sub(millis(longest)));
        self.turns.sort_by_key(|turn| turn.began);
        self.turns.iter().for_each(|turn| state.enter(at(turn.began)));
        let mut ended: Vec<i64> =
            self.turns.iter().map(|turn| turn.ends).filter(|ends| *ends <= now).collect();
        ended.sort_unstable();
        ended.into_iter().for_each(|ends| state.leave(at(ends), false));
        if let Some(answered) = self.answered_last {
            state.answered(at(answered));
        }
        if let Some((_, until)) = self.held {
            state.hold(at(until));
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    fn journal() -> Journal {
        let turn = |id: &str, began, ends| Turn { id: id.to_owned(), began: NOW + began, ends: NOW + ends };
        Journal {
            held: Some((NOW - 1, NOW + 7)),
            answered_last: Some(NOW - 1),
            turns: vec![turn("a", -20, -10), turn("b", -5, 30)],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Journal::read(&journal().write(), NOW), journal());
    }

    #[test]
    fn what_a_killed_process_left_half_written_is_left_out() {
        let text = journal().write();
        assert_eq!(Journal::read(&format!("{text}c 18000"), NOW), journal());
        assert_eq!(Journal::read(&format!("{text}rubbish\nheld\n\u{fffd}\n"), NOW), journal());
    }

    #[test]
    fn a_clock_that_is_set_back_forgets_no_request() {
        let text = journal().write();
        let hour = 3_600_000;
        let read = Journal::read(&text, NOW - hour);
        let turn = |id: &str, began, ends| Turn { id: id.to_owned(), began, ends };
        assert_eq!(read.held, Some((NOW - hour, NOW - hour + 8)), "nor does it make a wait longer");
        assert_eq!(
            read.turns,
            [turn("a", NOW - hour, NOW - hour + 10), turn("b", NOW - hour, NOW - hour + 35)]
        );
    }

    #[test]
    fn no_clock_makes_a_wait_endless() {
        let text = format!("held {NOW} {}\nanswered {}\na {} {}\n", i64::MAX, NOW + 1, NOW + 1, i64::MAX);
        assert_eq!(Journal::read(&text, NOW), Journal::default());
        assert_eq!(Journal::read(&format!("a {} {}\n", i64::MIN, NOW), NOW), Journal::default());
    }
}

//! One line of a table, checked for every operation of every plane.

use anykey::ErrorKind;

use crate::call::{Call, Effect};
use crate::plane::Plane;
use crate::told::Outcome;
use crate::trouble::Trouble;
use crate::watch::Watch;

/// What is expected of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) outcome: Outcome,
    pub(crate) sent: usize,
    pub(crate) transient: bool,
    pub(crate) open: bool,
}

impl Expected {
    pub(crate) const fn done(sent: usize) -> Self {
        Self { outcome: Outcome::Done, sent, transient: false, open: false }
    }

    pub(crate) const fn refused(reason: anykey::RefusalReason) -> Self {
        Self { outcome: Outcome::Refused(reason), sent: 1, transient: false, open: false }
    }

    /// A failure that is final and left nothing behind.
    pub(crate) const fn final_failure(kind: ErrorKind) -> Self {
        Self { outcome: Outcome::Failed(kind), sent: 1, transient: false, open: false }
    }
}

/// The same fault for every call.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) trouble: Trouble,
    pub(crate) kind: ErrorKind,
    pub(crate) transient: bool,
    pub(crate) sends: Sends,
    /// Whether a call that changes something may have taken effect.
    pub(crate) open: bool,
}

/// How often a request is sent.
#[derive(Clone, Copy)]
pub(crate) enum Sends {
    /// Once, whatever it is.
    Once,
    /// Three times, unless it could take effect twice.
    AgainIfHarmless,
    /// Three times, whatever it is.
    Again,
}

impl Row {
    pub(crate) fn expected(&self, call: Call) -> Expected {
        let sent = match (self.sends, call.effect()) {
            (Sends::Again, _) | (Sends::AgainIfHarmless, Effect::Nothing | Effect::Same) => 3,
            (Sends::Once, _) | (Sends::AgainIfHarmless, Effect::Twice) => 1,
        };
        Expected {
            outcome: Outcome::Failed(self.kind),
            sent,
            transient: self.transient,
            open: self.open && call.effect() != Effect::Nothing,
        }
    }
}

/// Checks every row for every call of every plane, and returns how many cases that were.
pub(crate) async fn check(rows: &[Row], except: impl Fn(&Row, Plane, Call) -> Option<Expected>) -> usize {
    let watch = Watch::start();
    let mut cases = 0;
    let mut wrong = Vec::new();
    for row in rows {
        for (plane, call) in Plane::cases() {
            let expected = except(row, plane, call).unwrap_or_else(|| row.expected(call));
            let name = format!("{} | {plane:?} | {call:?}", row.name);
            wrong.extend(check_one(&watch, &name, plane, call, &row.trouble, expected).await);
            cases += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    cases
}

/// A sentence on what was not as expected.
pub(crate) async fn check_one(
    watch: &Watch,
    name: &str,
    plane: Plane,
    call: Call,
    trouble: &Trouble,
    expected: Expected,
) -> Option<String> {
    let world = plane.world(trouble).await;
    let told = watch.run(name, call, &world).await;
    let found =
        Expected { outcome: told.outcome, sent: world.sent(), transient: told.transient, open: told.open };
    (found != expected)
        .then(|| format!("{name}:\n    expected {expected:?}\n    found    {found:?}\n    {}", told.printed))
}

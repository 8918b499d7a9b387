//! One line of a table, checked for every call of every plane.

use anykey::ErrorKind;
use anykey_test_calls::{Effect, Expected, Outcome};

use crate::injected::Injected;
use crate::plane::Case;
use crate::watch::Watch;

/// The same fault for every call.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) injected: Injected,
    pub(crate) kind: ErrorKind,
    pub(crate) transient: bool,
    pub(crate) sends: Sends,
    /// Whether a call that changes something may have taken effect.
    pub(crate) open: bool,
}

/// How often a request is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sends {
    /// Once, whatever it is.
    Once,
    /// Once, and reads may follow: an adapter may look whether the vendor moved what was not found.
    OnceThenReads,
    /// Three times, unless it could take effect twice.
    AgainIfHarmless,
    /// Three times, whatever it is.
    Again,
}

impl Row {
    pub(crate) fn expected(&self, case: &Case) -> Expected {
        let sent = match (self.sends, case.effect) {
            (Sends::Again, _) | (Sends::AgainIfHarmless, Effect::Nothing | Effect::Same) => 3,
            (Sends::Once | Sends::OnceThenReads, _) | (Sends::AgainIfHarmless, Effect::Twice) => 1,
        };
        Expected {
            outcome: Outcome::Failed(self.kind),
            sent,
            transient: self.transient,
            open: self.open && case.effect != Effect::Nothing,
        }
    }

    /// A sentence on what was not as expected.
    async fn check(&self, watch: &Watch, case: &Case, expected: Expected) -> Option<String> {
        let name = case.named(self.name);
        let fixture = case.plane.fixture(&self.injected);
        let observed = watch.run(&name, case.call, &fixture).await;
        let reads_followed =
            self.sends == Sends::OnceThenReads && fixture.changes_sent() <= 1 && fixture.sent() <= 3;
        let found = observed.after(if reads_followed { expected.sent } else { fixture.sent() });
        let printed = observed.printed;
        (found != expected)
            .then(|| format!("{name}:\n    expected {expected:?}\n    found    {found:?}\n    {printed}"))
    }
}

/// Checks every row for every call of every plane, and returns how many cases that were.
pub(crate) async fn check(rows: &[Row], except: impl Fn(&Row, &Case) -> Option<Expected>) -> usize {
    let watch = Watch::start();
    let cases = Case::all().await;
    let mut wrong = Vec::new();
    for row in rows {
        for case in &cases {
            let expected = except(row, case).unwrap_or_else(|| row.expected(case));
            wrong.extend(row.check(&watch, case, expected).await);
        }
    }
    let count = rows.len() * cases.len();
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    count
}

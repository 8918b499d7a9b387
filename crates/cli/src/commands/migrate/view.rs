//! Plans, outcomes, findings and entries as rows.

use std::fmt::Display;

use anykey::migrate::{Entry, Finding, Outcome, Plan, Undone};
use serde::Serialize;

use crate::output::{Cell, Column, Fact, Look, Row, Tone};

/// A row of which each field is a count or a text, shown as it is.
macro_rules! counted {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Serialize)]
        pub(super) struct $name { $($field: $kind,)* }

        impl Row for $name {
            const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
            const COLUMNS: &'static [Column] = &[$(Column::new(stringify!($field), 0)),*];

            fn cells(&self, _: Look) -> Vec<Cell> {
                vec![$(self.$field.to_string().into()),*]
            }

            fn facts(&self, _: Look) -> Vec<Fact> {
                let facts = [$((stringify!($field), self.$field.to_string())),*];
                let known = facts.into_iter().filter(|(_, text)| !text.is_empty());
                known.map(|(name, text)| Fact::new(name, text)).collect()
            }
        }
    };
}

counted! {
    /// What a run would do.
    PlanView {
        from: String, to: String, keys: u64, to_create: u64, to_finish: u64, done: u64, already_there: u64,
        conflicts: u64, skipped: u64, skipped_because: String, not_carried: String, unreadable: u64,
    }
}

counted! {
    /// What a run did.
    OutcomeView {
        from: String, to: String, keys: u64, created: u64, finished: u64, done: u64, already_there: u64,
        conflicts: u64, skipped: u64, rejected: u64, unfinished: u64, unreadable: u64,
    }
}

counted! {
    /// The configuration of a router that imports keys on first use.
    FirstUseView { from: String, to: String, configuration: String, sample: String, }
}

impl FirstUseView {
    pub(super) fn new(from: &str, to: &str, configuration: String, sample: String) -> Self {
        Self { from: from.to_owned(), to: to.to_owned(), configuration, sample }
    }
}

counted! {
    /// What undoing did.
    UndoneView { to: String, switched_off: u64, gone: u64, failed: u64, }
}

impl PlanView {
    pub(super) fn new(from: &str, to: &str, plan: &Plan) -> Self {
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            keys: plan.keys,
            to_create: plan.to_create,
            to_finish: plan.to_finish,
            done: plan.done,
            already_there: plan.already_there,
            conflicts: plan.conflicts,
            skipped: plan.skipped_in_all(),
            skipped_because: counts(&plan.skipped),
            not_carried: counts(&plan.losses),
            unreadable: plan.unreadable,
        }
    }
}

fn counts<'a, W: Display + 'a>(counts: impl IntoIterator<Item = (&'a W, &'a u64)>) -> String {
    let counts: Vec<_> = counts.into_iter().map(|(what, count)| format!("{count}: {what}")).collect();
    counts.join("; ")
}

impl OutcomeView {
    pub(super) fn new(from: &str, to: &str, outcome: &Outcome) -> Self {
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            keys: outcome.keys,
            created: outcome.created,
            finished: outcome.finished,
            done: outcome.done,
            already_there: outcome.already_there,
            conflicts: outcome.conflicts,
            skipped: outcome.skipped,
            rejected: outcome.rejected,
            unfinished: outcome.unfinished,
            unreadable: outcome.unreadable,
        }
    }
}

impl UndoneView {
    pub(super) fn new(to: &str, undone: &Undone) -> Self {
        let Undone { switched_off, gone, failed, .. } = *undone;
        Self { to: to.to_owned(), switched_off, gone, failed }
    }
}

/// A key that is not at the target as it is to be.
#[derive(Debug, Serialize)]
pub(super) struct FindingView {
    source: String,
    target: Option<String>,
    differences: String,
}

impl FindingView {
    pub(super) fn new(finding: &Finding) -> Self {
        let words: Vec<_> = finding.differences.iter().map(|difference| difference.word()).collect();
        let target = finding.target.as_ref().map(|id| id.as_str().to_owned());
        Self { source: finding.source.as_str().to_owned(), target, differences: words.join(" ") }
    }
}

impl Row for FindingView {
    const FIELDS: &'static [&'static str] = &["source", "target", "differences"];
    const COLUMNS: &'static [Column] =
        &[Column::new("SOURCE", 0), Column::new("TARGET", 0), Column::new("DIFFERENCES", 0)];

    fn cells(&self, _: Look) -> Vec<Cell> {
        let target = self.target.as_deref().unwrap_or_default();
        vec![self.source.as_str().into(), target.into(), Cell::new(self.differences.as_str(), Tone::Bad)]
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        Self::FIELDS.iter().zip(self.cells(look)).map(|(name, cell)| Fact::new(name, cell)).collect()
    }
}

/// What a journal says of a key.
#[derive(Debug, Serialize)]
pub(super) struct EntryView {
    source: String,
    state: &'static str,
    target: Option<String>,
    detail: String,
    not_carried: String,
}

impl EntryView {
    pub(super) fn new(entry: &Entry) -> Self {
        let losses: Vec<_> = entry.losses.iter().map(|loss| loss.word()).collect();
        Self {
            source: entry.source.as_str().to_owned(),
            state: entry.state.word(),
            target: entry.target.as_ref().map(|id| id.as_str().to_owned()),
            detail: entry.detail.clone(),
            not_carried: losses.join(" "),
        }
    }
}

impl Row for EntryView {
    const FIELDS: &'static [&'static str] = &["source", "state", "target", "detail", "not_carried"];
    const COLUMNS: &'static [Column] = &[
        Column::new("SOURCE", 0),
        Column::new("STATE", 0),
        Column::new("TARGET", 0),
        Column::new("DETAIL", 0),
        Column::new("NOT CARRIED", 1),
    ];

    fn cells(&self, _: Look) -> Vec<Cell> {
        let target = self.target.as_deref().unwrap_or_default();
        let texts = [&self.source, self.state, target, &self.detail, &self.not_carried];
        texts.map(Into::into).into()
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        Self::FIELDS.iter().zip(self.cells(look)).map(|(name, cell)| Fact::new(name, cell)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_those_of_the_header() {
        use crate::view::check::assert_fields_match;
        assert_fields_match(&PlanView::new("a", "b", &Plan::default()));
        assert_fields_match(&OutcomeView::new("a", "b", &Outcome::default()));
        assert_fields_match(&FirstUseView::new("a", "b", String::new(), String::new()));
        assert_fields_match(&UndoneView::new("b", &Undone::default()));
        let (source, target) = (String::new(), None);
        assert_fields_match(&FindingView { source, target, differences: String::new() });
        let (source, target, detail, not_carried) = (String::new(), None, String::new(), String::new());
        assert_fields_match(&EntryView { source, state: "done", target, detail, not_carried });
    }
}

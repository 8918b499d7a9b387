use anykey::Error;
use serde::Serialize;

use crate::commands::config_check::credential;
use crate::exit::Exit;
use crate::output::{Cell, Column, Fact, Look, Row, Tone};
use crate::report;

/// One thing that was examined: how it stands, and what to do about it.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    state: State,
    /// The provider's name in the configuration; absent for what concerns all.
    provider: Option<String>,
    /// What was examined.
    check: &'static str,
    found: String,
    /// What to do; absent when nothing is to be done.
    remedy: Option<String>,
    #[serde(skip)]
    exit: Exit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Good,
    Warning,
    Wrong,
}

impl Finding {
    pub(super) fn good(provider: Option<&str>, check: &'static str, found: String) -> Self {
        let provider = provider.map(ToOwned::to_owned);
        Self { state: State::Good, provider, check, found, remedy: None, exit: Exit::Done }
    }

    pub(super) fn warning(provider: Option<&str>, check: &'static str, found: String, remedy: &str) -> Self {
        let good = Self::good(provider, check, found);
        Self { state: State::Warning, remedy: Some(remedy.to_owned()), ..good }
    }

    /// What makes the command end with `exit`.
    pub(super) fn failure(
        provider: Option<&str>,
        check: &'static str,
        found: String,
        exit: Exit,
        remedy: &str,
    ) -> Self {
        Self { state: State::Wrong, exit, ..Self::warning(provider, check, found, remedy) }
    }

    /// An error with its own next step.
    pub(super) fn error(provider: Option<&str>, check: &'static str, error: &Error) -> Self {
        let found = error.message().to_owned();
        Self::failure(provider, check, found, Exit::of(error), &report::next_step(error))
    }

    /// Where a credential comes from, and whether it is there.
    pub(super) fn source(provider: &str, source: &credential::Source) -> Self {
        let (provider, text) = (Some(provider), source.to_string());
        if !source.is_set {
            let remedy = "set it where the field says";
            return Self::failure(provider, "credential", text, Exit::Usage, remedy);
        }
        if source.is_exposed {
            let remedy = "take others' right to write to the file: `chmod o-w`";
            return Self::warning(provider, "credential", text, remedy);
        }
        Self::good(provider, "credential", text)
    }

    /// How the command ends because of this; `None` when it does not.
    pub(super) fn failed(&self) -> Option<Exit> {
        (self.state == State::Wrong).then_some(self.exit)
    }

    fn state_cell(&self) -> Cell {
        match self.state {
            State::Good => Cell::new("good", Tone::Good),
            State::Warning => Cell::new("warning", Tone::Warning),
            State::Wrong => Cell::new("wrong", Tone::Bad),
        }
    }

    fn text(&self) -> String {
        match &self.remedy {
            None => self.found.clone(),
            Some(remedy) => format!("{}; next: {remedy}", self.found),
        }
    }
}

impl Row for Finding {
    const FIELDS: &'static [&'static str] = &["state", "provider", "check", "found", "remedy"];
    const COLUMNS: &'static [Column] = &[
        Column::new("STATE", 0),
        Column::new("PROVIDER", 0),
        Column::new("CHECK", 0),
        Column::new("FOUND", 0),
    ];

    fn cells(&self, _: Look) -> Vec<Cell> {
        vec![
            self.state_cell(),
            self.provider.as_deref().unwrap_or_default().into(),
            self.check.into(),
            self.text().into(),
        ]
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        let names = ["state", "provider", "check", "found"];
        names.into_iter().zip(self.cells(look)).map(|(name, cell)| Fact { name, cell }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_those_of_the_header() {
        let finding = Finding::good(None, "configuration", "found".to_owned());
        crate::view::check::assert_fields_match(&finding);
    }

    #[test]
    fn a_warning_does_not_fail_the_command() {
        let warning = Finding::warning(None, "x", "y".to_owned(), "z");
        assert_eq!(warning.failed(), None);
        let wrong = Finding::failure(None, "x", "y".to_owned(), Exit::NoAnswer, "z");
        assert_eq!((wrong.failed(), wrong.text().as_str()), (Some(Exit::NoAnswer), "y; next: z"));
    }
}

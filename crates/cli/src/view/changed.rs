use anykey::{LicenseKey, Result, Timestamp};
use serde::Serialize;

use super::{Codes, KeyView};
use crate::output::{Cell, Column, Fact, Look, Row, Tone};
use crate::report::library_line;

/// What came of one of several records that were to be changed.
#[derive(Debug, Serialize)]
pub(crate) struct ChangedView {
    id: String,
    /// The key of a seat, whose `id` is that of the activation.
    key_id: Option<String>,
    /// `done`, `failed`, or `unknown` where no answer says whether it is done.
    outcome: &'static str,
    key: Option<String>,
    status: Option<String>,
    /// The kind of the error, as one word for scripts.
    error: Option<String>,
    /// What the error is and what to do next.
    message: Option<String>,
}

impl ChangedView {
    pub(crate) fn new(
        (id, key_id): (&str, Option<&str>),
        outcome: &Result<Option<LicenseKey>>,
        now: Timestamp,
        codes: Codes,
    ) -> Self {
        let key = outcome.as_ref().ok().and_then(Option::as_ref);
        let error = outcome.as_ref().err();
        Self {
            id: id.to_owned(),
            key_id: key_id.map(str::to_owned),
            outcome: match error {
                None => "done",
                Some(error) if error.may_have_taken_effect() => "unknown",
                Some(_) => "failed",
            },
            key: key.map(|key| KeyView::new(key, now, codes).code().to_owned()),
            status: key.map(|key| key.status_at(now).to_string()),
            error: error.map(|error| error.kind().name().to_owned()),
            message: error.map(|error| library_line(error, None)),
        }
    }

    fn outcome_cell(&self) -> Cell {
        let tone = match self.outcome {
            "done" => Tone::Good,
            "unknown" => Tone::Warning,
            _ => Tone::Bad,
        };
        Cell::new(self.outcome, tone)
    }
}

impl Row for ChangedView {
    const FIELDS: &'static [&'static str] = &["id", "key_id", "outcome", "key", "status", "error", "message"];
    const COLUMNS: &'static [Column] = &[
        Column::new("ID", 0),
        Column::new("OUTCOME", 0),
        Column::new("KEY", 0),
        Column::new("STATUS", 1),
        Column::new("MESSAGE", 1),
    ];

    fn cells(&self, _: Look) -> Vec<Cell> {
        let text = |text: &Option<String>| Cell::from(text.as_deref().unwrap_or_default());
        vec![
            self.id.as_str().into(),
            self.outcome_cell(),
            text(&self.key),
            text(&self.status),
            text(&self.message),
        ]
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        let names = ["id", "outcome", "key", "status", "message"];
        names.into_iter().zip(self.cells(look)).map(|(name, cell)| Fact::new(name, cell)).collect()
    }
}

#[cfg(test)]
mod tests {
    use anykey::adapter::ErrorExt as _;
    use anykey::{Error, ErrorKind};

    use super::*;

    fn view(outcome: &Result<Option<LicenseKey>>) -> ChangedView {
        ChangedView::new(("lic_1", None), outcome, Timestamp::UNIX_EPOCH, Codes::Masked)
    }

    #[test]
    fn the_fields_are_those_of_the_header() {
        crate::view::check::assert_fields_match(&view(&Ok(None)));
    }

    #[test]
    fn a_lost_answer_is_no_failure() {
        let lost = |it| Err(Error::new(ErrorKind::Timeout, "no answer").with_may_have_taken_effect(it));
        assert_eq!(view(&lost(true)).outcome, "unknown");
        assert_eq!(view(&lost(false)).outcome, "failed");
        assert_eq!(view(&lost(false)).error.as_deref(), Some("timeout"));
    }
}

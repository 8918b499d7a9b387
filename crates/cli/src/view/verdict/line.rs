use anykey::{Error, KeyCode, Result, Timestamp, Validation};
use serde::Serialize;

use super::VerdictView;
use crate::output::{Cell, Column, Fact, Look, Row};
use crate::report::library_line;
use crate::view::Codes;

/// The verdict about one of many keys.
#[derive(Debug, Serialize)]
pub(crate) struct VerdictLine {
    /// Which line of the input it is, from 1.
    line: u64,
    /// Masked unless whole keys are asked for; absent where the line holds none.
    code: Option<String>,
    #[serde(flatten)]
    verdict: VerdictView,
}

impl VerdictLine {
    pub(crate) fn new(
        line: u64,
        code: Option<&KeyCode>,
        answer: &Result<Validation>,
        now: Timestamp,
        codes: Codes,
    ) -> Self {
        let shown = |code: &KeyCode| match codes {
            Codes::Masked => code.masked().to_string(),
            Codes::Whole => code.expose().to_owned(),
        };
        let verdict = match answer {
            Ok(validation) => VerdictView::new(validation, now, codes),
            Err(error) => VerdictView::without_answer(error),
        };
        Self { line, code: code.map(shown), verdict }
    }
}

impl VerdictView {
    /// No verdict: the error's kind is the reason.
    fn without_answer(error: &Error) -> Self {
        Self {
            verdict: "no_answer",
            reason: Some(error.kind().name()),
            message: Some(library_line(error, None)),
            ..Self::default()
        }
    }
}

impl Row for VerdictLine {
    const FIELDS: &'static [&'static str] = &[
        "line",
        "code",
        "verdict",
        "reason",
        "message",
        "status_word",
        "key_id",
        "status",
        "expires_at",
        "customer",
        "product",
        "activation",
    ];
    const COLUMNS: &'static [Column] = &[Column::new("LINE", 0), Column::new("VERDICT", 0)];

    fn cells(&self, look: Look) -> Vec<Cell> {
        let line = Cell::from(self.line.to_string());
        std::iter::once(line).chain(self.verdict.cells(look)).collect()
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        self.verdict.facts(look)
    }
}

#[cfg(test)]
mod tests {
    use anykey::ErrorKind;

    use super::*;

    #[test]
    fn a_failure_is_no_refusal() {
        let failed = Err(Error::new(ErrorKind::Timeout, "no answer within the deadline"));
        let line = VerdictLine::new(3, None, &failed, Timestamp::UNIX_EPOCH, Codes::Masked);
        assert_eq!((line.verdict.verdict, line.verdict.reason), ("no_answer", Some("timeout")));
        crate::view::check::assert_fields_match(&line);
    }
}

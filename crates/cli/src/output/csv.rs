use std::io;

use csv::{Writer, WriterBuilder};
use serde::Serialize;
use serde_json::Value;

use super::{Formulas, Out, Row, Sink, plain};

/// Writes the header at once, also when no row follows, and then each row.
///
/// A spreadsheet runs a cell that begins like a formula, and customers choose what their devices are called. So such a
/// text gets an apostrophe in front, which spreadsheets read as "this is text", unless [`Formulas::Kept`] is chosen.
pub(crate) struct CsvSink {
    out: Writer<Out>,
    fields: Vec<&'static str>,
    formulas: Formulas,
    has_noted: bool,
}

impl CsvSink {
    pub(crate) fn new<R: Row>(out: Out, formulas: Formulas) -> io::Result<Self> {
        Self::of_fields(out, R::FIELDS.to_vec(), formulas)
    }

    /// The columns `fields` alone.
    pub(crate) fn of_fields(out: Out, fields: Vec<&'static str>, formulas: Formulas) -> io::Result<Self> {
        let mut out = WriterBuilder::new().has_headers(false).from_writer(out);
        out.write_record(&fields).map_err(into_io)?;
        Ok(Self { out, fields, formulas, has_noted: false })
    }

    pub(crate) fn write(&mut self, row: &impl Serialize) -> io::Result<()> {
        let members = serde_json::to_value(row)?;
        let mut record = Vec::with_capacity(self.fields.len());
        for field in self.fields.clone() {
            record.push(self.text(members.get(field).unwrap_or(&Value::Null)));
        }
        self.out.write_record(record).map_err(into_io)
    }

    fn text(&mut self, value: &Value) -> String {
        let Value::String(text) = value else {
            return if value.is_null() { String::new() } else { value.to_string() };
        };
        let text = plain(text);
        if self.formulas == Formulas::Kept || !is_formula(&text) {
            return text.into_owned();
        }
        if !std::mem::replace(&mut self.has_noted, true) {
            self.formulas.note();
        }
        format!("'{text}")
    }

    pub(crate) fn close(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What a formula begins with, or what starts a program in an old spreadsheet (`|`, `%`). East Asian input methods
/// write these characters in full width, and spreadsheets take those as well.
const STARTS: [char; 17] = [
    '=', '+', '-', '@', '|', '%', '\u{2212}', '\u{fe62}', '\u{fe63}', '\u{fe66}', '\u{fe6b}', '\u{ff05}',
    '\u{ff0b}', '\u{ff0d}', '\u{ff1d}', '\u{ff20}', '\u{ff5c}',
];

/// Whether a spreadsheet takes `text` for a formula: by its first character, white space in front aside.
fn is_formula(text: &str) -> bool {
    text.trim_start().starts_with(STARTS)
}

/// The text that stands in a cell, without the apostrophe that was put in front of what looks like a formula.
pub(crate) fn without_guard(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

impl<R: Serialize> Sink<R> for CsvSink {
    fn push(&mut self, row: R) -> io::Result<()> {
        self.write(&row)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.close()
    }
}

/// Keeps the kind of the error, by which a closed pipe is known.
fn into_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_known() {
        for formula in [
            "=1+1", "+1+1", "-1+1", "@SUM(A1)", "|cmd", "%0A", " =1", "\t=1", "\r=1", "\u{a0}=1", "＝1",
            "＋1", "－1", "＠A1", "﹣1",
        ] {
            assert!(is_formula(formula), "{formula}");
        }
        for text in ["", "1-1", "a=b", "lic_1", "'=1", "****-0f0841", "é"] {
            assert!(!is_formula(text), "{text}");
        }
    }

    #[test]
    fn the_guard_is_taken_off_again() {
        for (cell, text) in [("'=1", "=1"), ("'-A-1", "-A-1"), ("'A", "'A"), ("A", "A"), ("'", "'")] {
            assert_eq!(without_guard(cell), text);
        }
    }
}

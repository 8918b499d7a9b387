//! A file of keys as rows of named texts, whatever its format.

use std::collections::HashMap;

use anykey::adapter::closest;
use serde_json::{Map, Value};

use crate::output::{Row as _, without_guard};
use crate::view::KeyView;

/// One row; fields that are empty are not in it.
#[derive(Debug)]
pub(super) struct TableRow {
    /// Where it begins in the file, from 1.
    pub(super) line: u64,
    fields: HashMap<&'static str, String>,
}

impl TableRow {
    pub(super) fn get(&self, field: &str) -> Option<&str> {
        self.fields.get(field).map(String::as_str)
    }

    fn new(line: u64, fields: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self { line, fields: fields.into_iter().filter(|(_, text)| !text.is_empty()).collect() }
    }
}

/// The rows of a CSV document with a header.
pub(super) fn of_csv(text: &str) -> Result<Vec<TableRow>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| error.to_string())?;
    let header = header.iter().map(known).collect::<Result<Vec<_>, _>>()?;
    if !header.contains(&"key") {
        return Err("its header has no column `key`".to_owned());
    }
    let rows = reader.records().map(|row| {
        let row = row.map_err(|error| error.to_string())?;
        let cells = row.iter().map(|cell| without_guard(cell).to_owned());
        Ok(TableRow::new(row.position().map_or(0, csv::Position::line), header.iter().copied().zip(cells)))
    });
    rows.collect()
}

/// The rows of a document with a JSON object on each line.
pub(super) fn of_jsonl(text: &str) -> Result<Vec<TableRow>, String> {
    let lines = text.trim_start_matches('\u{feff}').lines().zip(1_u64..);
    let lines = lines.filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(line, number)| of_object(line, number).map_err(|error| format!("line {number}: {error}")))
        .collect()
}

fn of_object(line: &str, number: u64) -> Result<TableRow, String> {
    // The parser's own words would repeat what it read.
    let members: Map<String, Value> =
        serde_json::from_str(line).map_err(|_| "it is no JSON object".to_owned())?;
    let mut fields = Vec::new();
    for (name, value) in members {
        let field = known(&name)?;
        match value {
            Value::Null => {}
            Value::String(text) => fields.push((field, text)),
            Value::Number(number) => fields.push((field, number.to_string())),
            _ => return Err(format!("`{field}` is neither a text nor a number")),
        }
    }
    Ok(TableRow::new(number, fields))
}

/// The field that is called `name`. One that is not known is not ignored: it may be a misspelled end or limit.
fn known(name: &str) -> Result<&'static str, String> {
    let fields = || KeyView::FIELDS.iter().copied();
    fields().find(|field| *field == name).ok_or_else(|| match closest(name, fields()) {
        Some(meant) => format!("there is no field `{name}`; did you mean `{meant}`?"),
        None => format!("there is no field `{name}`; known are {}", KeyView::FIELDS.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_have_the_same_rows() {
        let csv = of_csv("key,usage,customer\n'-A-1,3,\n\"B\n2\",,cus_1\n").unwrap();
        let jsonl = "{\"key\":\"-A-1\",\"usage\":3,\"customer\":null}\n\n{\"key\":\"B\\n2\",\"customer\":\"cus_1\"}\n";
        let jsonl = of_jsonl(jsonl).unwrap();
        for rows in [&csv, &jsonl] {
            let [first, second] = &rows[..] else { panic!("{rows:?}") };
            assert_eq!(
                (first.get("key"), first.get("usage"), first.get("customer")),
                (Some("-A-1"), Some("3"), None)
            );
            assert_eq!((second.get("key"), second.get("customer")), (Some("B\n2"), Some("cus_1")));
            assert_eq!(
                (first.line, second.line),
                if rows.as_ptr() == csv.as_ptr() { (2, 3) } else { (1, 3) }
            );
        }
    }

    #[test]
    fn a_misspelled_field_is_an_error() {
        assert_eq!(
            of_csv("key,expire_at\n").unwrap_err(),
            "there is no field `expire_at`; did you mean `expires_at`?"
        );
        assert!(
            of_jsonl("{\"key\":\"A\",\"limt\":1}")
                .unwrap_err()
                .starts_with("line 1: there is no field `limt`")
        );
        assert_eq!(of_csv("id\nlic_1\n").unwrap_err(), "its header has no column `key`");
        assert_eq!(of_jsonl("{\"key\":\"SECRET").unwrap_err(), "line 1: it is no JSON object");
    }
}

use std::cmp::Ordering;
use std::io;

use serde_json::{Map, Value};

use super::{Cell, Column, Look, Out, Row, Sink};
use super::{csv::CsvSink, json::JsonSink, jsonl::JsonlSink, table::TableSink};
use crate::args::Format;

type Members = Map<String, Value>;

/// Writes some fields of each row, in the order given.
pub(crate) struct SelectedSink {
    fields: Vec<&'static str>,
    inner: Box<dyn Sink<Members>>,
}

impl SelectedSink {
    pub(crate) fn new(format: Format, out: Out, look: Look, fields: Vec<&'static str>) -> io::Result<Self> {
        let inner: Box<dyn Sink<Members>> = match format {
            Format::Table => Box::new(table(out, look, fields.clone())),
            Format::Json => Box::new(JsonSink::new(out)),
            Format::Jsonl => Box::new(JsonlSink::new(out)),
            Format::Csv => Box::new(CsvSink::of_fields(out, fields.clone(), look.formulas)?),
        };
        Ok(Self { fields, inner })
    }
}

impl<R: Row> Sink<R> for SelectedSink {
    fn push(&mut self, row: R) -> io::Result<()> {
        let mut members = members(&row)?;
        let picked = self
            .fields
            .iter()
            .map(|field| ((*field).to_owned(), members.remove(*field).unwrap_or(Value::Null)));
        let picked = picked.collect();
        self.inner.push(picked)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.inner.finish()
    }
}

/// A table with all of these fields: naming the columns asks for them.
fn table(out: Out, look: Look, fields: Vec<&'static str>) -> TableSink<Members> {
    let columns = fields.iter().map(|field| Column::new(field, 0)).collect();
    TableSink::of_columns(out, look, columns, move |row: &Members| {
        fields.iter().map(|field| Cell::from(row.get(*field).map(text).unwrap_or_default())).collect()
    })
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// By which field rows are sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) field: &'static str,
    pub(crate) is_descending: bool,
}

/// Keeps all rows, and writes the first `limit` of them in order in the end.
pub(crate) struct SortedSink<R> {
    order: Order,
    limit: u64,
    inner: Box<dyn Sink<R>>,
    rows: Vec<(Value, R)>,
}

impl<R> SortedSink<R> {
    pub(crate) fn new(order: Order, limit: u64, inner: Box<dyn Sink<R>>) -> Self {
        Self { order, limit, inner, rows: Vec::new() }
    }
}

impl<R: Row> Sink<R> for SortedSink<R> {
    fn push(&mut self, row: R) -> io::Result<()> {
        let value = members(&row)?.remove(self.order.field).unwrap_or(Value::Null);
        self.rows.push((value, row));
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let is_descending = self.order.is_descending;
        self.rows.sort_by(|(a, _), (b, _)| compare(a, b, is_descending));
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        for (_, row) in self.rows.into_iter().take(limit) {
            self.inner.push(row)?;
        }
        self.inner.finish()
    }
}

/// Numbers by size, texts and times by letter; what is absent comes last in either direction.
fn compare(a: &Value, b: &Value, is_descending: bool) -> Ordering {
    let ordering = match (a, b) {
        (Value::Null, _) | (_, Value::Null) => return a.is_null().cmp(&b.is_null()),
        (Value::Number(a), Value::Number(b)) => {
            a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal)
        }
        (Value::String(a), Value::String(b)) => a.cmp(b),
        _ => a.to_string().cmp(&b.to_string()),
    };
    if is_descending { ordering.reverse() } else { ordering }
}

fn members(row: &impl Row) -> io::Result<Members> {
    match serde_json::to_value(row)? {
        Value::Object(members) => Ok(members),
        _ => Ok(Members::new()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_sorted_by_size_and_what_is_absent_comes_last() {
        let mut values = [json!(null), json!(10), json!(9)];
        values.sort_by(|a, b| compare(a, b, false));
        assert_eq!(values, [json!(9), json!(10), json!(null)]);
        values.sort_by(|a, b| compare(a, b, true));
        assert_eq!(values, [json!(10), json!(9), json!(null)]);
    }
}

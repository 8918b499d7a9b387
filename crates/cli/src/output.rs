//! How results are written: a table, JSON, JSON lines or CSV.

use std::io::{self, Write};

use serde::Serialize;

use crate::args::Format;

mod csv;
mod detail;
mod json;
mod jsonl;
mod lines;
mod plain;
mod prose;
mod row;
mod selection;
mod table;
pub(crate) mod time;

pub(crate) use csv::without_guard;
pub(crate) use plain::plain;
pub(crate) use prose::Block;
pub(crate) use row::{Cell, Column, Fact, Formulas, Look, Row, Sink, Tone};
pub(crate) use selection::{Order, SelectedSink, SortedSink};

type Out = Box<dyn Write + Send>;

/// Writes rows in `format` as they are pushed.
pub(crate) fn sink<R: Row + 'static>(format: Format, out: Out, look: Look) -> io::Result<Box<dyn Sink<R>>> {
    Ok(match format {
        Format::Table => Box::new(table::TableSink::new(out, look)),
        Format::Json => Box::new(json::JsonSink::new(out)),
        Format::Jsonl => Box::new(jsonl::JsonlSink::new(out)),
        Format::Csv => Box::new(csv::CsvSink::new::<R>(out, look.formulas)?),
    })
}

/// As [`sink`], but a table is lines that are written at once.
pub(crate) fn live_sink<R: Row + 'static>(
    format: Format,
    out: Out,
    look: Look,
) -> io::Result<Box<dyn Sink<R>>> {
    match format {
        Format::Table => Ok(Box::new(lines::LineSink::new(out, look))),
        Format::Json | Format::Jsonl | Format::Csv => sink(format, out, look),
    }
}

/// Writes the one result of a command: a table of its facts, or one document.
pub(crate) fn write_one<R: Row>(format: Format, mut out: Out, look: Look, row: &R) -> io::Result<()> {
    match format {
        Format::Table => detail::write(&mut out, &row.facts(look), look)?,
        Format::Json => json::write(&mut out, row)?,
        Format::Jsonl => jsonl::write(&mut out, row)?,
        Format::Csv => {
            let mut sink = csv::CsvSink::new::<R>(out, look.formulas)?;
            sink.write(row)?;
            return sink.close();
        }
    }
    out.flush()
}

/// Writes the one result of a command that is read as a text; as data it is one document, which may be nested.
pub(crate) fn write_prose<T: Serialize>(
    format: Format,
    mut out: Out,
    look: Look,
    document: &T,
    blocks: impl FnOnce(Look) -> Vec<Block>,
) -> io::Result<()> {
    match format {
        Format::Table => prose::write(&mut out, &blocks(look), look)?,
        Format::Jsonl => jsonl::write(&mut out, document)?,
        Format::Json | Format::Csv => json::write(&mut out, document)?,
    }
    out.flush()
}

/// Writes a few results: tables of the facts of each, or a list of documents.
pub(crate) fn write_each<R: Row + 'static>(
    format: Format,
    mut out: Out,
    look: Look,
    rows: Vec<R>,
) -> io::Result<()> {
    if format != Format::Table {
        let mut sink = sink(format, out, look)?;
        rows.into_iter().try_for_each(|row| sink.push(row))?;
        return sink.finish();
    }
    for (number, row) in rows.iter().enumerate() {
        if number > 0 {
            out.write_all(b"\n")?;
        }
        detail::write(&mut out, &row.facts(look), look)?;
    }
    out.flush()
}

/// Writes a table whose columns are known only now.
pub(crate) fn write_grid(mut out: Out, look: Look, columns: &[Column], rows: &[Vec<Cell>]) -> io::Result<()> {
    table::write(&mut out, columns, rows, look)?;
    out.flush()
}

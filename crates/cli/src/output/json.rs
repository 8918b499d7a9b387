use std::io::{self, Write};

use serde::Serialize;

use super::plain::escaped;
use super::{Out, Sink};

/// Keeps rows until the end: a document is whole or absent.
pub(crate) struct JsonSink<R> {
    out: Out,
    rows: Vec<R>,
}

impl<R> JsonSink<R> {
    pub(crate) fn new(out: Out) -> Self {
        Self { out, rows: Vec::new() }
    }
}

impl<R: Serialize + Send> Sink<R> for JsonSink<R> {
    fn push(&mut self, row: R) -> io::Result<()> {
        self.rows.push(row);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        write(&mut self.out, &self.rows)?;
        self.out.flush()
    }
}

/// Writes `value` as one indented document.
pub(crate) fn write(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let document = serde_json::to_string_pretty(value)?;
    out.write_all(escaped(&document).as_bytes())?;
    out.write_all(b"\n")
}

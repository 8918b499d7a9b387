use std::io;

use csv::{Writer, WriterBuilder};
use serde::Serialize;

use super::{Out, Row, Sink};

/// Writes the header at once, also when no row follows, and then each row.
pub(crate) struct CsvSink {
    out: Writer<Out>,
}

impl CsvSink {
    pub(crate) fn new<R: Row>(out: Out) -> io::Result<Self> {
        let mut out = WriterBuilder::new().has_headers(false).from_writer(out);
        out.write_record(R::FIELDS).map_err(into_io)?;
        Ok(Self { out })
    }

    pub(crate) fn write(&mut self, row: &impl Serialize) -> io::Result<()> {
        self.out.serialize(row).map_err(into_io)
    }

    pub(crate) fn close(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<R: Row> Sink<R> for CsvSink {
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

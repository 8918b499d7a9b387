use std::io::{self, Write};

use serde::Serialize;

use super::plain::escaped;
use super::{Out, Sink};

/// Writes each row at once, on a line of its own.
pub(crate) struct JsonlSink {
    out: Out,
}

impl JsonlSink {
    pub(crate) fn new(out: Out) -> Self {
        Self { out }
    }
}

impl<R: Serialize + Send> Sink<R> for JsonlSink {
    fn push(&mut self, row: R) -> io::Result<()> {
        write(&mut self.out, &row)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes `value` on one line.
pub(crate) fn write(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let document = serde_json::to_string(value)?;
    out.write_all(escaped(&document).as_bytes())?;
    out.write_all(b"\n")
}

use std::io::{self, Write};

use anykey::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

/// One result: what it is as data (`Serialize`, flat) and how it looks in a table.
pub(crate) trait Row: Serialize + Send + Sync {
    /// The fields as data, in the order of `Serialize`: CSV's header.
    const FIELDS: &'static [&'static str];
    /// The columns of a listing.
    const COLUMNS: &'static [Column];

    /// One cell for each of the columns.
    fn cells(&self, look: Look) -> Vec<Cell>;

    /// Everything that is known, for showing it alone.
    fn facts(&self, look: Look) -> Vec<Fact>;
}

/// A column of a listing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    /// Columns of higher rank give way first when the terminal is narrow; those of rank 0 never do.
    pub(crate) rank: u8,
}

impl Column {
    pub(crate) const fn new(title: &'static str, rank: u8) -> Self {
        Self { title, rank }
    }
}

/// Text with a meaning that color shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) tone: Tone,
}

/// What color says about a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Good,
    Warning,
    Bad,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(text, Tone::Plain)
    }
}

/// One line of a result shown alone.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub(crate) name: &'static str,
    pub(crate) cell: Cell,
}

impl Fact {
    pub(crate) fn new(name: &'static str, cell: impl Into<Cell>) -> Self {
        Self { name, cell: cell.into() }
    }
}

/// Where rows go.
pub(crate) trait Sink<R>: Send {
    /// Takes one more row.
    fn push(&mut self, row: R) -> io::Result<()>;

    /// Writes out what can be written already.
    fn flush(&mut self) -> io::Result<()>;

    /// Writes the end.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// How tables look here and now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// What relative times count from; `None` leaves them out.
    pub(crate) now: Option<Timestamp>,
    /// The time zone of the terminal; `None` writes UTC.
    pub(crate) zone: Option<&'static TimeZone>,
    /// How many characters fit on a line; `None` is any number.
    pub(crate) width: Option<u16>,
    pub(crate) colored: bool,
    /// Whether to say on stderr which columns were left out.
    pub(crate) notes: bool,
    /// What becomes of a text in CSV that begins like a formula.
    pub(crate) formulas: Formulas,
}

/// What becomes of a text in CSV that a spreadsheet would run as a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Formulas {
    /// It gets an apostrophe in front.
    Harmless {
        /// Whether the first one is noted on stderr.
        notes: bool,
    },
    /// It stays as it is, for programs that read CSV.
    Kept,
}

impl Formulas {
    /// Says that a text was changed and how to have it otherwise.
    pub(super) fn note(self) {
        if self == (Self::Harmless { notes: true }) {
            let _nobody_is_left_to_read = writeln!(
                io::stderr(),
                "note: values that begin like a formula are written with an apostrophe in front; --csv-raw leaves \
                 them as they are"
            );
        }
    }
}

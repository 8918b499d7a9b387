use std::borrow::Cow;
use std::io;

use console::{Style, measure_text_width};

use super::{Cell, Look, Out, Row, Sink, Tone, plain};

/// Writes each row at once, on a line of its own; a column is as wide as its widest cell so far.
pub(crate) struct LineSink {
    out: Out,
    look: Look,
    widths: Vec<usize>,
}

impl LineSink {
    /// Times are absolute: a line stays while its distance grows.
    pub(crate) fn new(out: Out, look: Look) -> Self {
        Self { out, look: Look { now: None, ..look }, widths: Vec::new() }
    }

    fn widen(&mut self, cells: &[Cell]) {
        self.widths.resize(cells.len().max(self.widths.len()), 0);
        for (cell, width) in cells.iter().zip(&mut self.widths) {
            *width = measure_text_width(&shown(cell)).max(*width);
        }
    }

    fn write(&mut self, cells: &[Cell]) -> io::Result<()> {
        let mut line = String::new();
        let mut padding = 0;
        for (cell, width) in cells.iter().zip(&self.widths) {
            let text = shown(cell);
            line.extend(std::iter::repeat_n(' ', padding));
            padding = width.saturating_sub(measure_text_width(&text)).saturating_add(2);
            line.push_str(&style(cell.tone, self.look).apply_to(text).to_string());
        }
        line.push('\n');
        self.out.write_all(line.as_bytes())
    }
}

impl<R: Row> Sink<R> for LineSink {
    fn push(&mut self, row: R) -> io::Result<()> {
        let cells = row.cells(self.look);
        let is_first = self.widths.is_empty();
        self.widen(&cells);
        if is_first {
            let titles: Vec<Cell> = R::COLUMNS.iter().map(|column| column.title.into()).collect();
            self.widen(&titles);
            self.write(&titles)?;
        }
        self.write(&cells)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// An empty cell is a dash, so that the words of a line can be counted.
fn shown(cell: &Cell) -> Cow<'_, str> {
    if cell.text.is_empty() { Cow::Borrowed("-") } else { plain(&cell.text) }
}

fn style(tone: Tone, look: Look) -> Style {
    let style = Style::new().force_styling(look.colored);
    match tone {
        Tone::Plain => style,
        Tone::Good => style.green(),
        Tone::Warning => style.yellow(),
        Tone::Bad => style.red(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde::Serialize;

    use super::*;
    use crate::output::Formulas;
    use crate::output::{Column, Fact};

    #[derive(Serialize)]
    struct Pair(&'static str, &'static str);

    impl Row for Pair {
        const FIELDS: &'static [&'static str] = &["id", "note"];
        const COLUMNS: &'static [Column] = &[Column::new("ID", 0), Column::new("NOTE", 1)];

        fn cells(&self, _: Look) -> Vec<Cell> {
            vec![self.0.into(), Cell::new(self.1, Tone::Bad)]
        }

        fn facts(&self, _: Look) -> Vec<Fact> {
            Vec::new()
        }
    }

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines(rows: impl IntoIterator<Item = Pair>, colored: bool) -> String {
        let screen = Screen::default();
        let look =
            Look { now: None, zone: None, width: None, colored, notes: false, formulas: Formulas::Kept };
        let mut sink = LineSink::new(Box::new(screen.clone()), look);
        for row in rows {
            sink.push(row).unwrap();
        }
        let bytes = screen.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_header_fits_the_first_row_and_columns_only_widen() {
        let rows = [Pair("aaaa", "b"), Pair("aaaaaa", ""), Pair("", "b\u{1b}[2J\nc")];
        assert_eq!(lines(rows, false), "ID    NOTE\naaaa  b\naaaaaa  -\n-       b [2J c\n");
    }

    #[test]
    fn color_takes_no_room() {
        assert_eq!(lines([Pair("a", "b")], true), "ID  NOTE\na   \u{1b}[31mb\u{1b}[0m\n");
    }
}

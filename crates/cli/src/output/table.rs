use std::borrow::Cow;
use std::io::{self, Write};

use comfy_table::{
    Attribute, Cell as TableCell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets,
};
use console::measure_text_width;

use super::{Cell, Column, Look, Out, Row, Sink, Tone, plain};

/// The cells of a row.
type Cells<R> = Box<dyn Fn(&R) -> Vec<Cell> + Send>;

/// Keeps rows until all column widths are known.
pub(crate) struct TableSink<R> {
    out: Out,
    look: Look,
    columns: Vec<Column>,
    cells: Cells<R>,
    rows: Vec<Vec<Cell>>,
}

impl<R> TableSink<R> {
    /// The columns of `R` itself.
    pub(crate) fn new(out: Out, look: Look) -> Self
    where
        R: Row,
    {
        Self::of_columns(out, look, R::COLUMNS.to_vec(), move |row| row.cells(look))
    }

    /// These columns, of which `cells` makes a row.
    pub(crate) fn of_columns(
        out: Out,
        look: Look,
        columns: Vec<Column>,
        cells: impl Fn(&R) -> Vec<Cell> + Send + 'static,
    ) -> Self {
        Self { out, look, columns, cells: Box::new(cells), rows: Vec::new() }
    }
}

impl<R> Sink<R> for TableSink<R> {
    fn push(&mut self, row: R) -> io::Result<()> {
        self.rows.push((self.cells)(&row));
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        write(&mut self.out, &self.columns, &self.rows, self.look)?;
        self.out.flush()
    }
}

/// Writes the table, and on stderr which columns did not fit.
pub(super) fn write(
    out: &mut dyn Write,
    columns: &[Column],
    rows: &[Vec<Cell>],
    look: Look,
) -> io::Result<()> {
    let (text, left_out) = render(columns, rows, look);
    out.write_all(text.as_bytes())?;
    if look.notes && !left_out.is_empty() {
        let names = left_out.join(", ");
        let _nobody_is_left_to_read =
            writeln!(io::stderr(), "note: {names} did not fit this terminal; widen it or use --json");
    }
    Ok(())
}

/// The table's text, and the titles of the columns that had to give way.
fn render(columns: &[Column], rows: &[Vec<Cell>], look: Look) -> (String, Vec<&'static str>) {
    let mut shown: Vec<usize> = (0..columns.len()).collect();
    let mut left_out = Vec::new();
    loop {
        let mut table = build(columns, rows, &shown, look);
        let natural: u16 = natural_width(&mut table);
        let too_wide = look.width.is_some_and(|width| natural > width);
        let rank = |index: &usize| columns.get(*index).map_or(0, |column| column.rank);
        match shown.iter().copied().max_by_key(rank).filter(|index| too_wide && rank(index) > 0) {
            Some(widest_rank) => {
                shown.retain(|index| *index != widest_rank);
                left_out.extend(columns.get(widest_rank).map(|column| column.title));
            }
            None => {
                left_out.reverse();
                return (text_of(&table), left_out);
            }
        }
    }
}

fn build(columns: &[Column], rows: &[Vec<Cell>], shown: &[usize], look: Look) -> Table {
    let mut table = bare(look);
    let titles = shown.iter().filter_map(|index| columns.get(*index));
    table.set_header(titles.map(|column| styled(TableCell::new(column.title), look, Attribute::Bold)));
    for row in rows {
        let cells = shown.iter().filter_map(|index| row.get(*index));
        table.add_row(cells.map(|cell| table_cell(cell, look)));
    }
    let longest = |index: &usize| {
        let title = columns.get(*index).map_or(0, |column| longest_word(column.title));
        let cells = rows.iter().filter_map(|row| row.get(*index));
        cells.map(|cell| longest_word(&cell.text)).fold(title, usize::max)
    };
    keep_words_whole(&mut table, shown.iter().map(longest));
    table
}

/// A table without lines, as wide as the terminal at most.
pub(super) fn bare(look: Look) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    match look.width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    if look.colored {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table
}

pub(super) fn table_cell(cell: &Cell, look: Look) -> TableCell {
    let table_cell = TableCell::new(shown(&cell.text));
    match cell.tone {
        _ if !look.colored => table_cell,
        Tone::Plain => table_cell,
        Tone::Good => table_cell.fg(Color::Green),
        Tone::Warning => table_cell.fg(Color::Yellow),
        Tone::Bad => table_cell.fg(Color::Red),
    }
}

/// Sets the columns' padding, and lets none be narrower than its longest word: an id that is broken in two cannot be
/// copied. A line may then be longer than the terminal, which wraps it without adding to it.
pub(super) fn keep_words_whole(table: &mut Table, longest_words: impl Iterator<Item = usize>) {
    for (column, longest) in table.column_iter_mut().zip(longest_words) {
        // All of it to the right, since styles cover a cell together with its padding.
        column.set_padding((0, PADDING));
        let width = u16::try_from(longest).unwrap_or(u16::MAX).saturating_add(PADDING);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
    }
}

/// How many columns of a terminal the longest word of `text` takes.
pub(super) fn longest_word(text: &str) -> usize {
    shown(text).split(' ').map(measure_text_width).max().unwrap_or_default()
}

/// `text` without control characters, and cut where it is longer than a table of `comfy_table` can show, whose widths
/// have 16 bits. `--json` has all of it.
fn shown(text: &str) -> Cow<'_, str> {
    let text = plain(text);
    match text.char_indices().nth(LONGEST_CELL) {
        Some(_) => Cow::Owned(text.chars().take(LONGEST_CELL).chain(['…']).collect()),
        None => text,
    }
}

/// The lines without the padding at their ends.
pub(super) fn text_of(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn styled(cell: TableCell, look: Look, attribute: Attribute) -> TableCell {
    if look.colored { cell.add_attribute(attribute) } else { cell }
}

/// Between two columns.
const PADDING: u16 = 2;

/// How many characters of a cell are shown: each may be two columns wide.
const LONGEST_CELL: usize = 10_000;

fn natural_width(table: &mut Table) -> u16 {
    let widths = table.column_max_content_widths();
    widths.into_iter().fold(0, |sum: u16, width| sum.saturating_add(width).saturating_add(PADDING))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Formulas;

    const COLUMNS: &[Column] = &[Column::new("ID", 0), Column::new("LABEL", 1), Column::new("NOTE", 2)];

    fn look(width: Option<u16>, colored: bool) -> Look {
        Look { now: None, zone: None, width, colored, notes: false, formulas: Formulas::Kept }
    }

    fn row(cells: [&str; 3]) -> Vec<Cell> {
        cells.map(Cell::from).into()
    }

    #[test]
    fn columns_are_aligned_and_lines_end_where_their_text_does() {
        let rows = [row(["a", "bb", "c"]), row(["aaa", "b", ""])];
        let (text, left_out) = render(COLUMNS, &rows, look(None, false));
        assert_eq!(text, "ID   LABEL  NOTE\na    bb     c\naaa  b\n");
        assert!(left_out.is_empty());
    }

    #[test]
    fn the_least_important_columns_give_way_first_and_the_last_one_wraps() {
        let rows = [row(["0123456789", "label", "note"])];
        let (text, left_out) = render(COLUMNS, &rows, look(Some(20), false));
        assert_eq!((text.as_str(), left_out), ("ID          LABEL\n0123456789  label\n", vec!["NOTE"]));
        let two_words = [row(["01234 56789", "label", "note"])];
        let (text, left_out) = render(COLUMNS, &two_words, look(Some(8), false));
        assert_eq!((text.as_str(), left_out), ("ID\n01234\n56789\n", vec!["LABEL", "NOTE"]));
    }

    #[test]
    fn an_id_is_never_broken_however_narrow_the_terminal() {
        for colored in [false, true] {
            for width in 1..40 {
                let rows = [row(["lic_f7PONdquEgO9lRC3e9ilY", "a-label", "note"])];
                let (text, _) = render(COLUMNS, &rows, look(Some(width), colored));
                assert!(text.contains("lic_f7PONdquEgO9lRC3e9ilY"), "{width}: {text}");
            }
        }
    }

    #[test]
    fn a_text_of_any_length_is_shown() {
        for letter in ["x", "\u{6f22}"] {
            let long = letter.repeat(100_000);
            let rows = [row([&long, &long, &long])];
            for width in [None, Some(80)] {
                let (text, _) = render(COLUMNS, &rows, look(width, false));
                let cut = format!("{}…", letter.repeat(10_000));
                assert!(text.lines().any(|line| line.starts_with(&cut)), "{} bytes", text.len());
            }
        }
    }

    #[test]
    fn headers_stand_above_their_columns_in_color_too() {
        let rows = [
            vec![Cell::new("aaa", Tone::Bad), Cell::new("b", Tone::Good), "c".into()],
            vec!["a".into(), Cell::new("bb", Tone::Warning), Cell::new("cc", Tone::Good)],
        ];
        for width in [None, Some(40)] {
            let (plain, _) = render(COLUMNS, &rows, look(width, false));
            let (colored, _) = render(COLUMNS, &rows, look(width, true));
            let uncolored = console::strip_ansi_codes(&colored).into_owned();
            let lines: Vec<_> = uncolored.lines().map(str::trim_end).collect();
            assert_eq!(lines, plain.lines().collect::<Vec<_>>());
            assert_eq!(lines, ["ID   LABEL  NOTE", "aaa  b      c", "a    bb     cc"]);
        }
    }

    #[test]
    fn color_is_for_those_who_want_it_and_control_characters_for_nobody() {
        let rows = [vec![Cell::new("a\u{1b}[2J", Tone::Bad), "b".into(), "c".into()]];
        let (plain, _) = render(COLUMNS, &rows, look(None, false));
        assert!(!plain.contains('\u{1b}'), "{plain:?}");
        let (colored, _) = render(COLUMNS, &rows, look(None, true));
        assert!(colored.contains("\u{1b}[38;5;9m") && !colored.contains("\u{1b}[2J"), "{colored:?}");
    }
}

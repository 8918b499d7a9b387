use std::io::{self, Write};

use comfy_table::{Attribute, Cell as TableCell, Color, ContentArrangement, Table, presets};

use super::{Cell, Column, Look, Out, Row, Sink, Tone, plain};

/// Keeps rows until all column widths are known.
pub(crate) struct TableSink<R> {
    out: Out,
    look: Look,
    rows: Vec<R>,
}

impl<R> TableSink<R> {
    pub(crate) fn new(out: Out, look: Look) -> Self {
        Self { out, look, rows: Vec::new() }
    }
}

impl<R: Row> Sink<R> for TableSink<R> {
    fn push(&mut self, row: R) -> io::Result<()> {
        self.rows.push(row);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let cells: Vec<_> = self.rows.iter().map(|row| row.cells(self.look)).collect();
        write(&mut self.out, R::COLUMNS, &cells, self.look)?;
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
        let _nobody_left_to_tell =
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
    let table_cell = TableCell::new(plain(&cell.text));
    match cell.tone {
        _ if !look.colored => table_cell,
        Tone::Plain => table_cell,
        Tone::Good => table_cell.fg(Color::Green),
        Tone::Warning => table_cell.fg(Color::Yellow),
        Tone::Bad => table_cell.fg(Color::Red),
    }
}

/// The lines without the padding at both ends.
pub(super) fn text_of(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        let line = line.strip_prefix(' ').unwrap_or(&line);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn styled(cell: TableCell, look: Look, attribute: Attribute) -> TableCell {
    if look.colored { cell.add_attribute(attribute) } else { cell }
}

fn natural_width(table: &mut Table) -> u16 {
    const PADDING: u16 = 2;
    let widths = table.column_max_content_widths();
    widths.into_iter().fold(0, |sum: u16, width| sum.saturating_add(width).saturating_add(PADDING))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[Column::new("ID", 0), Column::new("LABEL", 1), Column::new("NOTE", 2)];

    fn look(width: Option<u16>, colored: bool) -> Look {
        Look { now: None, width, colored, notes: false }
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
        let (text, left_out) = render(COLUMNS, &rows, look(Some(8), false));
        assert_eq!(left_out, ["LABEL", "NOTE"]);
        assert!(text.lines().all(|line| line.chars().count() <= 8) && text.lines().count() > 2, "{text}");
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

use std::io::{self, Write};

use super::table::{bare, keep_words_whole, longest_word, table_cell, text_of};
use super::{Cell, Fact, Look, detail, plain};

/// A part of a result that is read like a text.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// A paragraph.
    Paragraph(Cell),
    /// Lines of name and value.
    Facts(Vec<Fact>),
    /// An item of a list, and the command that does it. A command is never wrapped, so that it can be copied.
    Item(String, Option<String>),
    /// An empty line.
    Gap,
}

/// Writes the blocks one below the other, wrapped to the terminal.
pub(crate) fn write(out: &mut dyn Write, blocks: &[Block], look: Look) -> io::Result<()> {
    for block in blocks {
        match block {
            Block::Paragraph(cell) => write_row(out, &[cell], look)?,
            Block::Facts(facts) => detail::write(out, facts, look)?,
            Block::Item(text, command) => {
                write_row(out, &[&"-".into(), &text.as_str().into()], look)?;
                if let Some(command) = command {
                    writeln!(out, "     {}", plain(command))?;
                }
            }
            Block::Gap => out.write_all(b"\n")?,
        }
    }
    out.flush()
}

fn write_row(out: &mut dyn Write, cells: &[&Cell], look: Look) -> io::Result<()> {
    let mut table = bare(look);
    table.add_row(cells.iter().map(|cell| table_cell(cell, look)));
    keep_words_whole(&mut table, cells.iter().map(|cell| longest_word(&cell.text)));
    out.write_all(text_of(&table).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Formulas;

    #[test]
    fn text_is_wrapped_and_a_command_is_not() {
        let look = Look {
            now: None,
            zone: None,
            width: Some(16),
            colored: false,
            notes: false,
            formulas: Formulas::Kept,
        };
        let blocks = [
            Block::Paragraph("one two three four".into()),
            Block::Gap,
            Block::Item("do this at once".to_owned(), Some("anykey keys enable lic_1".to_owned())),
        ];
        let mut out = Vec::new();
        write(&mut out, &blocks, look).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "one two three\nfour\n\n-  do this at\n   once\n     anykey keys enable lic_1\n");
    }
}

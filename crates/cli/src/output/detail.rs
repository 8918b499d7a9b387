use std::io::{self, Write};

use super::table::{bare, keep_words_whole, longest_word, table_cell, text_of};
use super::{Cell, Fact, Look};

/// Writes one result as lines of name and value.
pub(crate) fn write(out: &mut dyn Write, facts: &[Fact], look: Look) -> io::Result<()> {
    let mut table = bare(look);
    for fact in facts {
        let name = Cell::from(format!("{}:", fact.name));
        table.add_row([table_cell(&name, look), table_cell(&fact.cell, look)]);
    }
    let names = facts.iter().map(|fact| fact.name.len().saturating_add(1));
    let values = facts.iter().map(|fact| longest_word(&fact.cell.text));
    let longest = [names.max(), values.max()].map(Option::unwrap_or_default);
    keep_words_whole(&mut table, longest.into_iter());
    out.write_all(text_of(&table).as_bytes())
}

use std::io::{self, Write};

use super::table::{bare, table_cell, text_of};
use super::{Cell, Fact, Look};

/// Writes one result as lines of name and value.
pub(crate) fn write(out: &mut dyn Write, facts: &[Fact], look: Look) -> io::Result<()> {
    let mut table = bare(look);
    for fact in facts {
        let name = Cell::from(format!("{}:", fact.name));
        table.add_row([table_cell(&name, look), table_cell(&fact.cell, look)]);
    }
    out.write_all(text_of(&table).as_bytes())
}

use std::io::{self, IsTerminal};

use clap::ColorChoice;

/// What stands at the other ends of stdin, stdout and stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terminal {
    /// Somebody can answer a question.
    pub(crate) can_ask: bool,
    /// Results go to a screen.
    pub(crate) shows_results: bool,
    /// Notes and progress go to a screen.
    pub(crate) shows_notes: bool,
    /// How many characters a line of results may have; `None` when it is no screen.
    pub(crate) width: Option<u16>,
    /// Results are colored.
    pub(crate) colored: bool,
}

impl Terminal {
    /// Looks at this process' streams.
    pub(crate) fn detect(color: ColorChoice) -> Self {
        let shows_results = io::stdout().is_terminal();
        let shows_notes = io::stderr().is_terminal();
        let width = console::Term::stdout().size_checked().map(|(_rows, columns)| columns);
        Self {
            can_ask: io::stdin().is_terminal() && shows_notes,
            shows_results,
            shows_notes,
            width: width.filter(|_| shows_results),
            colored: match color {
                ColorChoice::Always => true,
                ColorChoice::Never => false,
                ColorChoice::Auto => {
                    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
                }
            },
        }
    }
}

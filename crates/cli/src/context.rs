use std::io::{self, BufWriter, Write};
use std::sync::{Arc, OnceLock};

use anykey::{Clock, Registry, Timestamp};
use serde::Serialize;

use crate::args::{Format, GlobalArgs};
use crate::failure::Failure;
use crate::output::time::local_zone;
use crate::output::{
    self, Block, Cell, Column, Formulas, Look, Order, Row, SelectedSink, Sink, SortedSink, plain,
};
use crate::progress::Progress;
use crate::target::Target;
use crate::terminal::Terminal;
use crate::view::Codes;

/// What every command works with: the global options, the terminal, the time, the chosen provider.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) global: GlobalArgs,
    pub(crate) terminal: Terminal,
    /// When the command began.
    pub(crate) now: Timestamp,
    pub(crate) clock: Clock,
    /// The vendors that a configuration may choose.
    pub(crate) registry: Registry,
    progress: OnceLock<Arc<Progress>>,
    target_name: OnceLock<String>,
}

impl Context {
    pub(crate) fn new(global: GlobalArgs, registry: Registry) -> Self {
        let terminal = Terminal::detect(global.color);
        let clock = clock();
        Self {
            global,
            terminal,
            now: clock.now(),
            clock,
            registry,
            progress: OnceLock::new(),
            target_name: OnceLock::new(),
        }
    }

    /// The provider that the command is for, with what the environment overrides.
    pub(crate) fn target(&self) -> Result<Target, Failure> {
        let target = Target::choose(&self.global, &self.registry)?;
        self.name_target(&target);
        Ok(target)
    }

    /// Lets errors name `target`, unless another was named before.
    pub(crate) fn name_target(&self, target: &Target) {
        self.target_name.get_or_init(|| target.to_string());
    }

    /// The provider that the command is for, once it is known: errors name it.
    pub(crate) fn target_name(&self) -> Option<&str> {
        self.target_name.get().map(String::as_str)
    }

    pub(crate) const fn format(&self) -> Format {
        self.global.format.choice()
    }

    pub(crate) const fn codes(&self) -> Codes {
        if self.global.show_keys { Codes::Whole } else { Codes::Masked }
    }

    /// Writes the one result of a command.
    pub(crate) fn print(&self, row: &impl Row) -> Result<(), Failure> {
        Ok(output::write_one(self.format(), stdout(), self.look(), row)?)
    }

    /// Writes results as they come.
    pub(crate) fn sink<R: Row + 'static>(&self) -> Result<Box<dyn Sink<R>>, Failure> {
        Ok(output::sink(self.format(), stdout(), self.look())?)
    }

    /// Writes results as they come: only `fields` of each unless that is empty, and in `order`, where the first `limit`
    /// count.
    pub(crate) fn sink_of<R: Row + 'static>(
        &self,
        fields: &[&'static str],
        order: Option<&Order>,
        limit: u64,
    ) -> Result<Box<dyn Sink<R>>, Failure> {
        let inner: Box<dyn Sink<R>> = match fields {
            [] => self.sink()?,
            fields => Box::new(SelectedSink::new(self.format(), stdout(), self.look(), fields.to_vec())?),
        };
        Ok(match order {
            None => inner,
            Some(order) => Box::new(SortedSink::new(order.clone(), limit, inner)),
        })
    }

    /// Writes results at once, for a command that runs until it is stopped: a line for each.
    pub(crate) fn live_sink<R: Row + 'static>(&self) -> Result<Box<dyn Sink<R>>, Failure> {
        Ok(output::live_sink(self.format(), stdout(), self.look())?)
    }

    /// Writes results as they come, as one line of JSON each unless another format is asked for.
    pub(crate) fn line_sink<R: Row + 'static>(&self) -> Result<Box<dyn Sink<R>>, Failure> {
        let format = match self.format() {
            Format::Table => Format::Jsonl,
            chosen => chosen,
        };
        Ok(output::sink(format, stdout(), self.look())?)
    }

    /// Writes results that were all waited for: each with all its facts.
    pub(crate) fn print_each<R: Row + 'static>(&self, rows: Vec<R>) -> Result<(), Failure> {
        Ok(output::write_each(self.format(), stdout(), self.look(), rows)?)
    }

    /// Writes a result that is read as a text: its blocks, or `document` as data.
    pub(crate) fn print_prose(
        &self,
        document: &impl Serialize,
        blocks: impl FnOnce(Look) -> Vec<Block>,
    ) -> Result<(), Failure> {
        Ok(output::write_prose(self.format(), stdout(), self.look(), document, blocks)?)
    }

    /// Writes a table whose columns are known only now.
    pub(crate) fn print_grid(&self, columns: &[Column], rows: &[Vec<Cell>]) -> Result<(), Failure> {
        Ok(output::write_grid(stdout(), self.look(), columns, rows)?)
    }

    /// Writes what is a result by itself.
    pub(crate) fn print_bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = stdout();
        out.write_all(bytes)?;
        Ok(out.flush()?)
    }

    /// Prints a note on stderr, unless notes are off.
    pub(crate) fn note(&self, text: &str) {
        if !self.global.quiet {
            self.print_line("note", text);
        }
    }

    /// Prints one line on stderr that no option silences.
    pub(crate) fn print_line(&self, what: &str, text: &str) {
        let _nobody_is_left_to_read = writeln!(io::stderr(), "{what}: {}", plain(text));
    }

    /// Progress of a listing; shown when stderr is a terminal that rows do not run over.
    pub(crate) fn progress(&self) -> Arc<Progress> {
        Arc::clone(self.progress.get_or_init(|| {
            let rows_on_screen = self.terminal.shows_results && self.format().streams();
            let wanted = self.terminal.shows_notes && !rows_on_screen && !self.global.quiet;
            Arc::new(if wanted { Progress::on_stderr() } else { Progress::hidden() })
        }))
    }

    /// Clears the progress from the screen.
    pub(crate) fn stop_progress(&self) {
        if let Some(progress) = self.progress.get() {
            progress.clear();
        }
    }

    fn look(&self) -> Look {
        Look {
            now: self.terminal.shows_results.then_some(self.now),
            zone: self.terminal.shows_results.then(local_zone),
            width: self.terminal.width,
            colored: self.terminal.colored,
            notes: !self.global.quiet,
            formulas: if self.global.csv_raw {
                Formulas::Kept
            } else {
                Formulas::Harmless { notes: !self.global.quiet }
            },
        }
    }
}

fn stdout() -> Box<dyn Write + Send> {
    Box::new(BufWriter::new(io::stdout()))
}

/// The present.
pub(crate) fn now() -> Timestamp {
    clock().now()
}

/// The present; this command's own tests set it, to match the clock of the simulators.
fn clock() -> Clock {
    let set: Option<Timestamp> = std::env::var("__ANYKEY_TEST_NOW").ok().and_then(|now| now.parse().ok());
    Clock::new(move || set.unwrap_or_else(Timestamp::now))
}

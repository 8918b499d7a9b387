//! `anykey migrate`.

use std::path::Path;
use std::sync::Arc;

use anykey::adapter::ErrorExt as _;
use anykey::migrate::{Journal, Mapping, MigrateError, Migration};
use anykey::{Error, ErrorKind, LicenseProvider};

use crate::args::{Ends, MigrateCommand};
use crate::config::load;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;

mod bar;
mod journal;
mod on_first_use;
mod plan;
mod run;
mod verify;
mod view;

pub(super) use run::Run;

pub(super) async fn run(context: &Context, command: MigrateCommand) -> Result<Exit, Failure> {
    match command {
        MigrateCommand::Plan(args) if args.on_first_use => on_first_use::run(context, &args).await,
        MigrateCommand::Plan(args) => plan::run(context, &args.ends).await,
        MigrateCommand::Run(args) => run::run(context, &args).await,
        MigrateCommand::Verify(ends) => verify::run(context, &ends).await,
        MigrateCommand::Report(args) => journal::report(context, &args).await,
        MigrateCommand::Undo(args) => journal::undo(context, &args).await,
        MigrateCommand::Forget(args) => journal::forget(context, &args).await,
    }
}

/// Both ends of a migration, opened. Nothing is sent.
struct Opened {
    migration: Migration,
    target: Target,
}

impl Opened {
    fn new(context: &Context, ends: &Ends) -> Result<Self, Failure> {
        let mapping = mapping(&ends.map)?;
        let (_, source) = open(context, &ends.from)?;
        let (target, opened) = open(context, &ends.to)?;
        let mut migration = Migration::new(source, opened, mapping, context.clock.clone());
        for filter in &ends.only {
            migration = migration.only(filter.clone());
        }
        migration.check()?;
        Ok(Self { migration, target })
    }
}

fn open(context: &Context, name: &str) -> Result<(Target, Arc<dyn LicenseProvider>), Failure> {
    let loaded = load(context.global.config.as_deref())?;
    let target = Target::of(&loaded, name, false, &context.registry)?;
    let opened = target.open()?;
    Ok((target, opened))
}

/// The mapping in `files`, of which at most one is TOML.
pub(super) fn mapping(files: &[impl AsRef<Path>]) -> Result<Mapping, Failure> {
    let mut mapping = Mapping::default();
    let is_csv = |file: &Path| file.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    let mut has_toml = false;
    let (tables, options): (Vec<&Path>, Vec<&Path>) =
        files.iter().map(AsRef::as_ref).partition(|file| is_csv(file));
    for file in options.into_iter().chain(tables) {
        let failed = |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", file.display()));
        if is_csv(file) {
            let table = std::fs::File::open(file).map_err(|error| failed(&error))?;
            mapping.add_csv(table).map_err(|error| failed(&error))?;
        } else if has_toml {
            return Err(failed(&"a mapping has one TOML file; put further rows into CSV files"));
        } else {
            let text = std::fs::read_to_string(file).map_err(|error| failed(&error))?;
            mapping = Mapping::from_toml(&text).map_err(|error| failed(&error))?;
            has_toml = true;
        }
    }
    Ok(mapping)
}

/// The journal at `path` if there is one; otherwise one in memory, so that none is created.
async fn journal_to_read(path: &Path) -> Result<Journal, Failure> {
    Ok(if path.exists() { Journal::open(path).await? } else { Journal::in_memory().await? })
}

impl From<MigrateError> for Failure {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Provider(error) => Self::Library(error),
            MigrateError::Impossible(message) => {
                let error = Error::new(ErrorKind::Unsupported, message);
                Self::Library(error.with_hint("nothing was written"))
            }
            MigrateError::Output(error) => Self::Output(error),
            error => Self::Usage(match std::error::Error::source(&error) {
                Some(cause) => format!("{error}: {cause}"),
                None => error.to_string(),
            }),
        }
    }
}

//! `keys import`: the keys of a file, created as a migration from it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anykey::LicenseProvider;
use anykey::migrate::{Mapping, Migration};

use crate::args::{ChangeArgs, ImportArgs};
use crate::commands::migrate::{self, Run};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::shell_command::shell_command;

mod file_keys;
mod row;
mod table;

use file_keys::FileKeys;

pub(super) async fn run(context: &Context, args: ImportArgs) -> Result<Exit, Failure> {
    let source = FileKeys::read(&args.file)?;
    let mapping = with_the_rest(migrate::mapping(&args.map)?, &source);
    let target = context.target()?;
    let opened = target.open()?;
    let (from, all) = (source.name().to_owned(), source.keys().len());
    let migration = Migration::new(Arc::new(source), opened, mapping, context.clock.clone());
    migration.check()?;
    let journal = args.journal.unwrap_or_else(|| beside(&args.file));
    let change = ChangeArgs { dry_run: args.dry_run, yes: args.yes };
    let to = target.name.clone();
    let run = Run { migration, target, from: &from, journal: &journal, limit: args.limit };
    let Some(outcome) = run.execute(context, change).await? else { return Ok(Exit::Done) };
    let there = outcome.created + outcome.finished + outcome.done + outcome.already_there;
    context.print_line("result", &format!("{there} of {all} keys are there"));
    let journal = journal.display().to_string();
    let command = |words: &[&str]| shell_command(context.global.config.as_deref(), words.iter().copied());
    context.note(&format!(
        "`{}` shows each, `{}` switches off what was created",
        command(&["migrate", "report", "--journal", &journal]),
        command(&["migrate", "undo", "--to", &to, "--journal", &journal])
    ));
    // What a limit leaves is no failure.
    let is_whole = outcome.conflicts + outcome.skipped + outcome.rejected + outcome.unfinished == 0;
    Ok(if is_whole { Exit::Done } else { Exit::Refused })
}

/// The mapping with every other product and customer of the file as the id that it is.
fn with_the_rest(mut mapping: Mapping, source: &FileKeys) -> Mapping {
    for key in source.keys() {
        if let Some(product) = key.product.as_ref().filter(|_| mapping.default_product.is_none()) {
            mapping.products.entry(product.as_str().into()).or_insert_with(|| product.clone());
        }
        if let Some(customer) = key.customer.as_ref().filter(|_| mapping.default_customer.is_none()) {
            mapping.customers.entry(customer.as_str().into()).or_insert_with(|| customer.clone());
        }
    }
    mapping.allow_no_customer = true;
    mapping
}

/// `FILE.journal`.
fn beside(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".journal");
    PathBuf::from(name)
}

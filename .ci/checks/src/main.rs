//! Checks of the workspace as a whole: `cargo run -p anykey-checks -- <check>`.
//!
//! They ask cargo about packages that a build does not need, so they are steps of `.ci/run` and no tests.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod circles;
mod dependencies;
mod faults;
mod features;
mod links;
mod packages;
mod vendor_names;
mod workspace;

use std::process::ExitCode;

use cargo_metadata::Package;
use faults::Faults;
use workspace::Workspace;

/// What a check returns: its own failure, or the faults that it found.
type Result<T = Faults> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A check of the workspace, with the arguments that follow its name.
type Check = fn(&Workspace, &[String]) -> Result;

const CHECKS: [(&str, Check); 7] = [
    ("circles", |workspace, _| circles::check(workspace)),
    ("dependencies", |workspace, _| dependencies::check(workspace)),
    ("links", links::check),
    ("packages", |workspace, _| packages::check(workspace)),
    ("published", |workspace, _| published(workspace)),
    ("vendor-names", |workspace, _| vendor_names::check(workspace)),
    ("with-optional-features", |workspace, _| with_optional_features(workspace)),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, arguments) =
        arguments.split_first().map_or(("", &[][..]), |(name, rest)| (name.as_str(), rest));
    let Some((_, check)) = CHECKS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = CHECKS.iter().map(|(known, _)| *known).collect();
        eprintln!("usage: anykey-checks <{}>", known.join("|"));
        return ExitCode::from(2);
    };
    match Workspace::read().and_then(|workspace| check(&workspace, arguments)) {
        Ok(faults) => faults.report(),
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the names of the published packages, for loops of `.ci/run`.
fn published(workspace: &Workspace) -> Result {
    print_names(workspace.published())
}

/// Prints those of them that are more with all features than by default, and whose pages therefore differ.
fn with_optional_features(workspace: &Workspace) -> Result {
    print_names(workspace.published().filter(|package| !features::are_all_default(&package.features)))
}

fn print_names<'a>(packages: impl Iterator<Item = &'a Package>) -> Result {
    for package in packages {
        println!("{}", package.name);
    }
    Ok(Faults::default())
}

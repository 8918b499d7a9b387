//! What the crates depend on, and what may not be in their dependency trees. Licenses, sources, banned crates and
//! crates that may be there once only are in `deny.toml`.

use std::collections::BTreeSet;

use cargo_metadata::DependencyKind;

use crate::Result;
use crate::faults::Faults;
use crate::workspace::Workspace;

pub(crate) fn check(workspace: &Workspace) -> Result {
    let mut faults = Faults::default();
    trees(workspace, &mut faults)?;
    reasons(workspace, &mut faults)?;
    lints(workspace, &mut faults)?;
    Ok(faults)
}

fn trees(workspace: &Workspace, faults: &mut Faults) -> Result<()> {
    let mut without = |arguments: &[&str], banned: &[&str]| -> Result<()> {
        let tree = workspace.tree(arguments)?;
        for name in banned {
            let arguments = arguments.join(" ");
            faults.require(!tree.iter().any(|known| known == name), || {
                format!("{name} is in `cargo tree {arguments}`")
            });
        }
        Ok(())
    };
    // The core does no I/O.
    without(&["-p", "anykey-core"], &["tokio", "reqwest", "hyper", "mio", "socket2", "rustls"])?;
    // Webhooks bring no runtime and no database, and only apps that want them have them.
    without(&["-p", "anykey-webhook"], &["tokio", "sqlx", "libsqlite3-sys", "reqwest", "hyper", "time"])?;
    without(&["-p", "anykey", "--features", "webhooks"], &["sqlx", "libsqlite3-sys"])?;
    without(&["-p", "anykey"], &["anykey-webhook"])?;
    // Nor another database, or Redis, than the one that they want.
    without(&["-p", "anykey", "--features", "webhooks-sqlite"], &["sqlx-postgres", "redis"])?;
    without(&["-p", "anykey", "--features", "webhooks-postgres"], &["libsqlite3-sys", "redis"])?;
    without(&["-p", "anykey", "--features", "cache"], &["redis", "sqlx"])?;
    without(&["-p", "anykey", "--features", "redis"], &["sqlx"])?;

    // Without the default transport nothing brings a client.
    let clients = ["reqwest", "rustls", "hyper"];
    without(&["-p", "anykey-http", "--no-default-features"], &clients)?;
    let adapters: Vec<&str> = workspace.adapters().map(|package| package.name.as_str()).collect();
    for adapter in &adapters {
        without(&["-p", adapter, "--no-default-features"], &clients)?;
        // A vendor that is switched off is not built.
        let vendor = adapter.trim_start_matches("anykey-");
        let others: Vec<&str> =
            adapters.iter().copied().filter(|other| other != adapter).chain(["reqwest", "toml"]).collect();
        for features in [vendor.to_owned(), format!("{vendor},webhooks")] {
            without(&["-p", "anykey", "--no-default-features", "--features", &features], &others)?;
        }
    }
    println!("dependency trees: {} adapters", adapters.len());
    Ok(())
}

/// DESIGN.md gives a reason for each direct dependency of a published crate, and for nothing else.
fn reasons(workspace: &Workspace, faults: &mut Faults) -> Result<()> {
    const TABLE: &str = "## Direct dependencies and their reasons";
    let design = workspace.text("DESIGN.md")?;
    let (_, section) = design.split_once(TABLE).ok_or("DESIGN.md has no section of the dependencies")?;
    let section = section.split("\n## ").next().unwrap_or_default();
    let reasons: BTreeSet<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix('|')?.split('|').next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    let direct: BTreeSet<&str> = workspace
        .published()
        .flat_map(|package| &package.dependencies)
        .filter(|dependency| dependency.kind == DependencyKind::Normal && dependency.path.is_none())
        .map(|dependency| dependency.name.as_str())
        .collect();
    for name in direct.difference(&reasons) {
        faults.add(format!("DESIGN.md gives no reason for {name}"));
    }
    for name in reasons.difference(&direct) {
        faults.add(format!("DESIGN.md gives a reason for {name}, which no crate depends on"));
    }
    println!("direct dependencies: {}", direct.len());
    Ok(())
}

/// No member may be unsafe: all take the workspace's lints, which forbid it.
fn lints(workspace: &Workspace, faults: &mut Faults) -> Result<()> {
    let manifest: toml::Table = workspace.text("Cargo.toml")?.parse()?;
    let unsafe_code = ["workspace", "lints", "rust", "unsafe_code"];
    let level = look_up(&manifest, &unsafe_code).and_then(toml::Value::as_str);
    faults.require(level == Some("forbid"), || "the workspace's lints do not forbid unsafe code".into());
    for package in workspace.members() {
        let manifest: toml::Table = workspace.text(&package.manifest_path)?.parse()?;
        let inherits = look_up(&manifest, &["lints", "workspace"]).and_then(toml::Value::as_bool);
        faults.require(inherits == Some(true), || {
            format!("{} does not take the workspace's lints", package.name)
        });
    }
    Ok(())
}

fn look_up<'a>(table: &'a toml::Table, path: &[&str]) -> Option<&'a toml::Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, name| value.get(name))
}

//! Where the dependencies come from, what they allow, and why they are there.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

static METADATA: LazyLock<Value> = LazyLock::new(|| {
    // Packages of other platforms are perhaps not on this machine.
    let version = run(Command::new("rustc").arg("-vV"));
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--offline", "--locked", "--all-features", "--format-version", "1"]);
    serde_json::from_str(&run(cargo.args(["--filter-platform", host]))).unwrap()
});

fn run(command: &mut Command) -> String {
    let output = command.current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

fn packages() -> impl Iterator<Item = &'static Value> {
    METADATA["packages"].as_array().unwrap().iter()
}

/// The packages of this workspace.
fn members() -> impl Iterator<Item = &'static Value> {
    packages().filter(|package| package["source"].is_null())
}

#[test]
fn every_license_is_one_that_deny_toml_allows() {
    let deny: toml::Table = toml::from_str(&read("deny.toml")).unwrap();
    let allowed: BTreeSet<&str> =
        deny["licenses"]["allow"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for package in packages() {
        let license = text(package, "license");
        let name = text(package, "name");
        assert!(is_allowed(license, &allowed), "{name} is under {license:?}, which deny.toml does not allow");
        *seen.entry(license).or_default() += 1;
    }
    println!("licenses: {} packages, {} expressions", packages().count(), seen.len());
}

/// Whether each part of an `AND` has an alternative that is allowed. Parentheses bind looser here than they
/// should, which can only refuse too much.
fn is_allowed(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    plain.split(" AND ").all(|part| part.split(" OR ").any(|name| allowed.contains(name.trim())))
}

#[test]
fn license_expressions_are_read_rightly() {
    let allowed = BTreeSet::from(["MIT", "Apache-2.0"]);
    for expression in
        ["MIT", "MIT/GPL-3.0", "GPL-3.0 OR MIT", "MIT AND Apache-2.0", "(MIT OR X) AND Apache-2.0"]
    {
        assert!(is_allowed(expression, &allowed), "{expression}");
    }
    for expression in ["", "GPL-3.0", "MIT AND GPL-3.0", "(GPL-3.0 OR X) AND MIT", "MIT-0"] {
        assert!(!is_allowed(expression, &allowed), "{expression}");
    }
}

#[test]
fn everything_comes_from_the_registry() {
    for package in packages() {
        let source = text(package, "source");
        let expected =
            source.is_empty() || source.starts_with("registry+https://github.com/rust-lang/crates.io-index");
        assert!(expected, "{} comes from {source}", text(package, "name"));
    }
}

#[test]
fn every_direct_dependency_has_its_reason_in_the_design() {
    let design = read("DESIGN.md");
    let (_, table) = design.split_once("## Direct dependencies and their reasons").unwrap();
    let reasons: BTreeSet<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix('|')?.split('|').next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    let crates = members().filter(|package| text(package, "manifest_path").contains("/crates/"));
    let direct: BTreeSet<&str> = crates
        .flat_map(|package| package["dependencies"].as_array().unwrap())
        .filter(|dependency| dependency["kind"].is_null() && dependency["path"].is_null())
        .map(|dependency| text(dependency, "name"))
        .collect();
    let missing: Vec<_> = direct.difference(&reasons).collect();
    assert!(missing.is_empty(), "DESIGN.md gives no reason for {missing:?}");
    let gone: Vec<_> = reasons.difference(&direct).collect();
    assert!(gone.is_empty(), "DESIGN.md gives a reason for {gone:?}, which no crate depends on");
    println!("direct dependencies: {}", direct.len());
}

#[test]
fn heavy_crates_are_there_once() {
    const HEAVY: [&str; 19] = [
        "bytes",
        "clap",
        "futures-util",
        "h2",
        "http",
        "http-body",
        "hyper",
        "hyper-util",
        "jiff",
        "reqwest",
        "ring",
        "rustls",
        "serde",
        "serde_json",
        "tokio",
        "tokio-rustls",
        "toml",
        "tracing",
        "url",
    ];
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages() {
        versions.entry(text(package, "name")).or_default().insert(text(package, "version"));
    }
    for name in HEAVY {
        let versions = &versions[name];
        assert_eq!(versions.len(), 1, "{name} is there as {versions:?}");
    }
}

/// They want a C++ tool chain or a system library, or double the build.
#[test]
fn what_must_not_come_in_has_not() {
    for package in packages() {
        let name = text(package, "name");
        assert!(!["openssl-sys", "native-tls", "aws-lc-sys", "aws-lc-rs"].contains(&name), "{name} is there");
    }
}

#[test]
fn no_member_may_be_unsafe() {
    let workspace: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    assert_eq!(workspace["workspace"]["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
    let mut count = 0;
    for package in members() {
        let manifest = std::fs::read_to_string(text(package, "manifest_path")).unwrap();
        let manifest: toml::Table = toml::from_str(&manifest).unwrap();
        let inherits = manifest.get("lints").and_then(|lints| lints.get("workspace")?.as_bool());
        assert_eq!(inherits, Some(true), "{} does not take the workspace's lints", text(package, "name"));
        count += 1;
    }
    assert!(count > 8, "{count} members");
}

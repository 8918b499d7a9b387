//! What may not be in a dependency tree is not there.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::process::Command;

fn tree(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--prefix", "none", "-e", "normal"])
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn assert_without(tree: &str, banned: &[&str]) {
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    for name in banned {
        assert!(!names.contains(name), "{name} is in the tree:\n{tree}");
    }
}

#[test]
fn the_core_does_no_io() {
    assert_without(&tree(&["-p", "anykey-core"]), &["tokio", "reqwest", "hyper", "mio", "socket2", "rustls"]);
}

#[test]
fn without_the_default_transport_nobody_brings_reqwest() {
    for package in ["anykey-http", "anykey-dodo", "anykey-polar"] {
        assert_without(&tree(&["-p", package, "--no-default-features"]), &["reqwest", "rustls", "hyper"]);
    }
}

#[test]
fn webhooks_bring_no_runtime_no_database_and_no_other_vendor() {
    let webhooks = ["-p", "anykey-webhook"];
    assert_without(&tree(&webhooks), &["tokio", "sqlx", "libsqlite3-sys", "reqwest", "hyper", "time"]);
    let facade = tree(&["-p", "anykey", "--features", "webhooks"]);
    assert_without(&facade, &["sqlx", "libsqlite3-sys"]);
    let without = tree(&["-p", "anykey"]);
    assert_without(&without, &["anykey-webhook"]);
    let only_dodo = tree(&["-p", "anykey", "--no-default-features", "--features", "dodo,webhooks"]);
    assert_without(&only_dodo, &["anykey-polar", "reqwest"]);
}

#[test]
fn a_vendor_that_is_switched_off_is_not_built() {
    let only_dodo = tree(&["-p", "anykey", "--no-default-features", "--features", "dodo"]);
    assert_without(&only_dodo, &["anykey-polar", "reqwest", "toml"]);
    assert!(only_dodo.contains("anykey-dodo"));
}

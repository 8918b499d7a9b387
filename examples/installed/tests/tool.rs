//! The programs as the guide runs them.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder with the configuration.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("anykey.toml"), include_str!("../anykey.toml")).unwrap();
    folder
}

/// What the program prints and its exit code.
fn run(program: &str, folder: &Path, arguments: &[&str], stdin: &str) -> (String, i32) {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.code().unwrap())
}

/// The text without what is different in every run: instants.
fn stable(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// The first block of this language in a chapter.
fn block<'a>(chapter: &'a str, language: &str) -> &'a str {
    let start = chapter.split_once(&format!("```{language}\n")).unwrap().1;
    start.split_once("```").unwrap().0
}

#[test]
fn the_tool_prints_what_the_guide_shows() {
    let folder = folder();
    let mut shown = String::new();
    let session = block(include_str!("../../../book/src/tool.md"), "console");
    for line in session.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let (stdin, command) = match line.strip_prefix("echo '").and_then(|rest| rest.split_once("' | ")) {
            Some((text, command)) => (format!("{text}\n"), command),
            None => (String::new(), line),
        };
        let arguments: Vec<_> = command.strip_prefix("cargo run -q -- ").unwrap().split(' ').collect();
        let (printed, _) = run(env!("CARGO_BIN_EXE_tool"), folder.path(), &arguments, &stdin);
        shown.push_str(&format!("$ {line}\n{printed}"));
    }
    assert_eq!(stable(&shown), stable(session));
}

#[test]
fn the_tools_exit_codes_are_those_of_the_guide() {
    let folder = folder();
    let code = |arguments: &[&str]| run(env!("CARGO_BIN_EXE_tool"), folder.path(), arguments, "").1;
    assert_eq!(code(&["status"]), 1);
    assert_eq!(code(&["license", "NO-SUCH-KEY"]), 1);
    assert_eq!(code(&["license", "ACME-2A7F-91C4D0"]), 0);
    assert_eq!(code(&["status"]), 0);
    assert_eq!(code(&["sing"]), 2);
    std::fs::remove_file(folder.path().join("anykey.toml")).unwrap();
    assert_eq!(code(&["status"]), 3);
}

#[test]
fn the_desktop_app_prints_what_the_guide_shows() {
    let folder = folder();
    let shown = block(include_str!("../../../book/src/desktop.md"), "text");
    let (printed, code) = run(env!("CARGO_BIN_EXE_desktop"), folder.path(), &[], "");
    assert_eq!(code, 0, "{printed}");
    // An event is printed by a task of its own, before or after the answer to the command.
    let answers = |text: &str| {
        stable(text).lines().filter(|line| !line.starts_with("event")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(answers(&printed), answers(shown));
    assert!(printed.contains("event license: licensed"), "{printed}");
}

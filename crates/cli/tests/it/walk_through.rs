//! The terminal sessions of the README and of the guide are what happens.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use crate::support::{Bench, NOW, labelled, random_words};

/// A command of a session and what it shows, or a file that the reader writes.
struct Step {
    command: String,
    shown: String,
}

/// What a step is called that writes a file, before its name.
const WRITE: &str = "write ";

fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for block in text.split("\n```").skip(1).step_by(2) {
        if let Some(session) = block.strip_prefix("console\n") {
            for line in session.lines() {
                match line.strip_prefix("$ ") {
                    Some(command) => steps.push(Step { command: command.to_owned(), shown: String::new() }),
                    None => steps.last_mut().unwrap().shown.push_str(&format!("{line}\n")),
                }
            }
        } else if let Some((name, _)) = block.strip_prefix("toml\n# ").and_then(|file| file.split_once('\n'))
            && name.ends_with(".toml")
        {
            steps.push(Step { command: format!("{WRITE}{name}"), shown: block["toml\n".len()..].to_owned() });
        }
    }
    steps
}

/// The reader's terminal: a folder, the last exit code, the ids that stand for those of the text.
struct Session {
    bench: Bench,
    folder: PathBuf,
    last_code: i32,
    same: HashMap<String, String>,
    background: Vec<Child>,
}

impl Session {
    fn new() -> Self {
        let bench = Bench::open();
        std::fs::remove_file(bench.folder.path().join("anykey.toml")).unwrap();
        let folder = bench.folder.path().canonicalize().unwrap();
        Self { bench, folder, last_code: 0, same: HashMap::new(), background: Vec::new() }
    }

    fn run(&mut self, command: &str) -> String {
        let words: Vec<_> = command
            .split(' ')
            .map(|word| self.same.get(word).map_or(word, String::as_str).to_owned())
            .collect();
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["cd", folder] => {
                self.folder.push(folder);
                String::new()
            }
            ["echo", "$?"] => format!("{}\n", self.last_code),
            ["anykey", ref args @ .., "&"] => self.start(args),
            ["anykey", ref args @ .., ">>", file] => self.append(args, file),
            ["anykey", ref args @ ..] => self.finish(args),
            _ => panic!("the session cannot run {command:?}"),
        }
    }

    fn start(&mut self, args: &[&str]) -> String {
        let mut child =
            self.bench.command(args).current_dir(&self.folder).stderr(Stdio::piped()).spawn().unwrap();
        let mut shown = String::new();
        for line in BufReader::new(child.stderr.take().unwrap()).lines() {
            shown.push_str(&format!("{}\n", line.unwrap()));
            if shown.contains("until Ctrl-C") {
                break;
            }
        }
        self.background.push(child);
        shown
    }

    /// Stdout goes into a file.
    fn append(&mut self, args: &[&str], file: &str) -> String {
        let file = std::fs::File::options().append(true).open(self.folder.join(file)).unwrap();
        let mut command = self.bench.command(args);
        let ran = command.current_dir(&self.folder).stdout(file).output().unwrap();
        self.last_code = ran.status.code().unwrap();
        String::from_utf8(ran.stderr).unwrap()
    }

    /// Writes a file whose ids are those of this session.
    fn write(&self, name: &str, text: &str) {
        let text = self
            .same
            .iter()
            .fold(text.to_owned(), |text, (of_the_text, here)| text.replace(of_the_text, here));
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    /// Stdout and stderr through one pipe, as on a terminal.
    fn finish(&mut self, args: &[&str]) -> String {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let mut command = self.bench.command(args);
        command.current_dir(&self.folder).stdout(writer.try_clone().unwrap()).stderr(writer);
        let mut child = command.spawn().unwrap();
        drop(command);
        let mut shown = String::new();
        reader.read_to_string(&mut shown).unwrap();
        self.last_code = child.wait().unwrap().code().unwrap();
        shown
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for child in &mut self.background {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn without_ports(text: &str) -> String {
    let mut parts = text.split("http://127.0.0.1:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "http://" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

#[test]
fn the_readmes_session_is_what_happens() {
    follow(steps(include_str!("../../README.md")));
}

#[test]
fn the_guides_session_is_what_happens() {
    let chapter = concat!(env!("CARGO_MANIFEST_DIR"), "/../../book/src/administration.md");
    follow(steps(&std::fs::read_to_string(chapter).unwrap()));
}

#[cfg(feature = "migrate")]
#[test]
fn the_guides_way_from_one_vendor_to_another_is_what_happens() {
    let chapter = concat!(env!("CARGO_MANIFEST_DIR"), "/../../book/src/leaving_lemon_squeezy.md");
    follow(steps(&std::fs::read_to_string(chapter).unwrap()));
}

/// Runs the commands of a session and compares what they show.
fn follow(steps: Vec<Step>) {
    let mut session = Session::new();
    let root = session.folder.display().to_string();
    assert!(steps.len() >= 5, "the session is gone from the text");
    for Step { command, shown } in steps {
        if let Some(name) = command.strip_prefix(WRITE) {
            session.write(name, &shown);
            continue;
        }
        let actual = session.run(&command).replace(&root, "/home/ada");
        let stable = |text: &str| labelled(&without_ports(text));
        assert_eq!(stable(&actual), stable(&shown), "$ {command}\n{actual}");
        let pairs = random_words(&shown).into_iter().zip(random_words(&actual));
        session.same.extend(pairs);
    }
    assert_eq!(NOW, "2027-01-15T12:00:00Z", "the sessions take place then");
}

//! A migration to live keys: nothing is written before somebody says so.

use std::io::Write;

use pty_process::blocking::Pty;

use crate::migrate::Move;
use crate::support::{Ran, Screen, read_to_end, read_until};

/// The target at an address that is not called loopback, so that its keys may be customers'.
struct Live(Move);

impl Live {
    fn new() -> Self {
        let this = Move::new();
        let url = this.target().url.clone();
        let live = url.replace("127.0.0.1", "0.0.0.0");
        assert_ne!(url, live);
        let configuration = this.bench.configuration().replace(&url, &live);
        let network = format!("\n[providers.{}.network]\nallow_plain_http = true\n", this.to);
        this.bench.write("anykey.toml", &(configuration + &network));
        Self(this)
    }

    fn place(&self) -> String {
        let host = self.0.target().url.replace("http://127.0.0.1", "0.0.0.0");
        format!("{} ({host})", self.0.to)
    }

    fn count(&self) -> usize {
        self.0.keys(self.0.to).len()
    }

    fn undo(&self, options: &str) -> Ran {
        self.0.bench.anykey(&format!("migrate undo --to {} {options}", self.0.to))
    }

    /// The command on a terminal, asked until `question` is there.
    fn ask(&self, line: &str, question: &str, answer: &str) -> (Option<i32>, String) {
        let screen = Screen::new(200);
        let args: Vec<&str> = line.split_whitespace().collect();
        let mut child = Screen::command(&self.0.bench, &args).spawn(screen.pts).unwrap();
        let mut pty: Pty = screen.pty;
        let seen = read_until(&mut pty, "? [y/N] ");
        assert!(seen.contains(question), "{seen}");
        pty.write_all(answer.as_bytes()).unwrap();
        let rest = read_to_end(pty);
        (child.wait().unwrap().code(), rest)
    }
}

#[test]
fn without_a_terminal_a_run_and_its_undoing_need_a_yes_beforehand() {
    let live = Live::new();
    let (this, before) = (&live.0, live.count());
    let to_create = this.migrate("plan --json").exits(0).json()["to_create"].as_u64().unwrap();

    let refused = this.migrate("run").exits(2);
    let expected = format!("{}: this would create {to_create} keys", live.place());
    assert!(refused.stderr.contains(&expected), "{refused:?}");
    assert!(refused.stderr.contains("repeat it with --yes, or look first with --dry-run"), "{refused:?}");
    assert_eq!(live.count(), before);
    assert!(!this.bench.folder.path().join("anykey-migration.journal").exists(), "nothing began");
    this.migrate("run --dry-run").exits(0);
    assert_eq!(live.count(), before);

    this.migrate("run --yes").exits(0);
    let created = usize::try_from(to_create).unwrap();
    assert_eq!(live.count(), before + created);
    // Nothing is left to write, so nothing is asked.
    this.migrate("run").exits(0);

    let refused = live.undo("").exits(2);
    assert!(refused.stderr.contains(&format!("this would switch off {created} keys")), "{refused:?}");
    live.undo("--dry-run").exits(0);
    let undone = live.undo("--yes --json").exits(0).json();
    assert_eq!(undone["switched_off"], created, "the refused one has switched off nothing");
}

#[test]
fn on_a_terminal_a_run_asks_and_takes_only_yes_for_yes() {
    let live = Live::new();
    let before = live.count();
    let question = format!("{}: create ", live.place());
    let run = live.0.args("run");
    for answer in ["n\n", "\n"] {
        let (code, rest) = live.ask(&run, &question, answer);
        assert_eq!((code, live.count()), (Some(2), before), "{rest}");
        assert!(rest.contains("not confirmed; nothing was sent"), "{rest}");
    }
    let (code, rest) = live.ask(&run, &question, "y\n");
    assert_eq!(code, Some(0), "{rest}");
    let created = live.count() - before;
    assert!(created > 5, "{created}");

    let undo = format!("migrate undo --to {}", live.0.to);
    let question = format!("{}: switch off {created} keys", live.place());
    let (code, _) = live.ask(&undo, &question, "no\n");
    assert_eq!(code, Some(2));
    let undone = live.undo("--yes --json").exits(0).json();
    assert_eq!(undone["switched_off"], created);
}

#[test]
fn ctrl_c_at_the_question_writes_nothing() {
    let live = Live::new();
    let before = live.count();
    let (code, _) = live.ask(&live.0.args("run"), &format!("{}: create ", live.place()), "\u{3}");
    assert_eq!((code, live.count()), (Some(130), before));
}

//! On a terminal: questions, relative times, colors, width, progress, Ctrl-C.

use std::io::Write;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use anykey::async_trait;
use anykey_http::{HttpTransport, TransportError};
use anykey_testkit::LoopbackServer;
use bytes::Bytes;
use http::{Request, Response};

use crate::support::{Bench, Screen, Vendors, read_to_end, read_until};

/// Live keys at an address where nothing listens and that is not called loopback.
fn live(bench: &Bench) {
    let name = bench.default_seller().name;
    bench.write(
        "live.toml",
        &format!(
            "provider = \"{name}\"\nbase_url = \"https://0.0.0.0:1\"\ntimeout = 1\n\
             token = {{ file = \"{name}.token\" }}"
        ),
    );
}

fn question(bench: &Bench) -> String {
    format!("{} (0.0.0.0:1): disable the key lic_1? [y/N] ", bench.default_seller().name)
}

const DISABLE: [&str; 5] = ["--config", "live.toml", "keys", "disable", "lic_1"];

#[test]
fn a_change_of_live_keys_is_sent_only_after_a_yes() {
    let bench = Bench::open();
    live(&bench);
    for (answer, code, told) in [
        ("n\n", 2, "not confirmed; nothing was sent"),
        ("\n", 2, "not confirmed"),
        ("y\n", 3, "no connection"),
    ] {
        let screen = Screen::new(120);
        let mut child = Screen::command(&bench, &DISABLE).spawn(screen.pts).unwrap();
        let mut pty = screen.pty;
        read_until(&mut pty, &question(&bench));
        pty.write_all(answer.as_bytes()).unwrap();
        let rest = read_to_end(pty);
        assert!(rest.contains(told), "{rest}");
        assert_eq!(child.wait().unwrap().code(), Some(code), "{answer:?}");
    }
}

#[test]
fn without_a_terminal_live_keys_need_a_yes_beforehand() {
    let bench = Bench::open();
    live(&bench);
    let asked = bench.run(&DISABLE).exits(2);
    assert!(asked.stderr.contains("repeat it with --yes, or look first with --dry-run"), "{asked:?}");
    bench.run(&[&DISABLE[..], &["--yes"]].concat()).exits(3);
    bench.run(&[&DISABLE[..], &["--dry-run"]].concat()).exits(0);
    bench.run(&["--config", "live.toml", "keys", "enable", "lic_1"]).exits(3);
}

#[test]
fn ctrl_c_ends_a_question() {
    let bench = Bench::open();
    live(&bench);
    let screen = Screen::new(120);
    let mut child = Screen::command(&bench, &DISABLE).spawn(screen.pts).unwrap();
    let mut pty = screen.pty;
    read_until(&mut pty, &question(&bench));
    pty.write_all(b"\x03").unwrap();
    assert!(read_to_end(pty).contains("error: interrupted"));
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_key_is_typed_after_a_dash_and_ctrl_c_ends_the_wait() {
    let bench = Bench::open();
    for (typed, code) in [(format!("{}\n", bench.default_seller().samples.good), 0), ("\x03".to_owned(), 130)]
    {
        let screen = Screen::new(120);
        let mut child = Screen::command(&bench, &["validate", "-"]).spawn(screen.pts).unwrap();
        let mut pty = screen.pty;
        read_until(&mut pty, "license key: ");
        pty.write_all(typed.as_bytes()).unwrap();
        read_to_end(pty);
        assert_eq!(child.wait().unwrap().code(), Some(code), "{typed:?}");
    }
}

/// Tells of each request and never answers.
#[derive(Debug)]
struct Silent(Sender<()>);

#[async_trait]
impl HttpTransport for Silent {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let _ = self.0.send(());
        std::future::pending().await
    }
}

fn silent_server() -> (LoopbackServer, Receiver<()>) {
    let (sender, asked) = channel();
    (LoopbackServer::start_in_background(Arc::new(Silent(sender))).unwrap(), asked)
}

#[test]
fn ctrl_c_ends_a_request() {
    let bench = Bench::open();
    let (server, asked) = silent_server();
    let screen = Screen::new(120);
    let command = Screen::command(&bench, &["keys", "list"]).env("ANYKEY_BASE_URL", server.url());
    let mut child = command.spawn(screen.pts).unwrap();
    let mut pty = screen.pty;
    asked.recv().unwrap();
    pty.write_all(b"\x03").unwrap();
    assert!(read_to_end(pty).contains("error: interrupted\r\n"));
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn ctrl_c_is_the_good_end_of_the_simulators() {
    let bench = Bench::open();
    let screen = Screen::new(120);
    let mut child = Screen::command(&bench, &["sim"]).spawn(screen.pts).unwrap();
    let mut pty = screen.pty;
    read_until(&mut pty, "until Ctrl-C");
    pty.write_all(b"\x03").unwrap();
    assert!(!read_to_end(pty).contains("error"));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn ctrl_c_is_the_good_end_of_listening() {
    let vendors = Vendors::open();
    let screen = Screen::new(120);
    let command = Screen::command(&vendors.bench, &["webhook", "listen", "--port", "0"]);
    let mut child = command.spawn(screen.pts).unwrap();
    let mut pty = screen.pty;
    read_until(&mut pty, "until Ctrl-C");
    pty.write_all(b"\x03").unwrap();
    assert!(!read_to_end(pty).contains("error"));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn times_are_relative_and_statuses_colored() {
    let bench = Bench::open();
    let (code, text) = Screen::new(200).run(Screen::command(&bench, &["keys", "list"]));
    assert_eq!(code, Some(0));
    assert!(text.contains("2027-04-15T12:00:00Z (in 90 days)"), "{text}");
    assert!(text.contains("2026-12-16T12:00:00Z (30 days ago)"), "{text}");
    assert!(text.contains('\u{1b}'), "{text}");
    let plain = Screen::command(&bench, &["keys", "list"]).env("NO_COLOR", "1");
    let (_, text) = Screen::new(200).run(plain);
    assert!(!text.contains('\u{1b}'), "{text}");
    let (_, text) = Screen::new(200).run(Screen::command(&bench, &["--color", "never", "keys", "list"]));
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn times_on_a_terminal_are_local_and_elsewhere_utc() {
    let bench = Bench::open();
    let shown = |zone: &str, args: &[&str]| {
        let command = Screen::command(&bench, &[&["--color", "never"], args].concat()).env("TZ", zone);
        Screen::new(200).run(command).1
    };
    let eastern = "EST5EDT,M3.2.0,M11.1.0";
    let text = shown(eastern, &["keys", "list"]);
    assert!(text.contains("2027-04-15T08:00:00-04:00 (in 90 days)"), "{text}");
    assert!(text.contains("2026-12-16T07:00:00-05:00 (30 days ago)"), "{text}");
    for format in ["--json", "--jsonl", "--csv"] {
        let text = shown(eastern, &["keys", "list", format]);
        assert!(text.contains("2027-04-15T12:00:00Z") && !text.contains("-04:00"), "{text}");
    }
    let piped = bench.run(&["keys", "list"]);
    assert!(piped.stdout.contains("2027-04-15T12:00:00Z") && !piped.stdout.contains("-04:00"), "{piped:?}");
    let unknown = shown("Nowhere/Unknown", &["keys", "list"]);
    assert!(unknown.contains("2027-04-15T12:00:00Z"), "{unknown}");
}

#[test]
fn a_table_fits_the_terminal() {
    let bench = Bench::open();
    for (columns, left_out) in
        [(140, "PRODUCT"), (110, "CUSTOMER, PRODUCT"), (80, "ACTIVATIONS, CUSTOMER, PRODUCT")]
    {
        let command = Screen::command(&bench, &["--color", "never", "keys", "list"]);
        let (_, text) = Screen::new(columns).run(command);
        assert!(text.contains(&format!("note: {left_out} did not fit this terminal")), "{columns}: {text}");
        for line in text.lines().filter(|line| !line.starts_with("note: ")) {
            assert!(line.chars().count() <= usize::from(columns), "{columns}: {line}");
        }
    }
}

#[test]
fn progress_is_drawn_on_stderr_and_wiped() {
    let bench = Bench::open();
    let screen = Screen::new(120);
    let quick = Screen::command(&bench, &["keys", "list", "--json"]).stdout(Stdio::null());
    let (_, text) = screen.run(quick);
    assert_eq!(text, "", "one page needs no progress");

    let server = LoopbackServer::start_in_background(bench.replacement(250)).unwrap();
    let list = |args: &[&str]| {
        let command =
            Screen::command(&bench, args).env("ANYKEY_BASE_URL", server.url()).stdout(Stdio::null());
        Screen::new(120).run(command)
    };
    let (code, text) = list(&["keys", "list", "--json"]);
    assert_eq!(code, Some(0));
    assert!(text.contains("100 keys, page 2, ") && text.contains(" a second, "), "{text:?}");
    assert!(text.ends_with("\u{1b}[2K") || text.ends_with("\u{1b}[K"), "{text:?}");
    assert_eq!(list(&["keys", "list", "--json", "--quiet"]).1, "");
}

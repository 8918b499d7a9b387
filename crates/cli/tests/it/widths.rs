//! What people read, on terminals of several widths, with and without color.

use anykey::Capability::ListAll;

use crate::support::{Bench, Screen, SupportBench};

/// The command on each terminal, for a snapshot.
fn on_every_terminal(bench: &Bench, args: &[&str]) -> String {
    let mut text = String::new();
    for columns in [60, 80, 120, 200] {
        for color in ["never", "always"] {
            let args = [&["--color", color], args].concat();
            let (_, shown) = Screen::new(columns).run(Screen::command(bench, &args));
            let shown = with_marked_colors(&shown.replace("\r\n", "\n"));
            text.push_str(&format!("--- {columns} columns, color {color}\n{shown}\n"));
        }
    }
    bench.stable(&text)
}

/// Each change of color as its number in angle brackets.
fn with_marked_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "\u{2039}" + &part.replacen('m', "\u{203a}", 1))
}

#[test]
fn a_listing_on_every_terminal() {
    let bench = SupportBench::open();
    for seller in bench.able(&[ListAll]) {
        let text = on_every_terminal(&bench, &["-p", seller.name, "keys", "list", "--limit", "6"]);
        insta::assert_snapshot!(format!("widths_list_{}", seller.name), text);
    }
}

#[test]
fn a_search_and_an_explanation_on_every_terminal() {
    let bench = SupportBench::open();
    let samples = &bench.default_seller().samples;
    // Quiet, because the progress is another one in each run.
    let shown = |command, key| on_every_terminal(&bench, &["--quiet", command, key]);
    let ended = samples.ended.as_deref().unwrap();
    insta::assert_snapshot!("widths_find", shown("find", &samples.good));
    insta::assert_snapshot!("widths_explain_good", shown("explain", &samples.good));
    insta::assert_snapshot!("widths_explain_ended", shown("explain", ended));
}

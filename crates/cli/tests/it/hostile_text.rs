//! Text that customers and vendors choose: nothing of it acts on a terminal, in a file or in a spreadsheet.

use anykey::ActivationLimit;
use anykey::Capability::{Activate, Activations, ListAll, ValidateWithoutSeat};
use anykey::sim::IssueSpec;
use anykey_testkit::transport::{Answer, Fault, Rule};

use crate::support::{Bench, Ran};

/// What a customer may call a device: formulas, characters that act, and characters of other widths.
const LABELS: [&str; 14] = [
    "=HYPERLINK(\"http://evil.example\",\"click\")",
    "+1+1",
    "@SUM(A1)",
    "-2+3+cmd|' /C calc'!A0",
    " =1+1",
    "\u{ff1d}1+1",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]8;;https://evil.example\u{7}link",
    "\u{202e}gnp.exe",
    "a\u{200b}b\u{feff}c",
    "two\r\nlines\tand a tab",
    "\u{9b}31mred",
    "\u{684c}\u{4e0a}\u{7684}\u{96fb}\u{8166}",
    "\u{1f4bb} laptop",
];

const FORMATS: [&str; 4] = ["--color=never", "--json", "--jsonl", "--csv"];

fn acts(character: char) -> bool {
    let formats = ['\u{200b}'..='\u{200f}', '\u{2028}'..='\u{202e}', '\u{2060}'..='\u{206f}'];
    (character.is_control() && character != '\n')
        || character == '\u{feff}'
        || formats.iter().any(|range| range.contains(&character))
}

#[track_caller]
fn assert_harmless(ran: &Ran, format: &str) {
    for text in [&ran.stdout, &ran.stderr] {
        assert!(!text.chars().any(acts), "{format}: {text:?}");
    }
    if format == "--csv" {
        let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(ran.stdout.as_bytes());
        for cell in rows.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        {
            let first = cell.trim_start().chars().next();
            let is_formula =
                first.is_some_and(|first| "=+-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(first));
            assert!(!is_formula, "a spreadsheet runs {cell:?}");
        }
    }
}

#[test]
fn the_names_of_devices_act_nowhere() {
    let bench = Bench::open();
    for seller in bench.able(&[Activate, Activations]) {
        let issued = seller.issue(IssueSpec::new().activation_limit(ActivationLimit::AtMost(20)));
        let taken = LABELS.iter().filter(|label| seller.take_seat(&issued.id, label)).count();
        assert!(taken > 0, "{}: no seat", seller.name);
        for format in FORMATS {
            let listed = bench.run_at(seller, &["activations", "list", issued.id.as_str(), format]).exits(0);
            assert_harmless(&listed, format);
            assert!(listed.stdout.contains("1+1"), "{} {format}: {listed:?}", seller.name);
        }
    }
}

#[test]
fn a_wide_name_moves_no_column() {
    let bench = Bench::open();
    for seller in bench.able(&[Activate, Activations]) {
        let issued = seller.issue(IssueSpec::new().activation_limit(ActivationLimit::AtMost(20)));
        for label in LABELS {
            seller.take_seat(&issued.id, label);
        }
        let listed = bench.run_at(seller, &["activations", "list", issued.id.as_str(), "--color=never"]);
        let lines: Vec<_> = listed.stdout.lines().collect();
        let starts = column_starts(lines[0]);
        for line in &lines[1..] {
            for start in &starts {
                assert!(begins_a_cell(line, *start), "{} at {start}: {}", seller.name, listed.stdout);
            }
        }
    }
}

/// Where the words of a header begin, in columns of the terminal.
fn column_starts(header: &str) -> Vec<usize> {
    let starts = header.char_indices().filter(|(at, letter)| {
        *letter != ' ' && (*at == 0 || header[..*at].ends_with("  ") || *at == header.trim_start().len())
    });
    starts.map(|(at, _)| console::measure_text_width(&header[..at])).collect()
}

/// Whether a character begins at this column of the terminal, after a blank.
fn begins_a_cell(line: &str, column: usize) -> bool {
    let ends = line.char_indices().map(|(at, _)| at).chain([line.len()]);
    let before = ends.map(|at| &line[..at]).find(|before| console::measure_text_width(before) >= column);
    before.is_none_or(|before| {
        console::measure_text_width(before) == column && (column == 0 || before.ends_with(' '))
    })
}

#[test]
fn the_errors_of_a_vendor_act_nowhere_and_repeat_no_key() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, ValidateWithoutSeat]) {
        let code = &seller.samples.good;
        for text in [LABELS.concat(), LABELS[0].to_owned(), LABELS[6].to_owned()] {
            let text = format!("{text} {code}");
            let body = serde_json::json!({
                "code": text, "error": text, "message": text, "detail": text, "errors": [{"code": text, "detail": text}],
            });
            for status in [400, 401, 403, 404, 422] {
                let answer =
                    Answer::json(status, body.to_string()).header("x-request-id", format!("=1+1 {code}"));
                seller.faults.inject(Rule::always(Fault::Instead(answer)));
                for format in FORMATS {
                    let ran = bench.run_at(seller, &["validate", code, format]);
                    assert_ne!(ran.code, Some(0), "{ran:?}");
                    assert_harmless(&ran, format);
                    let shown = format!("{}{}", ran.stdout, ran.stderr);
                    assert!(!shown.contains(code.as_str()), "{} {status}: {shown}", seller.name);
                }
                seller.faults.clear();
            }
        }
    }
}

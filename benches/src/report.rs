//! One Markdown report.

use std::fmt::Write;

use crate::Vendor;

/// What was measured so far, in sections.
#[derive(Debug, Default)]
pub struct Report {
    text: String,
    verdicts: Vec<(String, String, String, bool)>,
}

impl Report {
    /// Begins a section.
    pub fn section(&mut self, title: &str) {
        self.line(&format!("\n## {title}\n"));
    }

    /// Adds a paragraph.
    pub fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
        eprintln!("{text}");
    }

    /// Adds a table; the first row is its head.
    pub fn table(&mut self, rows: &[Vec<String>]) {
        let mut text = String::from("\n");
        for (index, row) in rows.iter().enumerate() {
            let _ = writeln!(text, "| {} |", row.join(" | "));
            if index == 0 {
                let _ = writeln!(text, "|{}", "---|".repeat(row.len()));
            }
        }
        self.line(&text);
    }

    /// Sets a measurement against its goal.
    pub fn verdict(
        &mut self,
        what: impl Into<String>,
        goal: impl Into<String>,
        found: impl Into<String>,
        met: bool,
    ) {
        self.verdicts.push((what.into(), goal.into(), found.into(), met));
    }

    /// The report, verdicts first.
    #[must_use]
    pub fn finish(self) -> String {
        let mut text =
            String::from("# anykey, measured\n\n| what | goal | measured | met |\n|---|---|---|---|\n");
        for (what, goal, found, met) in self.verdicts {
            let _ = writeln!(text, "| {what} | {goal} | {found} | {} |", if met { "yes" } else { "**no**" });
        }
        text + &self.text
    }
}

/// `1.23 ×`
#[must_use]
pub fn times(ratio: f64) -> String {
    format!("{ratio:.2} ×")
}

/// `Dodo: list`
#[must_use]
pub fn of(vendor: Vendor, what: &str) -> String {
    format!("{vendor}: {what}")
}

//! Allocations of each way to read a page, counted by a program of its own.

use std::process::Command;

use crate::report::{Report, of};
use crate::{Fault, Vendor};

/// Allocations for each key, by vendor and reader.
pub type Counts = Vec<(Vendor, String, f64)>;

/// Builds and runs the counting program.
///
/// # Errors
///
/// When it cannot be built.
pub fn run(report: &mut Report) -> Result<Counts, Fault> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--release", "--quiet", "--bin", "allocations", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let counts: Counts = text
        .lines()
        .filter_map(|line| {
            let mut words = line.split('\t');
            let vendor = Vendor::from_word(words.next()?)?;
            Some((vendor, words.next()?.to_owned(), words.next()?.parse::<f64>().ok()? / 100.0))
        })
        .collect();
    report.section("Allocations for each key of a page of 100, the request's own included");
    let mut rows = vec![["", "per key"].map(str::to_owned).to_vec()];
    for (vendor, name, count) in &counts {
        rows.push(vec![of(*vendor, name), format!("{count:.2}")]);
        let most = if *vendor == Vendor::Dodo { 6.0 } else { 8.0 };
        if name == "anykey" {
            let goal = format!("≤ {most}");
            report.verdict(of(*vendor, "allocations per key"), goal, format!("{count:.2}"), *count <= most);
        }
    }
    report.table(&rows);
    Ok(counts)
}

//! An app that only validates: its crates, what a cold build takes, how large it becomes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Fault;
use crate::measure::ratio;
use crate::report::{Report, times};

/// The packages below `apps/`; the first is the floor.
const APPS: [&str; 9] = [
    "floor",
    "anykey-hyper",
    "anykey-hyper-ascii",
    "anykey-small",
    "anykey-reqwest",
    "reqwest-012",
    "reqwest-013",
    "dodopayments-app",
    "polar-sh-app",
];

struct Built {
    name: &'static str,
    crates: usize,
    cpu: Duration,
    bytes: u64,
}

/// Builds every app from nothing, one after another.
///
/// # Errors
///
/// When one cannot be built.
pub fn run(report: &mut Report) -> Result<(), Fault> {
    report.section("An app that only validates with one vendor, release, stripped");
    let built = APPS.into_iter().map(build).collect::<Result<Vec<_>, _>>()?;
    let floor = built.first().map(|floor| floor.cpu).unwrap_or_default();
    let mut rows =
        vec![["", "crates", "cold build, CPU", "ratio to the floor", "size"].map(str::to_owned).to_vec()];
    for Built { name, crates, cpu, bytes } in &built {
        let size = *bytes as f64 / f64::from(1 << 20);
        rows.push(vec![
            (*name).to_owned(),
            crates.to_string(),
            format!("{:.0} s", cpu.as_secs_f64()),
            times(ratio(*cpu, floor)),
            format!("{size:.2} MiB"),
        ]);
        if name.starts_with("anykey") {
            let cost = ratio(*cpu, floor);
            report.verdict(format!("{name}: crates"), "≤ 90", crates.to_string(), *crates <= 90);
            report.verdict(format!("{name}: cold build, CPU"), "≤ 1.6 × floor", times(cost), cost <= 1.6);
            report.verdict(format!("{name}: size"), "≤ 3.5 MiB", format!("{size:.2} MiB"), size <= 3.5);
        }
    }
    report.table(&rows);
    Ok(())
}

fn build(name: &'static str) -> Result<Built, Fault> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("apps").join(name);
    let target = std::env::temp_dir().join(format!("anykey-bench-{}-{name}", std::process::id()));
    let before = children_time()?;
    cargo(&package, &["build", "--release", "--quiet", "--target-dir", &target.to_string_lossy()])?;
    let cpu = children_time()?.saturating_sub(before);
    let bytes = std::fs::metadata(target.join("release").join(name))?.len();
    std::fs::remove_dir_all(&target)?;
    let tree =
        cargo(&package, &["tree", "-e", "normal,build", "--prefix", "none", "--no-dedupe", "-f", "{p}"])?;
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(" (").next()).collect();
    Ok(Built { name, crates: names.len().saturating_sub(1), cpu, bytes })
}

fn cargo(package: &PathBuf, arguments: &[&str]) -> Result<String, Fault> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output =
        Command::new(program).current_dir(package).args(arguments).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("cargo {arguments:?} ended with {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The processor's time of all processes that this one has waited for.
fn children_time() -> Result<Duration, Fault> {
    const TICKS_PER_SECOND: u64 = 100;
    let line = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = line.rsplit_once(')').ok_or("no process")?;
    let ticks = fields.split_whitespace().skip(13).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
}

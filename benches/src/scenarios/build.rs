//! An app that only validates: its crates, what a cold build takes, how large it becomes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Fault;
use crate::measure::ratio;
use crate::report::{Report, times};

/// The packages below `apps/` that are built with cargo's own settings.
const APPS: [&str; 9] = [
    FLOOR,
    "anykey-hyper",
    "anykey-hyper-ascii",
    "anykey-small",
    "anykey-reqwest",
    "reqwest-012",
    "reqwest-013",
    "dodopayments-app",
    "polar-sh-app",
];
/// Those that are built with [`FOR_SIZE`] as well.
const SMALL_APPS: [&str; 2] = [FLOOR, "anykey-small"];
/// What the others are compared with.
const FLOOR: &str = "floor";
/// The `[profile.release]` that the README has for a small executable.
const FOR_SIZE: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    ("CARGO_PROFILE_RELEASE_LTO", "true"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
];

struct Built {
    app: &'static str,
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
    compare(report, "cargo's own settings", "", &APPS, &[])?;
    compare(report, "the settings for a small executable", ", for size", &SMALL_APPS, &FOR_SIZE)
}

/// Builds `apps` with the settings in `variables`. `settings` is how the section names them, `mark` how a verdict does.
fn compare(
    report: &mut Report,
    settings: &str,
    mark: &str,
    apps: &[&'static str],
    variables: &[(&str, &str)],
) -> Result<(), Fault> {
    report.section(&format!("An app that only validates with one vendor, release, stripped, {settings}"));
    let built = apps.iter().map(|app| build(app, variables)).collect::<Result<Vec<_>, _>>()?;
    let floor = built.iter().find(|built| built.app == FLOOR).map(|floor| floor.cpu).unwrap_or_default();
    let mut rows =
        vec![["", "crates", "cold build, CPU", "ratio to the floor", "size"].map(str::to_owned).to_vec()];
    for Built { app, crates, cpu, bytes } in &built {
        let size = *bytes as f64 / f64::from(1 << 20);
        rows.push(vec![
            (*app).to_owned(),
            crates.to_string(),
            format!("{:.0} s", cpu.as_secs_f64()),
            times(ratio(*cpu, floor)),
            format!("{size:.2} MiB"),
        ]);
        if app.starts_with("anykey") {
            let cost = ratio(*cpu, floor);
            report.verdict(format!("{app}{mark}: crates"), "≤ 90", crates.to_string(), *crates <= 90);
            report.verdict(
                format!("{app}{mark}: cold build, CPU"),
                "≤ 1.6 × floor",
                times(cost),
                cost <= 1.6,
            );
            report.verdict(format!("{app}{mark}: size"), "≤ 3.5 MiB", format!("{size:.2} MiB"), size <= 3.5);
        }
    }
    report.table(&rows);
    Ok(())
}

fn build(app: &'static str, variables: &[(&str, &str)]) -> Result<Built, Fault> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("apps").join(app);
    let target = std::env::temp_dir().join(format!("anykey-bench-{}-{app}", std::process::id()));
    let before = children_time()?;
    cargo(
        &package,
        &["build", "--release", "--quiet", "--target-dir", &target.to_string_lossy()],
        variables,
    )?;
    let cpu = children_time()?.saturating_sub(before);
    let bytes = std::fs::metadata(target.join("release").join(app))?.len();
    std::fs::remove_dir_all(&target)?;
    let tree = cargo(
        &package,
        &["tree", "-e", "normal,build", "--prefix", "none", "--no-dedupe", "-f", "{p}"],
        &[],
    )?;
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(" (").next()).collect();
    Ok(Built { app, crates: names.len().saturating_sub(1), cpu, bytes })
}

fn cargo(package: &PathBuf, arguments: &[&str], variables: &[(&str, &str)]) -> Result<String, Fault> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .current_dir(package)
        .args(arguments)
        .envs(variables.iter().copied())
        .stderr(Stdio::inherit())
        .output()?;
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

//! The most memory that a process ever had while it streamed a listing.

use crate::peers::anykey::Anykey;
use crate::process::{Server, fresh};
use crate::report::{Report, of};
use crate::{Effort, Fault, Vendor};

/// Measures both vendors, each listing in a process of its own.
///
/// # Errors
///
/// When a process fails.
pub fn run(report: &mut Report, effort: Effort) -> Result<(), Fault> {
    let many = effort.keys * 10;
    report.section(&format!("Peak memory while streaming 1000 and {many} keys, default call"));
    let (small, large) = (Server::start(1_000)?, Server::start(many)?);
    let mut rows = vec![["", "1000 keys", "many keys", "more"].map(str::to_owned).to_vec()];
    for vendor in Vendor::ALL {
        let peak = |url: &str| -> Result<f64, Fault> {
            Ok(fresh(&["stream", vendor.word(), url])?.trim().parse::<f64>()? / 1_024.0)
        };
        let (few, all) = (peak(&small.url)?, peak(&large.url)?);
        let more = all - few;
        let mebibytes = |size: f64| format!("{size:.1} MiB");
        rows.push(vec![of(vendor, "anykey"), mebibytes(few), mebibytes(all), mebibytes(more)]);
        report.verdict(
            of(vendor, &format!("peak memory, {many} keys")),
            "≤ 2 MiB over 1000 keys",
            mebibytes(more),
            more <= 2.0,
        );
    }
    report.table(&rows);
    Ok(())
}

/// Streams every key, in a process of its own, and prints the peak in KiB.
///
/// # Errors
///
/// When a request fails, or the kernel does not tell.
pub async fn stream(vendor: Vendor, url: &str) -> Result<(), Fault> {
    Anykey::new(vendor, url)?.list().await?;
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    println!("{}", peak.trim().trim_end_matches(" kB"));
    Ok(())
}

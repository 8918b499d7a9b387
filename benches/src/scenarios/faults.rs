//! Reading a whole listing while every tenth answer is a failure that tells to wait one second.

use crate::measure::cost;
use crate::peers::{Client, Peer};
use crate::process::Server;
use crate::report::{Report, of};
use crate::{Effort, Fault, Vendor};

/// Measures both vendors and both failures.
///
/// # Errors
///
/// When a request fails for good.
pub async fn run(report: &mut Report, effort: Effort) -> Result<(), Fault> {
    report.section("List while every 10th answer is 503 or 429 with `Retry-After: 1`");
    let mut server = Server::start(effort.keys)?;
    let mut rows =
        vec![["", "requests", "failures", "told to wait", "elapsed", "keys"].map(str::to_owned).to_vec()];
    for vendor in Vendor::ALL {
        let client = Client::new(Peer::Anykey, vendor, &server.url)?;
        server.reset()?;
        client.list().await?;
        let undisturbed = server.tally()?.requests;
        for status in [503, 429] {
            server.reset()?;
            server.fault(10, status)?;
            let (count, cost) = cost(client.list()).await;
            let count = count?;
            let tally = server.tally()?;
            let elapsed = cost.elapsed.as_secs_f64();
            rows.push(vec![
                of(vendor, &status.to_string()),
                tally.requests.to_string(),
                tally.faults.to_string(),
                format!("{} s", tally.faults),
                format!("{elapsed:.2} s"),
                count.to_string(),
            ]);
            let told = tally.faults as f64;
            report.verdict(
                of(vendor, &format!("list, every 10th answer {status}")),
                "complete, at most one request for each failure, no slower than told",
                format!(
                    "{} pages + {} repeats, {elapsed:.1} s of {told} s told",
                    undisturbed,
                    tally.requests.saturating_sub(undisturbed)
                ),
                count == effort.keys
                    && tally.requests <= undisturbed + tally.faults
                    && elapsed < told * 1.05 + 0.5,
            );
        }
    }
    report.table(&rows);
    Ok(())
}

//! Reading a whole listing without latency: what it costs the processor.

use std::time::Duration;

use crate::measure::{Cost, cost, median, ratio};
use crate::peers::{Client, Peer};
use crate::process::Server;
use crate::report::{Report, of, times};
use crate::{Effort, Fault, Vendor};

/// Median processor time of each peer, in the order of [`Peer::ALL`].
pub type Medians = Vec<(Peer, Duration)>;

/// Measures both vendors.
///
/// # Errors
///
/// When a request fails.
pub async fn run(report: &mut Report, effort: Effort) -> Result<Vec<(Vendor, Medians)>, Fault> {
    let server = Server::start(effort.keys)?;
    report.section(&format!("List {} keys, no latency: processor time", effort.keys));
    let mut all = Vec::new();
    for vendor in Vendor::ALL {
        let medians = interleaved(vendor, &server.url, effort).await?;
        let floor = of_peer(&medians, Peer::Floor);
        let mut rows = vec![["", "CPU", "ratio to the floor"].map(str::to_owned).to_vec()];
        for (peer, time) in &medians {
            let name = of(vendor, peer.name(vendor));
            rows.push(vec![name, format!("{:.1} ms", time.as_secs_f64() * 1e3), times(ratio(*time, floor))]);
        }
        report.table(&rows);
        let ours = ratio(of_peer(&medians, Peer::Anykey), floor);
        let best =
            Peer::OTHERS.iter().map(|peer| ratio(of_peer(&medians, *peer), floor)).fold(f64::MAX, f64::min);
        report.verdict(of(vendor, "list, CPU"), "≤ 1.45 × floor", times(ours), ours <= 1.45);
        let light = ratio(of_peer(&medians, Peer::AnykeyHyper), floor);
        report.verdict(of(vendor, "list, CPU, on `hyper`"), "≤ 1.25 × floor", times(light), light <= 1.25);
        report.verdict(
            of(vendor, "list, CPU, against the best peer"),
            format!("< {}", times(best)),
            times(ours),
            ours < best,
        );
        all.push((vendor, medians));
    }
    Ok(all)
}

/// The median of `peer`; zero where it took no part.
#[must_use]
pub fn of_peer(medians: &Medians, peer: Peer) -> Duration {
    medians.iter().find(|(other, _)| *other == peer).map(|(_, time)| *time).unwrap_or_default()
}

async fn interleaved(vendor: Vendor, url: &str, effort: Effort) -> Result<Medians, Fault> {
    let mut runs = Vec::new();
    for peer in Peer::ALL {
        runs.push((peer, Client::new(peer, vendor, url)?, Vec::new()));
    }
    for round in 0..=effort.rounds {
        for (peer, client, costs) in &mut runs {
            let (count, Cost { cpu, .. }) = cost(client.list()).await;
            if count? != effort.keys {
                return Err(format!("{} lost keys", peer.name(vendor)).into());
            }
            if round > 0 {
                costs.push(cpu);
            }
        }
    }
    Ok(runs.into_iter().map(|(peer, _, costs)| (peer, median(costs))).collect())
}

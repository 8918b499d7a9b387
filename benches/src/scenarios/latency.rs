//! Reading a whole listing while every answer takes its time.

use std::time::Duration;

use crate::measure::{cost, median, ratio};
use crate::peers::anykey::Anykey;
use crate::peers::{Client, Peer};
use crate::process::Server;
use crate::report::{Report, of, times};
use crate::scenarios::list::{Medians, of_peer};
use crate::{Effort, Fault, Vendor};

const TAKING_PART: [Peer; 5] =
    [Peer::Floor, Peer::Anykey, Peer::AnykeySingle, Peer::Handwritten, Peer::Official];

/// Measures both vendors with each latency, in milliseconds.
///
/// # Errors
///
/// When a request fails.
pub async fn run(report: &mut Report, effort: Effort) -> Result<Vec<(Vendor, u64, Medians)>, Fault> {
    let mut server = Server::start(effort.keys)?;
    let mut all = Vec::new();
    for (latency, rounds) in [(20, effort.rounds.min(3)), (100, 1)] {
        report.section(&format!(
            "List {} keys, {latency} ms for each answer, pacing off: elapsed",
            effort.keys
        ));
        for vendor in Vendor::ALL {
            server.reset()?;
            server.latency(latency)?;
            let medians = one_after_another(vendor, &server.url, rounds).await?;
            let others = [Peer::Handwritten, Peer::Official].map(|peer| of_peer(&medians, peer));
            let best = others.into_iter().min().unwrap_or_default();
            let mut rows = vec![["", "elapsed", "of the best peer"].map(str::to_owned).to_vec()];
            for (peer, time) in &medians {
                let name = of(vendor, peer.name(vendor));
                rows.push(vec![name, format!("{:.2} s", time.as_secs_f64()), times(ratio(*time, best))]);
            }
            report.table(&rows);
            let faster = ratio(best, of_peer(&medians, Peer::Anykey));
            report.verdict(
                of(vendor, &format!("list, {latency} ms for each answer, default call")),
                "≥ 7 × faster than the best peer",
                times(faster),
                faster >= 7.0,
            );
            all.push((vendor, latency, medians));
        }
    }
    server.reset()?;
    for vendor in Vendor::ALL {
        let plain = Anykey::new(vendor, &server.url)?;
        let kept = plain.ids().await? == plain.clone().in_flight(1).ids().await?;
        let found = if kept { "the same" } else { "another" };
        report.verdict(of(vendor, "order with the default call"), "that of one page at a time", found, kept);
    }
    Ok(all)
}

async fn one_after_another(vendor: Vendor, url: &str, rounds: usize) -> Result<Medians, Fault> {
    let mut runs = Vec::new();
    for peer in TAKING_PART {
        runs.push((peer, Client::new(peer, vendor, url)?, Vec::<Duration>::new()));
    }
    for _ in 0..rounds {
        for (_, client, costs) in &mut runs {
            let (count, cost) = cost(client.list()).await;
            count?;
            costs.push(cost.elapsed);
        }
    }
    Ok(runs.into_iter().map(|(peer, _, costs)| (peer, median(costs))).collect())
}

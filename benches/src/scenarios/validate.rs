//! Asking whether a key is valid: what it costs the processor.

use futures_util::{StreamExt, stream};

use crate::measure::{cost, median, ratio};
use crate::peers::{Client, Peer};
use crate::process::Server;
use crate::report::{Report, of, times};
use crate::scenarios::list::{Medians, of_peer};
use crate::{Effort, Fault, Vendor};

const CALLS: usize = 640;

/// Measures both vendors, one call after another and 64 at once.
///
/// # Errors
///
/// When a request fails.
pub async fn run(report: &mut Report, effort: Effort) -> Result<Vec<(Vendor, usize, Medians)>, Fault> {
    let server = Server::start(100)?;
    let mut all = Vec::new();
    for (at_once, goal) in [(1, 1.25), (64, 1.3)] {
        report.section(&format!("Validate, {at_once} at once: processor time per call"));
        for vendor in Vendor::ALL {
            let medians = interleaved(vendor, &server.url, effort, at_once).await?;
            let floor = of_peer(&medians, Peer::Floor);
            let mut rows = vec![["", "CPU", "ratio to the floor"].map(str::to_owned).to_vec()];
            for (peer, time) in &medians {
                let micros = time.as_secs_f64() * 1e6 / CALLS as f64;
                let name = of(vendor, peer.name(vendor));
                rows.push(vec![name, format!("{micros:.1} µs"), times(ratio(*time, floor))]);
            }
            report.table(&rows);
            let ours = ratio(of_peer(&medians, Peer::Anykey), floor);
            let theirs = ratio(of_peer(&medians, Peer::Handwritten), floor);
            let what = format!("validate, {at_once} at once, CPU");
            report.verdict(of(vendor, &what), format!("≤ {goal} × floor"), times(ours), ours <= goal);
            let light = ratio(of_peer(&medians, Peer::AnykeyHyper), floor);
            let on_hyper = format!("{what}, on `hyper`");
            report.verdict(of(vendor, &on_hyper), format!("≤ {goal} × floor"), times(light), light <= goal);
            report.verdict(
                of(vendor, &format!("{what}, against hand-written reqwest")),
                format!("≤ {}", times(theirs)),
                times(ours),
                ours <= theirs,
            );
            all.push((vendor, at_once, medians));
        }
    }
    Ok(all)
}

async fn interleaved(vendor: Vendor, url: &str, effort: Effort, at_once: usize) -> Result<Medians, Fault> {
    let mut runs = Vec::new();
    for peer in Peer::PLAIN {
        runs.push((peer, Client::new(peer, vendor, url)?, Vec::new()));
    }
    for round in 0..=effort.rounds {
        for (_, client, costs) in &mut runs {
            let (result, cost) = cost(many(client, at_once)).await;
            result?;
            if round > 0 {
                costs.push(cost.cpu);
            }
        }
    }
    Ok(runs.into_iter().map(|(peer, _, costs)| (peer, median(costs))).collect())
}

async fn many(client: &Client, at_once: usize) -> Result<(), Fault> {
    let mut calls = stream::iter(0..CALLS).map(|_| client.validate()).buffer_unordered(at_once);
    while let Some(result) = calls.next().await {
        result?;
    }
    Ok(())
}

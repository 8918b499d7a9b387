//! A fresh process: read the configuration, build a client, ask once.

use std::time::Duration;

use anykey::{Config, KeyCode, LicenseProvider, Providers, ValidateRequest};

use crate::measure::{cpu_time, median, ratio};
use crate::peers::{Client, Peer};
use crate::process::{Server, fresh};
use crate::report::{Report, of, times};
use crate::scenarios::list::{Medians, of_peer};
use crate::vendor::{CODE, ORGANIZATION, TOKEN};
use crate::{Effort, Fault, Vendor};

/// Measures both vendors.
///
/// # Errors
///
/// When a process fails.
pub fn run(report: &mut Report, effort: Effort) -> Result<Vec<(Vendor, Medians)>, Fault> {
    report.section("A fresh process reads its configuration, builds a client and asks once: processor time");
    let server = Server::start(100)?;
    let mut all = Vec::new();
    for vendor in Vendor::ALL {
        let mut costs: Vec<(Peer, Vec<Duration>)> =
            Peer::PLAIN.into_iter().map(|peer| (peer, Vec::new())).collect();
        for _ in 0..effort.rounds {
            for (peer, times) in &mut costs {
                let took = fresh(&["ask", &format!("{peer:?}"), vendor.word(), &server.url])?;
                times.push(Duration::from_nanos(took.trim().parse()?));
            }
        }
        let medians: Medians = costs.into_iter().map(|(peer, times)| (peer, median(times))).collect();
        let floor = of_peer(&medians, Peer::Floor);
        let mut rows = vec![["", "CPU", "ratio to the floor"].map(str::to_owned).to_vec()];
        for (peer, time) in &medians {
            let name = of(vendor, peer.name(vendor));
            rows.push(vec![name, format!("{:.2} ms", time.as_secs_f64() * 1e3), times(ratio(*time, floor))]);
        }
        report.table(&rows);
        let ours = ratio(of_peer(&medians, Peer::Anykey), floor);
        report.verdict(of(vendor, "fresh process asks once"), "≤ 2.5 × floor", times(ours), ours <= 2.5);
        let light = ratio(of_peer(&medians, Peer::AnykeyHyper), floor);
        report.verdict(of(vendor, "the same on `hyper`"), "≤ 2.5 × floor", times(light), light <= 2.5);
        all.push((vendor, medians));
    }
    Ok(all)
}

/// Asks once, in a process of its own, and prints what it took in nanoseconds.
///
/// # Errors
///
/// When the request fails.
pub async fn ask(peer: &str, vendor: Vendor, url: &str) -> Result<(), Fault> {
    let peer = Peer::PLAIN.into_iter().find(|known| format!("{known:?}") == peer).ok_or("no such peer")?;
    let before = cpu_time();
    if peer == Peer::Anykey {
        let text = match vendor {
            Vendor::Dodo => format!("provider = \"dodo\"\nbase_url = \"{url}\"\ntoken = \"{TOKEN}\"\n"),
            Vendor::Polar => format!(
                "provider = \"polar\"\nbase_url = \"{url}\"\norganization_id = \"{ORGANIZATION}\"\ntoken = {{ env = \"BENCH_TOKEN\" }}\n"
            ),
        };
        let text = text.replace(&format!("\"{TOKEN}\""), "{ env = \"BENCH_TOKEN\" }");
        let provider = Providers::open(&Config::from_toml(&text)?)?.default_provider()?;
        let valid = provider.validate(ValidateRequest::new(KeyCode::parse(CODE)?)).await?.is_valid();
        if !valid {
            return Err("the key is not valid".into());
        }
    } else {
        Client::new(peer, vendor, url)?.validate().await?;
    }
    println!("{}", cpu_time().saturating_sub(before).as_nanos());
    Ok(())
}

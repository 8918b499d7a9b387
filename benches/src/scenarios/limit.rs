//! Reading listings under the vendors' documented limits, as fast as those allow and never faster.
//!
//! The long listing has time run ten times as fast on both sides: 240 requests in 6 s instead of 60.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anykey::Keys;
use anykey_http::{Limit, ReqwestTransport};

use crate::measure::cost;
use crate::peers::anykey::Anykey;
use crate::peers::governed::Governed;
use crate::process::Server;
use crate::report::{Report, of};
use crate::{Effort, Fault, Vendor};

/// Of each answer, in milliseconds.
const LATENCY: u64 = 5;

/// Requests, and in how many milliseconds.
type Limits = Vec<(u32, u64)>;

fn limits(vendor: Vendor, times_as_fast: u64) -> Limits {
    let documented: &[(u32, u64)] = match vendor {
        Vendor::Dodo => &[(40, 1_000), (240, 60_000)],
        Vendor::Polar => &[(500, 60_000)],
    };
    documented.iter().map(|(requests, milliseconds)| (*requests, milliseconds / times_as_fast)).collect()
}

/// Measures both vendors with a listing that fits into one window and one that does not.
///
/// # Errors
///
/// When a request fails.
pub async fn run(report: &mut Report, effort: Effort) -> Result<(), Fault> {
    report.section("List under the documented limits, default call, 5 ms for each answer");
    let mut rows =
        vec![["", "requests", "elapsed", "the limit allows", "reached", "429"].map(str::to_owned).to_vec()];
    for (keys, times_as_fast) in [(effort.keys, 1), (effort.keys * 11, 10)] {
        let mut server = Server::start(keys)?;
        for vendor in Vendor::ALL {
            let limits = limits(vendor, times_as_fast);
            let clock = if times_as_fast == 1 { "" } else { ", a minute lasts 6 s" };
            for paced in Paced::ALL {
                let outcome = list(&mut server, vendor, paced, &limits, keys).await?;
                rows.push(outcome.row(of(vendor, &format!("{keys} keys{clock}, {}", paced.name()))));
                if paced == Paced::Own && outcome.bound {
                    report.verdict(
                        of(vendor, &format!("list {keys} keys under the limit")),
                        "≥ 95 % of what it allows, no 429",
                        format!("{:.0} %, {} × 429", outcome.reached * 100.0, outcome.over_limit),
                        outcome.reached >= 0.95 && outcome.over_limit == 0,
                    );
                }
            }
        }
    }
    report.table(&rows);
    Ok(())
}

/// Who keeps to the limits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Paced {
    Own,
    /// `governor`, with this part of a limit at once.
    Governor(u32),
}

impl Paced {
    const ALL: [Self; 3] = [Self::Own, Self::Governor(20), Self::Governor(2)];

    const fn name(self) -> &'static str {
        match self {
            Self::Own => "anykey",
            Self::Governor(2) => "`governor`, half at once",
            Self::Governor(_) => "`governor`, a 20th at once",
        }
    }
}

struct Outcome {
    requests: u64,
    elapsed: Duration,
    allowed: Duration,
    reached: f64,
    over_limit: u64,
    /// Whether a limit, and not the latency, decides how long it takes.
    bound: bool,
}

impl Outcome {
    fn row(&self, name: String) -> Vec<String> {
        vec![
            name,
            self.requests.to_string(),
            format!("{:.2} s", self.elapsed.as_secs_f64()),
            format!("{:.2} s", self.allowed.as_secs_f64()),
            format!("{:.0} %", self.reached * 100.0),
            self.over_limit.to_string(),
        ]
    }
}

async fn list(
    server: &mut Server,
    vendor: Vendor,
    paced: Paced,
    limits: &Limits,
    keys: usize,
) -> Result<Outcome, Fault> {
    server.reset()?;
    server.latency(LATENCY)?;
    for (requests, milliseconds) in limits {
        server.limit(*requests, *milliseconds)?;
    }
    let (count, spent) = cost(anykey(vendor, &server.url, paced, limits)?.list()).await;
    if count? != keys {
        return Err("keys were lost".into());
    }
    let tally = server.tally()?;
    let by_limits = fastest(usize::try_from(tally.requests)?, limits);
    let by_latency = Duration::from_millis(LATENCY * tally.requests).div_f64(Keys::MAX_PREFETCH as f64);
    let allowed = by_limits.max(by_latency);
    Ok(Outcome {
        requests: tally.requests,
        elapsed: spent.elapsed,
        allowed,
        reached: (allowed.as_secs_f64() / spent.elapsed.as_secs_f64()).min(1.0),
        over_limit: tally.over_limit,
        bound: by_limits > by_latency,
    })
}

fn anykey(vendor: Vendor, url: &str, paced: Paced, limits: &Limits) -> Result<Anykey, Fault> {
    match paced {
        Paced::Own => {
            let limits = limits.iter().filter_map(|(requests, milliseconds)| {
                Some(Limit::new(NonZeroU32::new(*requests)?, Duration::from_millis(*milliseconds)))
            });
            let transport = Arc::new(ReqwestTransport::default());
            Anykey::with(vendor, url, transport, &limits.collect::<Vec<_>>())
        }
        Paced::Governor(at_once) => Anykey::with(vendor, url, Governed::new(limits, at_once), &[]),
    }
}

/// How long `requests` take that come as soon as every limit lets them.
fn fastest(requests: usize, limits: &[(u32, u64)]) -> Duration {
    let mut times: Vec<Duration> = Vec::with_capacity(requests);
    for index in 0..requests {
        let earliest = limits.iter().filter_map(|(most, per)| {
            let before = index.checked_sub(usize::try_from(*most).ok()?)?;
            Some(times[before] + Duration::from_millis(*per))
        });
        let time = earliest.chain(times.last().copied()).max().unwrap_or_default();
        times.push(time);
    }
    times.last().copied().unwrap_or_default()
}

//! What the trait object and the wrappers cost for each call, with the provider in memory.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use anykey::{CreateRequest, InMemoryProvider, KeyCode, LicenseProvider, Timestamp, ValidateRequest};
use anykey_cache::CachedProvider;

use crate::measure::{cost, median, ratio};
use crate::report::{Report, times};
use crate::vendor::CODE;
use crate::{Effort, Fault};

const CALLS: u32 = 20_000;

/// Measures a validation.
///
/// # Errors
///
/// When the provider fails.
pub async fn run(report: &mut Report, effort: Effort) -> Result<(), Fault> {
    report.section("A validation in memory: processor time per call");
    let direct = InMemoryProvider::new(Timestamp::now);
    direct.create(CreateRequest::new(KeyCode::parse(CODE)?, "cus_1", "pdt_1")).await?;
    let dynamic: Arc<dyn LicenseProvider> = Arc::new(direct.clone());
    let twice: Arc<dyn LicenseProvider> = Arc::new(Arc::clone(&dynamic));
    let cached = CachedProvider::new(Arc::clone(&dynamic));
    let mut costs = [const { Vec::new() }; 4];
    for round in 0..=effort.rounds {
        let times =
            [many(&direct).await?, many(&*dynamic).await?, many(&*twice).await?, many(&cached).await?];
        if round > 0 {
            for (all, time) in costs.iter_mut().zip(times) {
                all.push(time);
            }
        }
    }
    let [direct, dynamic, twice, cached] = costs.map(median);
    let nanoseconds = |time: Duration| time.as_secs_f64() * 1e9 / f64::from(CALLS);
    let row = |name: &str, time: Duration| {
        let more = nanoseconds(time) - nanoseconds(direct);
        vec![
            name.to_owned(),
            format!("{:.0} ns", nanoseconds(time)),
            format!("{more:.0} ns"),
            times(ratio(time, direct)),
        ]
    };
    report.table(&[
        ["", "CPU", "more", "ratio to a direct call"].map(str::to_owned).to_vec(),
        row("direct", direct),
        row("`Arc<dyn LicenseProvider>`", dynamic),
        row("an `Arc` of it as a wrapper, behind another", twice),
        row("`CachedProvider`, answer at hand", cached),
    ]);
    let more = nanoseconds(twice).max(nanoseconds(cached)) - nanoseconds(direct);
    let found = format!("{more:.0} ns, {}", times(ratio(twice.max(cached), direct)));
    report.verdict("`Arc<dyn>` and a wrapper, per call", "< 1 µs", found, more < 1_000.0);
    Ok(())
}

async fn many(provider: &(impl LicenseProvider + ?Sized)) -> Result<Duration, Fault> {
    let code = KeyCode::parse(CODE)?;
    let (result, cost) = cost(async {
        for _ in 0..CALLS {
            black_box(provider.validate(ValidateRequest::new(code.clone())).await?);
        }
        Ok::<_, Fault>(())
    })
    .await;
    result?;
    Ok(cost.cpu)
}

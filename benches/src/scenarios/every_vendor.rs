//! Listing and validating at every vendor, from answers in memory: what the adapter, the client and the stream cost,
//! without a socket.
//!
//! The simulators answer once; their answers are then given again as often as it is measured.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::{Arc, Mutex, PoisonError};

use anykey::sim::{self, IssueSpec, SimulatedVendor, Simulator};
use anykey::{
    Capability, LicenseProvider, LicenseProviderExt, ListQuery, ManualClock, Timestamp, ValidateRequest,
};
use anykey_http::{HttpTransport, TransportError};
use async_trait::async_trait;
use bytes::Bytes;
use futures_util::TryStreamExt;
use http::{Method, Uri};

use crate::measure::{cost, median_number, ratio};
use crate::report::{Report, times};
use crate::{Effort, Fault};

/// Keys of each vendor.
const KEYS: usize = 1_000;
/// Listings in one measurement.
const LISTINGS: u32 = 4;
/// Validations in one measurement.
const VALIDATIONS: u32 = 400;

/// What one vendor costs.
#[derive(Clone, Debug)]
pub struct Costs {
    /// The vendor's name in a configuration.
    pub vendor: &'static str,
    /// Listing with `keys(query)`, as a ratio to reading the same bodies as `serde_json::Value`; `None` where the
    /// vendor does not list.
    pub list: Option<f64>,
    /// One validation, in microseconds.
    pub validate: f64,
}

/// Measures every vendor.
///
/// # Errors
///
/// When a simulator refuses.
pub async fn run(report: &mut Report, effort: Effort) -> Result<Vec<Costs>, Fault> {
    report.section(&format!(
        "Every vendor, from answers in memory: list {KEYS} keys with the default call, and validate; processor time"
    ));
    let head = ["", "list, a key", "to its JSON", "validate", "to its JSON"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let mut all = Vec::new();
    for simulator in sim::simulators() {
        let (row, costs) = measure(simulator, effort).await?;
        rows.push(row);
        all.push(costs);
    }
    report.table(&rows);
    report.line("\"To its JSON\" is the ratio to reading the same bodies as `serde_json::Value`.");
    Ok(all)
}

async fn measure(simulator: Simulator, effort: Effort) -> Result<(Vec<String>, Costs), Fault> {
    let vendor = simulator.start(ManualClock::at("2026-11-01T00:00:00Z".parse::<Timestamp>()?))?;
    let plane = vendor.planes().pop().ok_or("a vendor has a plane")?;
    let answers = Arc::new(Answers { vendor: vendor.transport(), known: Mutex::default() });
    let registry = sim::registry(&*vendor).with_transport(answers.clone());
    let provider = registry.build(&sim::config(&*vendor, &plane)?)?;
    let request = validation(&*vendor, KEYS)?;

    let has_list = provider.capabilities().contains(Capability::ListAll);
    let list = match has_list {
        true => {
            let listing = Work::List(ListQuery::new());
            Some(interleaved(&*provider, &answers, &listing, effort).await?)
        }
        false => None,
    };
    let validate = interleaved(&*provider, &answers, &Work::Validate(request), effort).await?;
    let in_micros = |time: f64| format!("{:.2} µs", time * 1e6);
    let (list_time, list_ratio) = match &list {
        Some(found) => (in_micros(found.time / KEYS as f64), times(found.ratio)),
        None => ("–".to_owned(), "–".to_owned()),
    };
    let row = vec![
        vendor.vendor().to_owned(),
        list_time,
        list_ratio,
        in_micros(validate.time),
        times(validate.ratio),
    ];
    let costs =
        Costs { vendor: vendor.vendor(), list: list.map(|found| found.ratio), validate: validate.time * 1e6 };
    Ok((row, costs))
}

/// Issues the keys, of which the last is validated, with an activation where the vendor has them.
fn validation(vendor: &dyn SimulatedVendor, keys: usize) -> Result<ValidateRequest, Fault> {
    let mut last = None;
    for _ in 0..keys {
        last = Some(vendor.issue(IssueSpec::new()).ok_or("every vendor issues such a key")?);
    }
    let key = last.ok_or("no key")?;
    let mut request = ValidateRequest::new(key.code.clone());
    request.activation = vendor.activate(&key.id, "bench");
    Ok(request)
}

enum Work {
    List(ListQuery),
    Validate(ValidateRequest),
}

struct Found {
    /// Seconds for one listing or validation.
    time: f64,
    ratio: f64,
}

async fn interleaved(
    provider: &dyn LicenseProvider,
    answers: &Answers,
    work: &Work,
    effort: Effort,
) -> Result<Found, Fault> {
    answers.forget();
    once(provider, work).await?;
    let bodies = answers.bodies();
    let repeats = match work {
        Work::List(_) => LISTINGS,
        Work::Validate(_) => VALIDATIONS,
    };
    let (mut spent, mut ratios) = (Vec::new(), Vec::new());
    for round in 0..=effort.rounds {
        let (result, ours) = cost(async {
            for _ in 0..repeats {
                once(provider, work).await?;
            }
            Ok::<_, Fault>(())
        })
        .await;
        result?;
        let (result, json) = cost(async {
            for _ in 0..repeats {
                for body in &bodies {
                    black_box(serde_json::from_slice::<serde_json::Value>(body)?);
                }
            }
            Ok::<_, Fault>(())
        })
        .await;
        result?;
        if round > 0 {
            spent.push(ours.cpu.as_secs_f64() / f64::from(repeats));
            ratios.push(ratio(ours.cpu, json.cpu));
        }
    }
    Ok(Found { time: median_number(spent), ratio: median_number(ratios) })
}

async fn once(provider: &dyn LicenseProvider, work: &Work) -> Result<(), Fault> {
    match work {
        Work::List(query) => {
            let mut count = 0;
            let mut keys = provider.keys(query.clone());
            while let Some(key) = keys.try_next().await? {
                black_box(&key);
                count += 1;
            }
            // A simulator begins with keys of its own.
            if count >= KEYS { Ok(()) } else { Err("a listing lost keys".into()) }
        }
        Work::Validate(request) => match provider.validate(request.clone()).await?.is_valid() {
            true => Ok(()),
            false => Err("the key is not valid".into()),
        },
    }
}

/// A simulator's answers, kept.
struct Answers {
    vendor: Arc<dyn HttpTransport>,
    known: Mutex<HashMap<(Method, Uri), http::Response<Bytes>>>,
}

impl Answers {
    fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn bodies(&self) -> Vec<Bytes> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.values().map(|answer| answer.body().clone()).filter(|body| !body.is_empty()).collect()
    }

    fn find(&self, request: &http::Request<Bytes>) -> Option<http::Response<Bytes>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&(request.method().clone(), request.uri().clone())).cloned()
    }
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answers")
    }
}

#[async_trait]
impl HttpTransport for Answers {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        if let Some(answer) = self.find(&request) {
            return Ok(answer);
        }
        let asked = (request.method().clone(), request.uri().clone());
        let answer = self.vendor.send(request).await?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(asked, answer.clone());
        Ok(answer)
    }
}

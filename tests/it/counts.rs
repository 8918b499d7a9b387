//! What is counted for the crate `metrics`, at every vendor.

use std::collections::BTreeMap;

use anykey::sim::{self, Fault, RetryAfter, Role, Rule, SimulatedVendor};
use anykey::{Capability, LicenseProvider, ManualClock, ValidateRequest};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

/// Counters by name and the values of their labels, without the provider.
type Counts = BTreeMap<String, u64>;

/// Runs `work` on a paused clock and returns what it counted.
fn counted(provider: &str, work: impl Future<Output = ()>) -> Counts {
    let recorder = DebuggingRecorder::new();
    let snapshots = recorder.snapshotter();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    metrics::with_local_recorder(&recorder, || runtime.block_on(work));
    let counters = snapshots.snapshot().into_vec().into_iter().map(|(key, _, _, value)| {
        let mut labels: Vec<_> = key.key().labels().map(metrics::Label::value).collect();
        labels.retain(|label| *label != provider);
        let DebugValue::Counter(count) = value else { panic!("{key:?} is no counter") };
        (format!("{} {}", key.key().name(), labels.join(" ")), count)
    });
    counters.collect()
}

async fn validate(provider: &dyn LicenseProvider, vendor: &dyn SimulatedVendor, role: Role) -> String {
    let key = vendor.seed(role).unwrap();
    match provider.validate(ValidateRequest::new(key.code)).await {
        Ok(answer) => answer.refusal().map_or("", |refusal| refusal.reason.name()).to_owned(),
        Err(error) => error.kind().name().to_owned(),
    }
}

#[test]
fn calls_are_counted_by_what_they_came_to_and_attempts_by_status() {
    let mut vendors = 0;
    for simulator in sim::simulators() {
        let vendor = simulator.start(ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap())).unwrap();
        let plane = vendor.planes().swap_remove(0);
        let provider = sim::provider(&*vendor, &plane).unwrap();
        if !provider.capabilities().contains(Capability::ValidateWithoutSeat) {
            continue;
        }
        vendors += 1;
        let name = provider.name();
        let count = |counts: &Counts, counter: &str| counts.get(counter).copied().unwrap_or_default();

        let good = counted(name, async {
            vendor.faults().inject(Rule::next(Fault::rate_limited(RetryAfter::Seconds(0))));
            assert_eq!(validate(&*provider, &*vendor, Role::Good).await, "", "{name}");
        });
        assert_eq!(count(&good, "anykey_calls_total validate success "), 1, "{good:?}");
        assert_eq!(count(&good, "anykey_attempts_total validate 429"), 1, "{good:?}");
        assert_eq!(count(&good, "anykey_retries_total validate"), 1, "{good:?}");

        let mut reason = String::new();
        let refused = counted(name, async {
            reason = validate(&*provider, &*vendor, Role::Disabled).await;
        });
        assert_eq!(
            count(&refused, &format!("anykey_calls_total validate refusal {reason}")),
            1,
            "{refused:?}"
        );

        let failed = counted(name, async {
            vendor.faults().inject(Rule::always(Fault::ConnectionRefused));
            assert_eq!(validate(&*provider, &*vendor, Role::Good).await, "transport", "{name}");
        });
        assert_eq!(count(&failed, "anykey_calls_total validate failure transport"), 1, "{failed:?}");
        let attempts = count(&failed, "anykey_attempts_total validate connect");
        assert_eq!(count(&failed, "anykey_retries_total validate"), attempts - 1, "{failed:?}");
    }
    assert!(vendors > 1, "{vendors}");
}

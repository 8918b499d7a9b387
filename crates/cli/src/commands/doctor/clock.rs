use anykey::adapter::KeyCodeExt as _;
use anykey::{Capability, KeyCode, LicenseProvider, SignedDuration, Timestamp, ValidateRequest};

use super::finding::Finding;
use crate::context::Context;
use crate::target::Target;

/// Webhooks and signed answers are good for five minutes.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// Compares this machine's clock with the time of the vendor's answer about a key that no vendor has; `None` when the
/// answer has no time.
pub(super) async fn compare(
    context: &Context,
    target: &Target,
    provider: &dyn LicenseProvider,
) -> Option<Finding> {
    let can = |capability| provider.capabilities().contains(capability);
    if !can(Capability::Validate) || !can(Capability::ValidateWithoutSeat) {
        return None;
    }
    let request = ValidateRequest::new(KeyCode::verbatim("anykey-doctor"));
    let answered_at = provider.validate(request).await.ok()?.answered_at?;
    Some(finding(&target.name, answered_at, context.clock.now()))
}

fn finding(provider: &str, vendors: Timestamp, ours: Timestamp) -> Finding {
    let ahead = ours.duration_since(vendors);
    if ahead.abs() <= TOLERANCE {
        return Finding::good(Some(provider), "clock", "agrees with the vendor's".to_owned());
    }
    let direction = if ahead.is_negative() { "behind" } else { "ahead of" };
    Finding::warning(
        Some(provider),
        "clock",
        format!("this machine is {} s {direction} the vendor", ahead.as_secs().unsigned_abs()),
        "set the clock: webhooks and signed answers are good for five minutes",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_tolerance_is_a_warning() {
        let now: Timestamp = "2027-01-15T12:00:00Z".parse().unwrap();
        let text = |seconds| {
            serde_json::to_string(&finding("main", now, now + SignedDuration::from_secs(seconds))).unwrap()
        };
        assert!(text(300).contains("good"));
        assert!(text(301).contains("301 s ahead of the vendor"));
        assert!(text(-301).contains("301 s behind the vendor"));
    }
}

use std::sync::Arc;

use anykey_core::{
    LicenseKeyId, LicenseProvider, ManualClock, Operation, RefusalReason, StatusChange, async_trait,
};

use super::{IssueSpec, IssuedKey};

/// A provider under test, and the hands that the vendor's own back office has behind it.
///
/// The suite acts on the vendor in two ways: through the [`provider`](Self::provider), which it judges, and
/// through this trait, which it trusts. Each scenario gets a subject of its own: a vendor without any key,
/// with two products and two customers.
///
/// Turn pacing off in the provider and rate limits off in a simulator: a scenario sends up to a few dozen
/// requests in a row.
#[async_trait]
pub trait Subject: Send + Sync {
    /// The provider to judge; each call may return the same one.
    fn provider(&self) -> Arc<dyn LicenseProvider>;

    /// Issues a key as the vendor's shop does when somebody buys; `None` when this vendor has no such keys,
    /// which the suite shows as a skip.
    ///
    /// Where the provider acts for one customer only, that one is [`Which::First`](super::Which::First).
    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey>;

    /// Changes a key's status as the seller does in the vendor's dashboard; `None` when this vendor knows no
    /// such change, which the suite shows as a skip.
    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()>;

    /// The vendor's clock, which is also the provider's where that one reads the time. It stands on a whole
    /// second.
    fn clock(&self) -> &ManualClock;

    /// The reason that `operation` reports when the vendor refuses because of `cause`.
    ///
    /// The default is precise. A vendor that does not tell causes apart documents it here, one by one: Dodo's
    /// validation always reports [`Unspecified`](RefusalReason::Unspecified).
    fn told(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        let _ = operation;
        cause
    }

    /// Whether a key that the vendor refuses because of `cause` keeps its seats: the vendor refuses to give them back
    /// too. Lemon Squeezy does so for a disabled key.
    fn keeps_seats(&self, cause: RefusalReason) -> bool {
        let _ = cause;
        false
    }

    /// How many keys the vendor puts on one page at most.
    fn max_page_size(&self) -> u32 {
        100
    }

    /// Texts that were given to the provider and must never be printed, such as its API token. The issued
    /// codes are looked for anyway.
    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }
}

//! The work that the vendor's server does after a request, in its queue.

use uuid::Uuid;

/// A background job of the server.
///
/// Until it has run, a grant is not yet what its key is. [`PolarSim::run_jobs`](super::PolarSim::run_jobs) runs all
/// of it at a moment that the test chooses.
pub(super) enum Job {
    /// After a change of status in the dashboard or by the API: updates the grant of this key.
    SyncGrant(Uuid),
    /// The customer was deleted.
    RevokeCustomer(Uuid),
    /// The benefit was deleted.
    RevokeBenefit(Uuid),
    /// The benefit's limits or its expiry were changed.
    UpdateBenefit(Uuid),
}

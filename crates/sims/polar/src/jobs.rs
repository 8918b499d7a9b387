use uuid::Uuid;

/// Work that the server leaves to its background worker.
pub(super) enum Job {
    /// After a change of status in the dashboard or by the API: makes the grant of this key follow.
    SyncGrant(Uuid),
    /// The customer was deleted.
    RevokeCustomer(Uuid),
    /// The benefit was deleted.
    RevokeBenefit(Uuid),
    /// The benefit's limits or its expiry were edited.
    UpdateBenefit(Uuid),
}

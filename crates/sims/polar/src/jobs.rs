use uuid::Uuid;

/// A background job of the server.
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

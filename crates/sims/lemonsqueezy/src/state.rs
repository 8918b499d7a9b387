//! What the handles of a simulator share.

use super::database::Database;
use super::ids::IdSource;
use super::quirks::Quirks;
use super::rate_limit::RateLimiter;
use super::webhooks::outbox::Outbox;

/// The state that the handles of a simulator share.
pub(super) struct State {
    pub(super) quirks: Quirks,
    pub(super) limiter: RateLimiter,
    pub(super) ids: IdSource,
    pub(super) database: Database,
    pub(super) outbox: Outbox,
}

use super::database::Database;
use super::ids::IdSource;
use super::quirks::Quirks;
use super::rate_limit::RateLimiter;
use super::webhooks::Outbox;

/// What the handles of one simulator share, behind one lock: a call sees no other halfway.
pub(super) struct State {
    pub(super) quirks: Quirks,
    pub(super) limiter: RateLimiter,
    pub(super) ids: IdSource,
    pub(super) database: Database,
    pub(super) outbox: Outbox,
}

//! What the handles of a simulator share.

use super::database::Database;
use super::environment::Environment;
use super::ids::IdSource;
use super::quirks::Quirks;
use super::rate_limit::RateLimiter;

/// The state that all handles of one simulator share, behind one lock, so that calls are atomic.
pub(super) struct State {
    pub(super) environment: Environment,
    pub(super) quirks: Quirks,
    pub(super) limiter: RateLimiter,
    pub(super) ids: IdSource,
    pub(super) database: Database,
}

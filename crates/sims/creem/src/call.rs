//! What one API call works with.

use std::sync::Arc;

use anykey_core::Timestamp;

use super::Mode;
use super::state::State;

/// The state and the time of one API call, and the store and mode of its API key.
pub(super) struct Call<'s> {
    pub(super) state: &'s mut State,
    pub(super) now: Timestamp,
    pub(super) store: Arc<str>,
    pub(super) mode: Mode,
}

//! What one API call works with.

use anykey_core::Timestamp;

use super::state::State;

/// The state and the time of one API call.
pub(super) struct Call<'s> {
    pub(super) state: &'s mut State,
    pub(super) now: Timestamp,
}

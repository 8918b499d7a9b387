use anykey_core::Timestamp;

use super::state::State;

/// What every call works on.
pub(super) struct Call<'s> {
    pub(super) state: &'s mut State,
    pub(super) now: Timestamp,
}

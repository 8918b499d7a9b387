use anykey_core::{Clock, Timestamp};
use anykey_sim_kit::SharedState;

use crate::state::State;
use crate::switches::Switches;

/// A WordPress site with Digital License Manager in memory, as a transport. Clones share it.
///
/// It starts without keys and without consumer keys.
#[derive(Clone, Debug)]
pub struct DlmSim {
    pub(crate) clock: Clock,
    pub(crate) state: SharedState<State>,
}

impl DlmSim {
    /// A site without any key, by `clock`.
    #[must_use]
    pub fn new(clock: impl Into<Clock>) -> Self {
        Self { clock: clock.into(), state: SharedState::new(State::new()) }
    }

    /// Changes the switches.
    pub fn change_switches(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.state.lock().switches);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use anykey_core::Clock;

use crate::SimulatedVendor;

/// The entry point of one vendor's simulator. Every simulator crate exports one as `SIMULATOR`.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "simulators outside this workspace write it as a constant")]
pub struct Simulator {
    /// The vendor's name in a configuration, such as `dodo`.
    pub vendor: &'static str,
    /// The vendor's display name, such as `Dodo Payments`.
    pub title: &'static str,
    /// The releases of the vendor's API that can be simulated, the current one first.
    pub releases: &'static [&'static str],
    /// Starts a vendor; see [`start`](Self::start).
    pub start: fn(Clock, &str) -> Started,
}

/// The error of a simulator that cannot be started.
pub type StartError = Box<dyn Error + Send + Sync>;

/// The result of starting a simulator.
pub type Started = Result<Arc<dyn SimulatedVendor>, StartError>;

impl Simulator {
    /// Starts the vendor with the current release of its API and the clock `clock`, without keys.
    ///
    /// # Errors
    ///
    /// [`StartError`] when the simulator rejects its own initial data, which is a bug of the simulator.
    pub fn start(&self, clock: impl Into<Clock>) -> Started {
        (self.start)(clock.into(), self.releases.first().copied().unwrap_or_default())
    }

    /// Starts the vendor with another release of its API, one of [`releases`](Self::releases).
    ///
    /// # Errors
    ///
    /// [`StartError`] when there is no such release.
    pub fn start_release(&self, clock: impl Into<Clock>, release: &str) -> Started {
        if !self.releases.contains(&release) {
            let known = self.releases.join(", ");
            return Err(format!("{} has no release `{release}`; known are {known}", self.title).into());
        }
        (self.start)(clock.into(), release)
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("vendor", &self.vendor)
            .field("releases", &self.releases)
            .finish_non_exhaustive()
    }
}

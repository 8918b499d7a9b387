use std::error::Error;
use std::fmt;
use std::sync::Arc;

use anykey_core::Clock;

use crate::SimulatedVendor;

/// How to start one vendor's simulator. Every simulator crate exports one as `SIMULATOR`.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "simulators outside this workspace write it as a constant")]
pub struct Simulator {
    /// The word that chooses the vendor in a configuration: `dodo`.
    pub vendor: &'static str,
    /// The vendor's name: `Dodo Payments`.
    pub title: &'static str,
    /// The states of the vendor's API that can be simulated, the present one first.
    pub releases: &'static [&'static str],
    /// Starts a vendor; see [`start`](Self::start).
    pub start: fn(Clock, &str) -> Started,
}

/// Why a simulator does not start: its vendor refuses the data that it starts with.
pub type StartError = Box<dyn Error + Send + Sync>;

/// A vendor that was started.
pub type Started = Result<Arc<dyn SimulatedVendor>, StartError>;

impl Simulator {
    /// Starts the vendor as its API is at present, by `clock`, without any key.
    ///
    /// # Errors
    ///
    /// [`StartError`], which is a fault of the simulator.
    pub fn start(&self, clock: impl Into<Clock>) -> Started {
        (self.start)(clock.into(), self.releases.first().copied().unwrap_or_default())
    }

    /// Starts the vendor as its API was or is going to be, in one of [`releases`](Self::releases).
    ///
    /// # Errors
    ///
    /// When there is no such release.
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

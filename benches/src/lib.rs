//! Measures anykey against its peers.

pub mod bodies;
pub mod charts;
pub mod drawings;
pub mod measure;
pub mod peers;
pub mod process;
pub mod report;
pub mod scenarios;
pub mod server;
pub mod vendor;

pub use vendor::Vendor;

/// What goes wrong in a measurement.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Rounds that each measurement is repeated for.
    pub rounds: usize,
    /// Keys in a listing.
    pub keys: usize,
}

impl Effort {
    /// Enough for figures that hold.
    pub const FULL: Self = Self { rounds: 21, keys: 10_000 };
    /// Enough to see that everything runs.
    pub const QUICK: Self = Self { rounds: 3, keys: 2_000 };
}

//! What is measured.

pub mod allocations;
pub mod build;
pub mod coalescing;
pub mod cold_start;
pub mod decode;
pub mod every_vendor;
pub mod faults;
pub mod latency;
pub mod limit;
pub mod list;
pub mod memory;
pub mod overhead;
pub mod repeat;
pub mod validate;

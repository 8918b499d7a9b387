//! Runs the crate `keygen-rs`, unchanged, on the simulator of Keygen over loopback HTTP.
//!
//! The crate's configuration is one value of the process, which the calls with the seller's token read, so all of them
//! are in one test.

mod device;
mod files;
mod seller;
mod signatures;
mod vendor;

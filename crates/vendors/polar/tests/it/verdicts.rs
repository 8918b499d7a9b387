//! What one call of Polar leaves open, and how it is settled: no wrong verdict, no seat and no usage too many.

mod activating;
mod deactivating;
mod foreign;
mod validating;

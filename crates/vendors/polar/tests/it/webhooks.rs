//! Polar's deliveries: those that its server really sent, the contract's vectors, and odd ones.

mod events;
mod recorded;
mod schemes;
mod signed;
mod simulated;

//! Dodo's deliveries: the contract's vector, every type about keys, and odd ones.

mod events;
mod purchases;
mod scheme;
mod signed;
mod simulated;

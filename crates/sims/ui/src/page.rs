//! What the page looks like: HTML from the state of the vendors.

mod clock;
mod controls;
mod deliveries;
mod keys;
mod layout;
mod overview;
mod requests;
mod table;
mod text;
mod vendor;

pub(crate) use layout::Frame;
pub(crate) use overview::overview;
pub(crate) use vendor::vendor;

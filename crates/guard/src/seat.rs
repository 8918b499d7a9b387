//! The operations on the seat, one file each. Each takes a [`Session`](crate::session::Session) first.

mod activate;
mod adopt;
mod backup;
mod check;
mod deactivate;
mod replace;

pub use backup::SeatBackup;
pub use deactivate::Release;

pub(crate) use activate::{activate, activate_once_more};
pub(crate) use backup::restore;
pub(crate) use check::{apply, refresh, refresh_if_due};
pub(crate) use deactivate::{deactivate, forget};

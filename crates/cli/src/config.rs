//! Where the configuration is and what it says.

mod load;
mod locate;
mod overrides;
mod pacing;
mod schema;
mod secrets;
mod trust;

pub(crate) use load::{Loaded, load};
pub(crate) use locate::Place;
pub(crate) use overrides::overrides;
pub(crate) use pacing::pacing_folder;
pub(crate) use schema::schema;
pub(crate) use secrets::ConfigSecrets;
pub(crate) use trust::doubt;

//! What a caller asks for.

mod activate;
mod change;
mod create;
mod deactivate;
mod list;
mod patch;
mod renew;
mod validate;

pub use activate::ActivateRequest;
pub use change::Change;
pub use create::CreateRequest;
pub use deactivate::DeactivateRequest;
pub use list::ListQuery;
pub use patch::{LicensePatch, StatusChange};
pub use renew::RenewRequest;
pub use validate::ValidateRequest;

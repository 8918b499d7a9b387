//! For authors of adapters, wrappers and simulators; apps need none of it.
//!
//! - [`Vendor`] is the constant by which a registry knows an adapter, [`BuildContext`] what it is built with,
//!   [`ProviderSettings`] and [`ConfigField`] the fields of its configuration.
//! - [`check`] refuses what a provider cannot do, before anything is sent; [`Checked`] does it for a provider
//!   that does not check by itself.
//! - [`Named`] gives a provider, and [`NamedReceiver`] a webhook receiver, the name under which an app's
//!   configuration knows it.

mod check;
mod checked;
mod context;
mod field;
mod named;
mod named_receiver;
mod settings;
mod vendor;

pub use check::{Requirements, check, check_against};
pub use checked::Checked;
pub use context::BuildContext;
pub use field::{ConfigField, FieldKind};
pub use named::Named;
pub use named_receiver::NamedReceiver;
pub use settings::{ProviderSettings, SecretResolver, SecretSource};
pub use vendor::{BuildProvider, BuildReceiver, ConfigSchema, Vendor};

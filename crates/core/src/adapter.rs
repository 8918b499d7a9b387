//! For authors of adapters, wrappers and simulators; apps need none of it.
//!
//! - [`Vendor`] is the constant by which a registry knows an adapter, [`BuildContext`] what it is built with,
//!   [`ProviderSettings`] and [`ConfigField`] the fields of its configuration, and [`Siblings`] the other providers of
//!   that configuration.
//! - [`check`] refuses what a provider cannot do, before anything is sent; [`Checked`] does it for a provider
//!   that does not check by itself. [`not_configured`] is the error where a part of the provider is missing.
//!   [`check_allowed_products`] refuses a configuration with which every key would be refused, [`decoration`]
//!   finds what a value was copied together with, [`identifier_fault`] what is no id and no
//!   token, and [`check_webhook_secret`] what is no secret of an endpoint.
//! - [`ErrorExt`] sets what an error reports, [`PageTokenExt`] makes and reads page tokens, [`KeyCodeExt`] takes a code
//!   as the vendor wrote it, [`Paging`] and [`NumberedPage`] say which pages to ask a vendor for, [`customers_in_turn`]
//!   joins the listings of several customers, and [`plain_text`] cleans a vendor's text. [`product_after`] and
//!   [`seller_after`] share the texts that the keys of a list have in common.
//! - [`Probe`] holds the ids with which a check of a configuration asks a vendor without touching a key.
//! - [`closest`] finds the known word that a misspelled one probably means.
//! - [`Named`] gives a provider, [`NamedReceiver`] a webhook receiver, and [`NamedFeed`] a feed of waiting deliveries the
//!   name under which an app's configuration knows it.

mod allowed_products;
mod check;
mod checked;
mod closest;
mod context;
mod customers_in_turn;
mod decoration;
mod field;
mod named;
mod named_feed;
mod named_receiver;
mod numbered_page;
mod paging;
mod probe;
mod sealed;
mod settings;
mod shared_text;
mod siblings;
mod vendor;

pub(crate) use sealed::Sealed;

pub use crate::error::ErrorExt;
pub use crate::model::KeyCodeExt;
pub use crate::page::PageTokenExt;
pub use crate::text::plain_text;
pub use allowed_products::check_allowed_products;
pub use check::{Requirements, check, check_against, not_configured};
pub use checked::Checked;
pub use closest::closest;
pub use context::BuildContext;
pub use customers_in_turn::customers_in_turn;
pub use decoration::{check_webhook_secret, decoration, identifier_fault};
pub use field::{ConfigField, FieldKind};
pub use named::Named;
pub use named_feed::NamedFeed;
pub use named_receiver::NamedReceiver;
pub use numbered_page::NumberedPage;
pub use paging::Paging;
pub use probe::Probe;
pub use settings::{ProviderSettings, SecretReader, SecretResolver, SecretSource};
pub use shared_text::{product_after, seller_after};
pub use siblings::Siblings;
pub use vendor::{BuildFeed, BuildProvider, BuildReceiver, ConfigSchema, Vendor};

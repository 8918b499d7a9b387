//! The vendors' simulators with made-up shops: what `anykey sim` runs and the command's own tests use.

mod configuration;
mod dodo;
mod polar;
mod shop;
mod webhooks;

pub use configuration::{Served, Tokens, configuration};
pub use dodo::dodo_shop;
pub use polar::polar_shop;
pub use shop::{SampleKeys, Shop};
pub use webhooks::{Delivered, SendsWebhooks, Webhooks};

//! Webhooks: a vendor's delivery to the seller's endpoint, proven and read as an event.

mod error;
mod event;
mod feed;
mod granted_key;
mod kind;
mod lag;
mod purchase_keys;
mod raw_body;
mod receiver;

pub use error::{IgnoredDelivery, NotAuthentic, UnreadableDelivery, WebhookError};
pub use event::LicenseEvent;
pub use feed::{PendingDelivery, WebhookFeed};
pub use granted_key::GrantedKey;
pub use kind::EventKind;
pub use purchase_keys::PurchaseKeys;
pub use raw_body::RawBody;
pub use receiver::WebhookReceiver;

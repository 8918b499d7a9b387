//! What a vendor tells by itself: a delivery to the seller's endpoint, proven and read.

mod error;
mod event;
mod granted_key;
mod kind;
mod lag;
mod raw_body;
mod receiver;

pub use error::{IgnoredDelivery, NotAuthentic, UnreadableDelivery, WebhookError};
pub use event::LicenseEvent;
pub use granted_key::GrantedKey;
pub use kind::EventKind;
pub use raw_body::RawBody;
pub use receiver::WebhookReceiver;

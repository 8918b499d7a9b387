//! The sender of webhooks: who listens, what happened, and when which request goes out.

mod delivery;
mod desk;
mod drive;
mod endpoint;
mod event;
mod outbox;
mod payload;
mod quirks;
mod report;
mod sale_documents;
mod signature;

pub use self::delivery::{Delivery, DeliveryId, DeliveryOutcome};
pub use self::endpoint::{BadEndpoint, EndpointSpec, WebhookEndpoint};
pub use self::quirks::WebhookQuirks;
pub use self::report::DeliveryReport;

pub(super) use self::event::Subject;
pub(super) use self::outbox::Outbox;
pub(super) use self::sale_documents::{Dispute, Refund, Subscription};

use std::borrow::Cow;
use std::sync::Arc;

use anykey_core::Timestamp;
use serde_json::Value;

/// Something that endpoints may be sent.
pub(super) struct Event {
    pub(super) business: Arc<str>,
    pub(super) event_type: Cow<'static, str>,
    pub(super) happened_at: Timestamp,
    pub(super) subject: Subject,
}

/// What an event is about. Its data is looked up when it is sent.
pub(crate) enum Subject {
    Key(Arc<str>),
    Grant(Arc<str>),
    Subscription(Subscription),
    Refund(Refund),
    Dispute(Dispute),
    /// Data that was given.
    Given(Value),
}

/// A subscription that an event is about.
#[derive(Clone)]
pub(crate) struct Subscription {
    pub(crate) id: Arc<str>,
    pub(crate) business: Arc<str>,
    pub(crate) customer: Arc<str>,
    pub(crate) product: Arc<str>,
    pub(crate) since: Timestamp,
}

/// A refund that an event is about.
pub(crate) struct Refund {
    pub(crate) payment: Arc<str>,
    pub(crate) business: Arc<str>,
    pub(crate) customer: Arc<str>,
    pub(crate) created_at: Timestamp,
}

/// A dispute that an event is about.
pub(crate) struct Dispute {
    pub(crate) payment: Arc<str>,
    pub(crate) business: Arc<str>,
    pub(crate) status: &'static str,
    pub(crate) created_at: Timestamp,
}

//! Events that wait to be sent.

use std::borrow::Cow;
use std::sync::Arc;

use anykey_core::Timestamp;
use serde_json::Value;

/// A webhook event.
pub(super) struct Event {
    pub(super) business: Arc<str>,
    pub(super) event_type: Cow<'static, str>,
    pub(super) happened_at: Timestamp,
    pub(super) subject: Subject,
}

/// The subject of an event. Its data is read when the event is sent.
///
/// A retry therefore contains the record as it is then, not as it was when the event happened.
pub(crate) enum Subject {
    Key(Arc<str>),
    Grant(Arc<str>),
    Subscription(Subscription),
    Refund(Refund),
    Dispute(Dispute),
    /// The given data.
    Given(Value),
}

/// The subscription of an event.
#[derive(Clone)]
pub(crate) struct Subscription {
    pub(crate) id: Arc<str>,
    pub(crate) business: Arc<str>,
    pub(crate) customer: Arc<str>,
    pub(crate) product: Arc<str>,
    pub(crate) since: Timestamp,
}

/// The refund of an event.
pub(crate) struct Refund {
    pub(crate) payment: Arc<str>,
    pub(crate) business: Arc<str>,
    pub(crate) customer: Arc<str>,
    pub(crate) created_at: Timestamp,
}

/// The dispute of an event.
pub(crate) struct Dispute {
    pub(crate) payment: Arc<str>,
    pub(crate) business: Arc<str>,
    pub(crate) status: &'static str,
    pub(crate) created_at: Timestamp,
}

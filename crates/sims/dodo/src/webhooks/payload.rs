//! The bodies of deliveries: an envelope with the type and the time, and the record with its `payload_type`.

use anykey_core::Timestamp;
use bytes::Bytes;
use serde::Serialize;

use super::event::{Event, Subject};
use super::sale_documents::{DisputeDocument, RefundDocument, SubscriptionDocument};
use crate::answer::written_json;
use crate::database::Database;
use crate::documents::KeyDocument;
use crate::grant_documents::GrantDocument;
use crate::quirks::Quirks;
use crate::time::written;

/// The body of every request.
#[derive(Serialize)]
struct Envelope<'w> {
    business_id: &'w str,
    #[serde(rename = "type")]
    event_type: &'w str,
    timestamp: String,
    data: Data<'w>,
}

/// The record of the event's subject.
#[derive(Serialize)]
#[serde(untagged)]
enum Data<'w> {
    Key(Typed<KeyDocument<'w>>),
    Grant(Box<Typed<GrantDocument<'w>>>),
    Subscription(Typed<SubscriptionDocument<'w>>),
    Refund(Typed<RefundDocument<'w>>),
    Dispute(Typed<DisputeDocument<'w>>),
    Given(&'w serde_json::Value),
}

/// A record with its `payload_type`.
#[derive(Serialize)]
struct Typed<T> {
    payload_type: &'static str,
    #[serde(flatten)]
    record: T,
}

impl<T> Typed<T> {
    const fn new(payload_type: &'static str, record: T) -> Self {
        Self { payload_type, record }
    }
}

/// The body of a request that is sent now. `None` if the event's subject no longer exists.
pub(super) fn body(event: &Event, database: &Database, quirks: &Quirks, now: Timestamp) -> Option<Bytes> {
    let data = match &event.subject {
        Subject::Key(id) => {
            let record = database.key_document(database.keys.get(id)?, quirks, now)?;
            Data::Key(Typed::new("LicenseKey", record))
        }
        Subject::Grant(id) => {
            let record = database.grant_document(database.grants.get(id)?, quirks, now)?;
            Data::Grant(Box::new(Typed::new("EntitlementGrant", record)))
        }
        Subject::Subscription(one) => {
            Data::Subscription(Typed::new("Subscription", one.document(database, quirks)))
        }
        Subject::Refund(one) => Data::Refund(Typed::new("Refund", one.document(database, quirks))),
        Subject::Dispute(one) => Data::Dispute(Typed::new("Dispute", one.document(quirks))),
        Subject::Given(data) => Data::Given(data),
    };
    let envelope = Envelope {
        business_id: &event.business,
        event_type: &event.event_type,
        timestamp: written(event.happened_at, quirks.second_fraction),
        data,
    };
    written_json(&envelope, quirks).ok()
}

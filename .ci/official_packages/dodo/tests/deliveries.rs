//! The crate `dodopayments` reads every kind of delivery of the simulator: the envelope and the record in it.
//!
//! Its own types of events leave the record open, so each record is read as the type that its `payload_type` names.

use std::collections::BTreeSet;

use dodopayments::models::{
    Dispute, EntitlementGrant, LicenseKey, Payment, Refund, Subscription, WebhookEventType, WebhookPayload,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

fn read<T: DeserializeOwned>(record: Value) -> Result<(), serde_json::Error> {
    serde_json::from_value::<T>(record).map(drop)
}

/// Reads a record as its own type.
fn read_record(record: Value) -> Result<(), String> {
    let kind = record["payload_type"].as_str().ok_or("no payload_type")?.to_owned();
    let read = match &*kind {
        "Dispute" => read::<Dispute>(record),
        "EntitlementGrant" => read::<EntitlementGrant>(record),
        "LicenseKey" => read::<LicenseKey>(record),
        "Payment" => read::<Payment>(record),
        "Refund" => read::<Refund>(record),
        "Subscription" => read::<Subscription>(record),
        _ => return Err(format!("no type for {kind}")),
    };
    read.map_err(|error| format!("{kind}: {error}"))
}

fn read_delivery(body: &str) -> Result<(), String> {
    let payload: WebhookPayload = serde_json::from_str(body).map_err(|error| error.to_string())?;
    if matches!(*payload.r#type, WebhookEventType::Unknown) {
        return Err("a kind that the crate does not know".to_owned());
    }
    read_record(payload.data)
}

#[test]
fn every_kind_of_delivery_is_read() {
    let path = std::env::var("DELIVERIES").expect("`.ci/official_packages/run` sets it");
    let (mut kinds, mut unread) = (BTreeSet::new(), BTreeSet::new());
    for line in std::fs::read_to_string(path).expect("the deliveries").lines() {
        let delivery: Value = serde_json::from_str(line).expect("a delivery");
        if delivery["vendor"] != "dodo" {
            continue;
        }
        let body = delivery["body"].as_str().expect("a body");
        let kind = serde_json::from_str::<Value>(body).expect("JSON")["type"].to_string();
        if let Err(error) = read_delivery(body) {
            unread.insert(format!("{} {kind}: {error}", delivery["release"]));
        }
        kinds.insert(kind);
    }
    assert!(unread.is_empty(), "not read: {unread:#?}");
    assert!(kinds.len() >= 20, "{kinds:?}");
}

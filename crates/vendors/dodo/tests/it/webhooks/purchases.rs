//! The subscriptions, refunds and disputes behind keys.

use anykey_core::EventKind;
use serde_json::json;

use super::signed::delivered;

#[test]
fn a_subscription_says_what_becomes_of_its_keys() {
    for (word, status, expected) in [
        ("active", "active", EventKind::Granted),
        ("unpaused", "active", EventKind::Granted),
        ("renewed", "active", EventKind::Renewed),
        ("updated", "active", EventKind::Updated),
        ("plan_changed", "active", EventKind::Updated),
        ("past_due", "past_due", EventKind::Updated),
        ("on_hold", "on_hold", EventKind::Revoked),
        ("paused", "paused", EventKind::Revoked),
        ("cancelled", "cancelled", EventKind::Revoked),
        ("expired", "expired", EventKind::Revoked),
        ("failed", "failed", EventKind::Failed),
        ("trial_ending", "active", EventKind::Other("subscription.trial_ending".into())),
    ] {
        let data = json!({ "subscription_id": "sub_1", "product_id": "pdt_1", "status": status,
            "customer": { "customer_id": "cus_1", "email": "planted@example.com", "name": "Planted" } });
        let event = delivered(&format!("subscription.{word}"), &data).unwrap();
        assert_eq!(event.kind, expected, "{word}");
        assert_eq!((&event.key, &event.key_id), (&None, &None));
        assert_eq!(event.origin.subscription.as_deref(), Some("sub_1"));
        assert_eq!(
            (event.customer.clone(), event.product.clone()),
            (Some("cus_1".into()), Some("pdt_1".into()))
        );
        assert_eq!(event.as_of, event.occurred_at);
        assert!(!format!("{event:?}").contains("lanted"));
    }
}

#[test]
fn a_subscription_that_is_still_active_takes_nothing_away() {
    for word in ["on_hold", "paused", "cancelled", "expired"] {
        let data = json!({ "subscription_id": "sub_1", "status": "active" });
        assert_eq!(delivered(&format!("subscription.{word}"), &data).unwrap().kind, EventKind::Updated);
        let data = json!({ "subscription_id": "sub_1" });
        assert_eq!(delivered(&format!("subscription.{word}"), &data).unwrap().kind, EventKind::Revoked);
    }
}

#[test]
fn a_whole_refund_revokes_and_a_part_of_one_does_not() {
    let refund = |data| delivered("refund.succeeded", &data).unwrap();
    let whole = refund(json!({ "refund_id": "ref_1", "payment_id": "pay_1", "is_partial": false }));
    assert_eq!((whole.kind, whole.origin.payment.as_deref()), (EventKind::Revoked, Some("pay_1")));
    assert_eq!(refund(json!({ "payment_id": "pay_1" })).kind, EventKind::Revoked);
    assert_eq!(refund(json!({ "payment_id": "pay_1", "is_partial": true })).kind, EventKind::Updated);
    assert_eq!(refund(json!({ "payment_id": "pay_1", "is_partial": "true" })).kind, EventKind::Updated);
}

#[test]
fn of_a_dispute_nothing_is_known_but_that_it_is_there() {
    for word in ["opened", "expired", "accepted", "cancelled", "challenged", "won", "lost"] {
        let event = delivered(&format!("dispute.{word}"), &json!({ "payment_id": "pay_1" })).unwrap();
        assert_eq!((event.kind, event.origin.payment.as_deref()), (EventKind::Updated, Some("pay_1")));
    }
}

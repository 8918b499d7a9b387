//! The events of each change, and their content.

use std::collections::BTreeSet;

use anykey_core::SignedDuration;
use anykey_dodo_sim::kit::WebhookSender;
use anykey_dodo_sim::{
    BadEndpoint, DisputeState, EndpointSpec, EntitlementSpec, IntegrationType, IssuedKey, KeySpec, Purchase,
    SubscriptionState, WebhookEndpoint,
};
use serde_json::{Value, json};

use crate::fixture::{Fixture, START};

pub(crate) const URL: &str = "https://seller.example/webhooks/dodo";

pub(crate) fn listen(fixture: &Fixture) -> WebhookEndpoint {
    fixture.sim.add_webhook_endpoint(EndpointSpec::new(URL)).unwrap()
}

/// Delivers everything that is due: the types and bodies.
pub(crate) fn delivered(fixture: &Fixture) -> Vec<(String, Value)> {
    let mut events = Vec::new();
    while let Some(delivery) = fixture.sim.next_delivery() {
        fixture.sim.answered(delivery.id, Some(http::StatusCode::OK));
        let body: Value = serde_json::from_slice(delivery.request.body()).unwrap();
        assert_eq!(body["type"], delivery.event_type);
        events.push((delivery.event_type, body));
    }
    events
}

fn types(fixture: &Fixture) -> Vec<String> {
    delivered(fixture).into_iter().map(|(event_type, _)| event_type).collect()
}

/// A key of a subscription, and the subscription's id.
fn subscribed(fixture: &Fixture) -> (IssuedKey, String) {
    let key = fixture.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    let subscription = key.subscription_id.clone().unwrap();
    delivered(fixture);
    (key, subscription)
}

fn manual(fixture: &Fixture) -> String {
    fixture.sim.add_entitlement(EntitlementSpec { manual: true, ..EntitlementSpec::default() })
}

const ISSUED: [&str; 3] = ["license_key.created", "entitlement_grant.created", "entitlement_grant.delivered"];

#[test]
fn a_sold_key_and_its_grant_send_events_and_so_does_an_import_unless_silent() {
    let fixture = Fixture::new();
    listen(&fixture);
    fixture.issue(KeySpec::default());
    assert_eq!(types(&fixture), ISSUED);
    let import = || KeySpec { purchase: Purchase::None, ..KeySpec::default() };
    fixture.issue(import());
    assert_eq!(types(&fixture), ISSUED);
    let body = json!({ "customer_id": fixture.customer, "product_id": fixture.product, "key": "IMPORTED" });
    fixture.merchant("POST", "/license_keys", Some(&body)).json(201);
    assert_eq!(types(&fixture), ISSUED);
    fixture.sim.change_event_quirks(|quirks| quirks.silent_imports = true);
    fixture.issue(import());
    assert_eq!(types(&fixture), [""; 0]);
}

#[test]
fn a_subscription_sends_one_event_and_each_of_its_keys_another() {
    let fixture = Fixture::new();
    listen(&fixture);
    let first = fixture.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    assert_eq!(types(&fixture), [&["subscription.active"], &ISSUED[..]].concat());
    let seat = Purchase::SubscriptionSeat(first.subscription_id.unwrap());
    fixture.issue(KeySpec { purchase: seat, ..KeySpec::default() });
    assert_eq!(types(&fixture), ISSUED);
}

#[test]
fn an_invalidated_key_revokes_its_grant_and_a_restored_one_delivers_it_again() {
    use SubscriptionState::{Active, Ended, Expired, OnHold, Paused};
    for (steps, events) in [
        (&[OnHold, Active][..], &["on_hold", "+revoked", "active", "+delivered"][..]),
        (&[Paused, Active], &["paused", "+revoked", "unpaused", "+delivered"]),
        (&[OnHold, Paused, Ended], &["on_hold", "+revoked", "paused", "cancelled"]),
        (&[Expired, Active], &["expired", "+revoked"]),
        (&[Active], &[]),
    ] {
        let fixture = Fixture::new();
        listen(&fixture);
        let (_, subscription) = subscribed(&fixture);
        for step in steps {
            fixture.sim.set_subscription(&subscription, *step);
        }
        let expected: Vec<_> = events
            .iter()
            .map(|event| match event.strip_prefix('+') {
                Some(grant) => format!("entitlement_grant.{grant}"),
                None => format!("subscription.{event}"),
            })
            .collect();
        assert_eq!(types(&fixture), expected, "{steps:?}");
    }
}

#[test]
fn revocation_reasons_have_the_vendors_spelling() {
    let reason = |take: fn(&Fixture, &IssuedKey, &str)| {
        let fixture = Fixture::new();
        listen(&fixture);
        let (key, subscription) = subscribed(&fixture);
        take(&fixture, &key, &subscription);
        let events = delivered(&fixture);
        let revoked: Vec<_> = events.iter().filter(|(one, _)| one == "entitlement_grant.revoked").collect();
        assert_eq!(revoked.len(), 1);
        let data = &revoked[0].1["data"];
        assert_eq!(
            (&data["status"], &data["license_key"]["status"]),
            (&"Revoked".into(), &"disabled".into())
        );
        data["revocation_reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        reason(|fixture, _, id| _ = fixture.sim.set_subscription(id, SubscriptionState::OnHold)),
        "subscription_on_hold"
    );
    assert_eq!(
        reason(|fixture, _, id| _ = fixture.sim.set_subscription(id, SubscriptionState::Paused)),
        "SubscriptionPaused"
    );
    assert_eq!(
        reason(|fixture, _, id| _ = fixture.sim.set_subscription(id, SubscriptionState::Ended)),
        "subscription_cancelled"
    );
    assert_eq!(
        reason(|fixture, _, id| _ = fixture.sim.set_subscription(id, SubscriptionState::Expired)),
        "subscription_expired"
    );
    assert_eq!(reason(|fixture, _, id| _ = fixture.sim.change_plan(id, &fixture.product)), "plan_changed");
    assert_eq!(reason(|fixture, key, _| _ = fixture.sim.refund(key.payment_id.as_ref().unwrap())), "refund");
    assert_eq!(reason(|fixture, key, _| _ = fixture.sim.revoke(&key.id)), "manual");
}

#[test]
fn the_events_of_a_sale_precede_those_of_its_key() {
    let fixture = Fixture::new();
    listen(&fixture);
    let (key, subscription) = subscribed(&fixture);
    let payment = key.payment_id.unwrap();
    assert!(fixture.sim.renew(&subscription) && !fixture.sim.renew("sub_unknown"));
    assert_eq!(types(&fixture), ["subscription.renewed"]);
    fixture.sim.change_plan(&subscription, "pdt_larger");
    let plan = [&["entitlement_grant.revoked"], &ISSUED[..], &["subscription.plan_changed"]].concat();
    let events = delivered(&fixture);
    assert_eq!(events.iter().map(|(one, _)| one.as_str()).collect::<Vec<_>>(), plan);
    assert_eq!(events[4].1["data"]["product_id"], "pdt_larger");
    for (state, event_type) in [
        (DisputeState::Opened, "dispute.opened"),
        (DisputeState::Challenged, "dispute.challenged"),
        (DisputeState::Lost, "dispute.lost"),
    ] {
        assert!(fixture.sim.dispute(&payment, state));
        assert_eq!(types(&fixture), [event_type]);
    }
    assert!(!fixture.sim.dispute("pay_unknown", DisputeState::Won));
    let once = fixture.issue(KeySpec::default());
    delivered(&fixture);
    fixture.sim.refund(once.payment_id.as_ref().unwrap());
    assert_eq!(types(&fixture), ["refund.succeeded", "entitlement_grant.revoked"]);
    assert!(!fixture.sim.refund("pay_unknown"));
    assert_eq!(types(&fixture), [""; 0]);
}

#[test]
fn a_manual_key_sends_events_when_it_is_entered() {
    let fixture = Fixture::new();
    listen(&fixture);
    let entitlement = manual(&fixture);
    let grant = fixture.sim.award(&entitlement, None, &Purchase::OneTime).unwrap();
    let events = delivered(&fixture);
    assert_eq!(events[0].0, "entitlement_grant.created");
    assert_eq!((events.len(), &events[0].1["data"]["status"]), (1, &"Pending".into()));
    assert_eq!(events[0].1["data"]["license_key"], Value::Null);

    let path = format!("/grants/{grant}/license-key");
    fixture.merchant("POST", &path, Some(&json!({ "key": "TYPED-IN" }))).json(200);
    let events = delivered(&fixture);
    assert_eq!(events[0].0, "license_key.created");
    assert_eq!(events[0].1["data"]["source"], "manual");
    assert_eq!((events.len(), events[1].0.as_str()), (2, "entitlement_grant.delivered"));
    assert_eq!(events[1].1["data"]["license_key"]["key"], "TYPED-IN");
}

#[test]
fn a_failed_grant_has_its_reason_and_stays_failed() {
    let fixture = Fixture::new();
    listen(&fixture);
    let grant = fixture.sim.award(&manual(&fixture), None, &Purchase::OneTime).unwrap();
    delivered(&fixture);
    assert!(fixture.sim.fail_grant(&grant, "OUT_OF_KEYS", "no key is left"));
    assert!(!fixture.sim.fail_grant(&grant, "OUT_OF_KEYS", "no key is left"));
    let events = delivered(&fixture);
    assert_eq!((events.len(), events[0].0.as_str()), (1, "entitlement_grant.failed"));
    let data = &events[0].1["data"];
    let error = [&data["status"], &data["error_code"], &data["error_message"]];
    assert_eq!(error, ["Failed", "OUT_OF_KEYS", "no key is left"]);
    let path = format!("/grants/{grant}/license-key");
    assert_eq!(fixture.merchant("POST", &path, Some(&json!({ "key": "LATE" }))).status(), 409);
}

#[test]
fn grants_without_keys_are_created_and_delivered_together() {
    let fixture = Fixture::new();
    listen(&fixture);
    let spec = EntitlementSpec { integration_type: IntegrationType::GitHub, ..EntitlementSpec::default() };
    let entitlement = fixture.sim.add_entitlement(spec);
    fixture.sim.award(&entitlement, None, &Purchase::Subscription).unwrap();
    assert_eq!(
        types(&fixture),
        ["subscription.active", "entitlement_grant.created", "entitlement_grant.delivered"]
    );
}

#[test]
fn a_revocation_by_the_api_sends_one_event() {
    let fixture = Fixture::new();
    listen(&fixture);
    let key = fixture.issue(KeySpec::default());
    delivered(&fixture);
    let entitlement = key.product_id.replacen("pdt_", "ent_", 1);
    let path = format!("/entitlements/{entitlement}/grants/{}", fixture.sim.grant_of(&key.id).unwrap());
    fixture.merchant("DELETE", &path, None).json(200);
    fixture.merchant("DELETE", &path, None).json(200);
    assert_eq!(types(&fixture), ["entitlement_grant.revoked"]);
}

#[test]
fn updates_activations_and_expiry_send_no_events() {
    let fixture = Fixture::new();
    listen(&fixture);
    let expires_at = Some("2026-11-01T00:00:00Z".parse().unwrap());
    let key = fixture.issue(KeySpec { expires_at, ..KeySpec::default() });
    delivered(&fixture);
    let path = format!("/license_keys/{}", key.id);
    for patch in
        [json!({ "activations_limit": 5 }), json!({ "disabled": true }), json!({ "disabled": false })]
    {
        fixture.merchant("PATCH", &path, Some(&patch)).json(200);
    }
    fixture.sim.disable(&key.id);
    fixture.sim.enable(&key.id);
    let instance = fixture.activate(&key, "Laptop");
    fixture.post("/licenses/validate", &json!({ "license_key": key.key }));
    fixture.merchant(
        "PATCH",
        &format!("/license_key_instances/{instance}"),
        Some(&json!({ "name": "Desk" })),
    );
    let seat = json!({ "license_key": key.key, "license_key_instance_id": instance });
    fixture.post("/licenses/deactivate", &seat).is_empty(200);
    fixture.clock.advance(SignedDuration::from_hours(24 * 30));
    fixture.sim.force_status_word(&key.id, Some("suspended"));
    let _ = fixture.sim.api_key(anykey_dodo_sim::ApiKeyScope::ReadOnly);
    assert_eq!((types(&fixture), fixture.sim.undelivered()), (vec![], 0));
}

#[test]
fn a_disabled_key_changes_its_grant_if_the_quirk_is_set() {
    let fixture = Fixture::new();
    listen(&fixture);
    let key = fixture.issue(KeySpec::default());
    delivered(&fixture);
    fixture.sim.change_event_quirks(|quirks| quirks.disabling_has_events = true);
    fixture
        .merchant("PATCH", &format!("/license_keys/{}", key.id), Some(&json!({ "disabled": true })))
        .json(200);
    let events = delivered(&fixture);
    assert_eq!(events[0].1["data"]["revocation_reason"], "license_key_disabled");
    fixture.sim.enable(&key.id);
    fixture.sim.enable(&key.id);
    assert_eq!((events.len(), types(&fixture)), (1, vec!["entitlement_grant.delivered".to_owned()]));
}

#[test]
fn without_an_endpoint_nothing_is_queued() {
    let fixture = Fixture::new();
    fixture.issue(KeySpec::default());
    let other = fixture.sim.other_business();
    other.add_webhook_endpoint(EndpointSpec::new(URL)).unwrap();
    fixture.issue(KeySpec::default());
    assert_eq!(fixture.sim.undelivered(), 0, "the endpoint belongs to another business");
    let endpoint = listen(&fixture);
    assert_eq!(fixture.sim.undelivered(), 0, "earlier events are not sent");
    fixture.issue(KeySpec::default());
    assert_eq!(fixture.sim.undelivered(), 3);
    assert!(fixture.sim.remove_webhook_endpoint(&endpoint.id));
    assert_eq!((fixture.sim.undelivered(), fixture.sim.next_delivery_at()), (0, None));
    assert!(!fixture.sim.remove_webhook_endpoint(&endpoint.id));
}

#[test]
fn an_endpoint_receives_only_subscribed_events() {
    let fixture = Fixture::new();
    let spec = EndpointSpec::new(URL).events(["license_key.created"]).header("x-receiver", "eu");
    fixture.sim.add_webhook_endpoint(spec).unwrap();
    fixture.issue(KeySpec::default());
    let deliveries = fixture.sim.due_deliveries();
    assert_eq!((deliveries.len(), deliveries[0].event_type.as_str()), (1, "license_key.created"));
    assert_eq!(deliveries[0].request.headers()["x-receiver"], "eu");
    for (spec, error) in [
        (EndpointSpec::new("/webhooks"), BadEndpoint::Url),
        (EndpointSpec::new("ftp://receiver.example"), BadEndpoint::Url),
        (EndpointSpec::new(URL).secret("whsec_short!"), BadEndpoint::Secret),
        (EndpointSpec::new(URL).header("no name", ""), BadEndpoint::Header),
    ] {
        assert_eq!(fixture.sim.add_webhook_endpoint(spec).err(), Some(error));
    }
}

#[test]
fn bodies_have_the_documented_members() {
    let fixture = Fixture::new();
    listen(&fixture);
    let key = fixture.issue(KeySpec { activations_limit: Some(3), ..KeySpec::default() });
    let events = delivered(&fixture);
    let (business, grant) = (fixture.sim.business_id(), fixture.sim.grant_of(&key.id));
    assert_eq!(
        events[0].1,
        json!({
            "business_id": business, "type": "license_key.created", "timestamp": START,
            "data": {
                "payload_type": "LicenseKey", "id": key.id, "business_id": business, "brand_id": business,
                "customer_id": key.customer_id, "product_id": key.product_id, "key": key.key,
                "status": "active", "source": "auto", "activations_limit": 3, "instances_count": 0,
                "payment_id": key.payment_id, "subscription_id": null, "created_at": START, "expires_at": null
            }
        })
    );
    assert_eq!(
        events[2].1,
        json!({
            "business_id": business, "type": "entitlement_grant.delivered", "timestamp": START,
            "data": {
                "payload_type": "EntitlementGrant", "id": grant, "business_id": business, "brand_id": business,
                "entitlement_id": key.product_id.replacen("pdt_", "ent_", 1), "customer_id": key.customer_id,
                "integration_type": "license_key", "status": "Delivered", "revocation_reason": null,
                "license_key": {
                    "id": key.id, "key": key.key, "status": "active", "activations_used": 0,
                    "activations_limit": 3, "expires_at": null
                },
                "payment_id": key.payment_id, "subscription_id": null, "metadata": {},
                "delivered_at": START, "revoked_at": null, "error_code": null, "error_message": null,
                "oauth_url": null, "oauth_expires_at": null, "digital_product_delivery": null,
                "feature": null, "created_at": START, "updated_at": START
            }
        })
    );
    fixture.sim.refund(key.payment_id.as_ref().unwrap());
    fixture.sim.dispute(key.payment_id.as_ref().unwrap(), DisputeState::Opened);
    let data: Vec<_> = delivered(&fixture).into_iter().map(|(_, body)| body["data"].clone()).collect();
    let kinds: Vec<_> = data.iter().map(|data| data["payload_type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Refund", "EntitlementGrant", "Dispute"]);
    for about in [&data[0], &data[2]] {
        assert_eq!(about["payment_id"], json!(key.payment_id));
    }
    assert_eq!(data[0]["customer"]["customer_id"], json!(key.customer_id));
}

#[test]
fn a_body_has_the_state_at_its_delivery() {
    let fixture = Fixture::new();
    listen(&fixture);
    let key = fixture.issue(KeySpec::default());
    fixture.clock.advance(SignedDuration::from_secs(60));
    fixture.activate(&key, "Laptop");
    fixture.sim.revoke(&key.id);
    let events = delivered(&fixture);
    assert_eq!(events[0].1["timestamp"], START, "the time of the event");
    assert_eq!(events[0].1["data"]["status"], "disabled");
    assert_eq!(events[0].1["data"]["instances_count"], 1);
    assert_eq!(events[1].1["data"]["status"], "Revoked", "the state of the created grant");
}

#[test]
fn quirks_of_the_api_apply_to_bodies() {
    let fixture = Fixture::new();
    listen(&fixture);
    fixture.sim.change_quirks(|quirks| {
        quirks.omit_null_members = true;
        quirks.lower_case_grant_status = true;
        quirks.nameless_granted_keys = true;
    });
    fixture.issue(KeySpec::default());
    let events = delivered(&fixture);
    let data = events[2].1["data"].as_object().unwrap();
    assert_eq!(data["status"], "delivered");
    assert!(!data.contains_key("revoked_at"));
    let key: BTreeSet<_> = data["license_key"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(key, BTreeSet::from(["key", "activations_used"]));
}

#[test]
fn any_event_can_be_sent() {
    let fixture = Fixture::new();
    listen(&fixture);
    fixture.sim.announce("credit.added", json!({ "payload_type": "Credit", "amount": 3 }));
    let events = delivered(&fixture);
    assert_eq!(events[0].0, "credit.added");
    assert_eq!(events[0].1["data"], json!({ "payload_type": "Credit", "amount": 3 }));
}

/// The members that the official packages (1.127.0 and 2.52.0) require.
#[test]
fn subscriptions_and_refunds_have_every_required_member() {
    let fixture = Fixture::new();
    let (key, subscription) = subscribed(&fixture);
    listen(&fixture);
    fixture.sim.set_subscription(&subscription, SubscriptionState::PastDue);
    fixture.sim.refund(&key.payment_id.unwrap());
    let events = delivered(&fixture);
    let data = |wanted: &str| {
        let found = events.iter().find(|(event_type, _)| event_type == wanted);
        found.map(|(_, body)| body["data"].clone()).unwrap()
    };
    let past_due = data("subscription.past_due");
    for member in [
        "addons",
        "billing",
        "brand_id",
        "cancel_at_next_billing_date",
        "created_at",
        "credit_entitlement_cart",
        "currency",
        "customer",
        "has_payment_method",
        "metadata",
        "meter_credit_entitlement_cart",
        "meters",
        "next_billing_date",
        "on_demand",
        "payment_frequency_count",
        "payment_frequency_interval",
        "previous_billing_date",
        "product_id",
        "quantity",
        "recurring_pre_tax_amount",
        "status",
        "subscription_id",
        "subscription_period_count",
        "subscription_period_interval",
        "tax_inclusive",
        "trial_period_days",
    ] {
        assert!(!past_due[member].is_null(), "{member}: {past_due}");
    }
    assert_eq!((&past_due["status"], past_due["past_due_ends_at"].is_string()), (&json!("past_due"), true));
    assert!(data("refund.succeeded")["brand_id"].is_string());
}

//! Which events each change sends, and what is in them.

use std::collections::BTreeSet;

use anykey_core::SignedDuration;
use anykey_dodo_sim::kit::WebhookSender;
use anykey_dodo_sim::{
    BadEndpoint, DisputeState, EndpointSpec, EntitlementSpec, IntegrationType, IssuedKey, KeySpec, Purchase,
    SubscriptionState, WebhookEndpoint,
};
use serde_json::{Value, json};

use crate::bench::{Bench, START};

pub(crate) const URL: &str = "https://shop.example/webhooks/dodo";

pub(crate) fn listen(bench: &Bench) -> WebhookEndpoint {
    bench.sim.add_webhook_endpoint(EndpointSpec::new(URL)).unwrap()
}

/// The type and body of everything that is due, all of it answered with success.
pub(crate) fn delivered(bench: &Bench) -> Vec<(String, Value)> {
    let mut events = Vec::new();
    while let Some(delivery) = bench.sim.next_delivery() {
        bench.sim.answered(delivery.id, Some(http::StatusCode::OK));
        let body: Value = serde_json::from_slice(delivery.request.body()).unwrap();
        assert_eq!(body["type"], delivery.event_type);
        events.push((delivery.event_type, body));
    }
    events
}

fn types(bench: &Bench) -> Vec<String> {
    delivered(bench).into_iter().map(|(event_type, _)| event_type).collect()
}

/// A key of a subscription, and the subscription's id.
fn subscribed(bench: &Bench) -> (IssuedKey, String) {
    let key = bench.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    let subscription = key.subscription_id.clone().unwrap();
    delivered(bench);
    (key, subscription)
}

fn manual(bench: &Bench) -> String {
    bench.sim.add_entitlement(EntitlementSpec { manual: true, ..EntitlementSpec::default() })
}

const ISSUED: [&str; 3] = ["license_key.created", "entitlement_grant.created", "entitlement_grant.delivered"];

#[test]
fn a_sold_key_and_its_grant_are_announced_and_an_import_if_it_is_not_silent() {
    let bench = Bench::new();
    listen(&bench);
    bench.issue(KeySpec::default());
    assert_eq!(types(&bench), ISSUED);
    let import = || KeySpec { purchase: Purchase::None, ..KeySpec::default() };
    bench.issue(import());
    assert_eq!(types(&bench), ISSUED);
    let body = json!({ "customer_id": bench.customer, "product_id": bench.product, "key": "IMPORTED" });
    bench.merchant("POST", "/license_keys", Some(&body)).json(201);
    assert_eq!(types(&bench), ISSUED);
    bench.sim.change_event_quirks(|quirks| quirks.silent_imports = true);
    bench.issue(import());
    assert_eq!(types(&bench), [""; 0]);
}

#[test]
fn a_subscription_is_announced_once_and_its_seats_each() {
    let bench = Bench::new();
    listen(&bench);
    let first = bench.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    assert_eq!(types(&bench), [&["subscription.active"], &ISSUED[..]].concat());
    let seat = Purchase::SubscriptionSeat(first.subscription_id.unwrap());
    bench.issue(KeySpec { purchase: seat, ..KeySpec::default() });
    assert_eq!(types(&bench), ISSUED);
}

#[test]
fn what_takes_a_key_away_revokes_its_grant_and_what_gives_it_back_delivers_it_again() {
    use SubscriptionState::{Active, Ended, Expired, OnHold, Paused};
    for (steps, events) in [
        (&[OnHold, Active][..], &["on_hold", "+revoked", "active", "+delivered"][..]),
        (&[Paused, Active], &["paused", "+revoked", "unpaused", "+delivered"]),
        (&[OnHold, Paused, Ended], &["on_hold", "+revoked", "paused", "cancelled"]),
        (&[Expired, Active], &["expired", "+revoked"]),
        (&[Active], &[]),
    ] {
        let bench = Bench::new();
        listen(&bench);
        let (_, subscription) = subscribed(&bench);
        for step in steps {
            bench.sim.set_subscription(&subscription, *step);
        }
        let expected: Vec<_> = events
            .iter()
            .map(|event| match event.strip_prefix('+') {
                Some(grant) => format!("entitlement_grant.{grant}"),
                None => format!("subscription.{event}"),
            })
            .collect();
        assert_eq!(types(&bench), expected, "{steps:?}");
    }
}

#[test]
fn reasons_are_told_as_the_vendor_spells_them() {
    let reason = |take: fn(&Bench, &IssuedKey, &str)| {
        let bench = Bench::new();
        listen(&bench);
        let (key, subscription) = subscribed(&bench);
        take(&bench, &key, &subscription);
        let events = delivered(&bench);
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
        reason(|bench, _, id| _ = bench.sim.set_subscription(id, SubscriptionState::OnHold)),
        "subscription_on_hold"
    );
    assert_eq!(
        reason(|bench, _, id| _ = bench.sim.set_subscription(id, SubscriptionState::Paused)),
        "SubscriptionPaused"
    );
    assert_eq!(
        reason(|bench, _, id| _ = bench.sim.set_subscription(id, SubscriptionState::Ended)),
        "subscription_cancelled"
    );
    assert_eq!(
        reason(|bench, _, id| _ = bench.sim.set_subscription(id, SubscriptionState::Expired)),
        "subscription_expired"
    );
    assert_eq!(reason(|bench, _, id| _ = bench.sim.change_plan(id, &bench.product)), "plan_changed");
    assert_eq!(reason(|bench, key, _| _ = bench.sim.refund(key.payment_id.as_ref().unwrap())), "refund");
    assert_eq!(reason(|bench, key, _| _ = bench.sim.revoke(&key.id)), "manual");
}

#[test]
fn sales_send_the_events_of_the_sale_first() {
    let bench = Bench::new();
    listen(&bench);
    let (key, subscription) = subscribed(&bench);
    let payment = key.payment_id.unwrap();
    assert!(bench.sim.renew(&subscription) && !bench.sim.renew("sub_nobody"));
    assert_eq!(types(&bench), ["subscription.renewed"]);
    bench.sim.change_plan(&subscription, "pdt_larger");
    let plan = [&["entitlement_grant.revoked"], &ISSUED[..], &["subscription.plan_changed"]].concat();
    let events = delivered(&bench);
    assert_eq!(events.iter().map(|(one, _)| one.as_str()).collect::<Vec<_>>(), plan);
    assert_eq!(events[4].1["data"]["product_id"], "pdt_larger");
    for (state, event_type) in [
        (DisputeState::Opened, "dispute.opened"),
        (DisputeState::Challenged, "dispute.challenged"),
        (DisputeState::Lost, "dispute.lost"),
    ] {
        assert!(bench.sim.dispute(&payment, state));
        assert_eq!(types(&bench), [event_type]);
    }
    assert!(!bench.sim.dispute("pay_nobody", DisputeState::Won));
    let once = bench.issue(KeySpec::default());
    delivered(&bench);
    bench.sim.refund(once.payment_id.as_ref().unwrap());
    assert_eq!(types(&bench), ["refund.succeeded", "entitlement_grant.revoked"]);
    assert!(!bench.sim.refund("pay_nobody"));
    assert_eq!(types(&bench), [""; 0]);
}

#[test]
fn a_manual_key_is_announced_when_it_is_typed_in() {
    let bench = Bench::new();
    listen(&bench);
    let entitlement = manual(&bench);
    let grant = bench.sim.award(&entitlement, None, &Purchase::OneTime).unwrap();
    let events = delivered(&bench);
    assert_eq!(events[0].0, "entitlement_grant.created");
    assert_eq!((events.len(), &events[0].1["data"]["status"]), (1, &"Pending".into()));
    assert_eq!(events[0].1["data"]["license_key"], Value::Null);

    let path = format!("/grants/{grant}/license-key");
    bench.merchant("POST", &path, Some(&json!({ "key": "TYPED-IN" }))).json(200);
    let events = delivered(&bench);
    assert_eq!(events[0].0, "license_key.created");
    assert_eq!(events[0].1["data"]["source"], "manual");
    assert_eq!((events.len(), events[1].0.as_str()), (2, "entitlement_grant.delivered"));
    assert_eq!(events[1].1["data"]["license_key"]["key"], "TYPED-IN");
}

#[test]
fn a_failed_grant_says_why_and_stays_failed() {
    let bench = Bench::new();
    listen(&bench);
    let grant = bench.sim.award(&manual(&bench), None, &Purchase::OneTime).unwrap();
    delivered(&bench);
    assert!(bench.sim.fail_grant(&grant, "OUT_OF_KEYS", "no key is left"));
    assert!(!bench.sim.fail_grant(&grant, "OUT_OF_KEYS", "no key is left"));
    let events = delivered(&bench);
    assert_eq!((events.len(), events[0].0.as_str()), (1, "entitlement_grant.failed"));
    let data = &events[0].1["data"];
    let told = [&data["status"], &data["error_code"], &data["error_message"]];
    assert_eq!(told, ["Failed", "OUT_OF_KEYS", "no key is left"]);
    let path = format!("/grants/{grant}/license-key");
    assert_eq!(bench.merchant("POST", &path, Some(&json!({ "key": "LATE" }))).status(), 409);
}

#[test]
fn other_deliveries_are_created_and_delivered_back_to_back() {
    let bench = Bench::new();
    listen(&bench);
    let spec = EntitlementSpec { integration_type: IntegrationType::GitHub, ..EntitlementSpec::default() };
    let entitlement = bench.sim.add_entitlement(spec);
    bench.sim.award(&entitlement, None, &Purchase::Subscription).unwrap();
    assert_eq!(
        types(&bench),
        ["subscription.active", "entitlement_grant.created", "entitlement_grant.delivered"]
    );
}

#[test]
fn a_revocation_through_the_api_is_announced_once() {
    let bench = Bench::new();
    listen(&bench);
    let key = bench.issue(KeySpec::default());
    delivered(&bench);
    let entitlement = key.product_id.replacen("pdt_", "ent_", 1);
    let path = format!("/entitlements/{entitlement}/grants/{}", bench.sim.grant_of(&key.id).unwrap());
    bench.merchant("DELETE", &path, None).json(200);
    bench.merchant("DELETE", &path, None).json(200);
    assert_eq!(types(&bench), ["entitlement_grant.revoked"]);
}

#[test]
fn updates_devices_and_the_passing_of_time_send_nothing() {
    let bench = Bench::new();
    listen(&bench);
    let expires_at = Some("2026-11-01T00:00:00Z".parse().unwrap());
    let key = bench.issue(KeySpec { expires_at, ..KeySpec::default() });
    delivered(&bench);
    let path = format!("/license_keys/{}", key.id);
    for patch in
        [json!({ "activations_limit": 5 }), json!({ "disabled": true }), json!({ "disabled": false })]
    {
        bench.merchant("PATCH", &path, Some(&patch)).json(200);
    }
    bench.sim.disable(&key.id);
    bench.sim.enable(&key.id);
    let instance = bench.activate(&key, "Laptop");
    bench.post("/licenses/validate", &json!({ "license_key": key.key }));
    bench.merchant("PATCH", &format!("/license_key_instances/{instance}"), Some(&json!({ "name": "Desk" })));
    let seat = json!({ "license_key": key.key, "license_key_instance_id": instance });
    bench.post("/licenses/deactivate", &seat).is_empty(200);
    bench.clock.advance(SignedDuration::from_hours(24 * 30));
    bench.sim.force_status_word(&key.id, Some("suspended"));
    let _ = bench.sim.api_key(anykey_dodo_sim::ApiKeyScope::ReadOnly);
    assert_eq!((types(&bench), bench.sim.undelivered()), (vec![], 0));
}

#[test]
fn a_disabled_key_moves_its_grant_where_the_vendor_is_read_so() {
    let bench = Bench::new();
    listen(&bench);
    let key = bench.issue(KeySpec::default());
    delivered(&bench);
    bench.sim.change_event_quirks(|quirks| quirks.disabling_has_events = true);
    bench
        .merchant("PATCH", &format!("/license_keys/{}", key.id), Some(&json!({ "disabled": true })))
        .json(200);
    let events = delivered(&bench);
    assert_eq!(events[0].1["data"]["revocation_reason"], "license_key_disabled");
    bench.sim.enable(&key.id);
    bench.sim.enable(&key.id);
    assert_eq!((events.len(), types(&bench)), (1, vec!["entitlement_grant.delivered".to_owned()]));
}

#[test]
fn without_an_endpoint_nothing_is_kept() {
    let bench = Bench::new();
    bench.issue(KeySpec::default());
    let other = bench.sim.other_business();
    other.add_webhook_endpoint(EndpointSpec::new(URL)).unwrap();
    bench.issue(KeySpec::default());
    assert_eq!(bench.sim.undelivered(), 0, "the endpoint is another business's");
    let endpoint = listen(&bench);
    assert_eq!(bench.sim.undelivered(), 0, "what happened before is not told");
    bench.issue(KeySpec::default());
    assert_eq!(bench.sim.undelivered(), 3);
    assert!(bench.sim.remove_webhook_endpoint(&endpoint.id));
    assert_eq!((bench.sim.undelivered(), bench.sim.next_delivery_at()), (0, None));
    assert!(!bench.sim.remove_webhook_endpoint(&endpoint.id));
}

#[test]
fn an_endpoint_hears_what_it_asked_for() {
    let bench = Bench::new();
    let spec = EndpointSpec::new(URL).events(["license_key.created"]).header("x-shop", "eu");
    bench.sim.add_webhook_endpoint(spec).unwrap();
    bench.issue(KeySpec::default());
    let deliveries = bench.sim.due_deliveries();
    assert_eq!((deliveries.len(), deliveries[0].event_type.as_str()), (1, "license_key.created"));
    assert_eq!(deliveries[0].request.headers()["x-shop"], "eu");
    for (spec, error) in [
        (EndpointSpec::new("/webhooks"), BadEndpoint::Url),
        (EndpointSpec::new("ftp://shop.example"), BadEndpoint::Url),
        (EndpointSpec::new(URL).secret("whsec_short!"), BadEndpoint::Secret),
        (EndpointSpec::new(URL).header("no name", ""), BadEndpoint::Header),
    ] {
        assert_eq!(bench.sim.add_webhook_endpoint(spec).err(), Some(error));
    }
}

#[test]
fn bodies_have_the_documented_members() {
    let bench = Bench::new();
    listen(&bench);
    let key = bench.issue(KeySpec { activations_limit: Some(3), ..KeySpec::default() });
    let events = delivered(&bench);
    let (business, grant) = (bench.sim.business_id(), bench.sim.grant_of(&key.id));
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
    bench.sim.refund(key.payment_id.as_ref().unwrap());
    bench.sim.dispute(key.payment_id.as_ref().unwrap(), DisputeState::Opened);
    let told: Vec<_> = delivered(&bench).into_iter().map(|(_, body)| body["data"].clone()).collect();
    let kinds: Vec<_> = told.iter().map(|data| data["payload_type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Refund", "EntitlementGrant", "Dispute"]);
    for about in [&told[0], &told[2]] {
        assert_eq!(about["payment_id"], json!(key.payment_id));
    }
    assert_eq!(told[0]["customer"]["customer_id"], json!(key.customer_id));
}

#[test]
fn a_body_tells_the_state_of_its_delivery() {
    let bench = Bench::new();
    listen(&bench);
    let key = bench.issue(KeySpec::default());
    bench.clock.advance(SignedDuration::from_secs(60));
    bench.activate(&key, "Laptop");
    bench.sim.revoke(&key.id);
    let events = delivered(&bench);
    assert_eq!(events[0].1["timestamp"], START, "when it happened");
    assert_eq!(events[0].1["data"]["status"], "disabled");
    assert_eq!(events[0].1["data"]["instances_count"], 1);
    assert_eq!(events[1].1["data"]["status"], "Revoked", "of the grant that was created");
}

#[test]
fn quirks_of_the_api_bend_bodies_too() {
    let bench = Bench::new();
    listen(&bench);
    bench.sim.change_quirks(|quirks| {
        quirks.omit_null_members = true;
        quirks.lower_case_grant_status = true;
        quirks.nameless_granted_keys = true;
    });
    bench.issue(KeySpec::default());
    let events = delivered(&bench);
    let data = events[2].1["data"].as_object().unwrap();
    assert_eq!(data["status"], "delivered");
    assert!(!data.contains_key("revoked_at"));
    let key: BTreeSet<_> = data["license_key"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(key, BTreeSet::from(["key", "activations_used"]));
}

#[test]
fn anything_can_be_announced() {
    let bench = Bench::new();
    listen(&bench);
    bench.sim.announce("credit.added", json!({ "payload_type": "Credit", "amount": 3 }));
    let events = delivered(&bench);
    assert_eq!(events[0].0, "credit.added");
    assert_eq!(events[0].1["data"], json!({ "payload_type": "Credit", "amount": 3 }));
}

/// The members that the official packages (1.127.0 and 2.52.0) require.
#[test]
fn subscriptions_and_refunds_have_every_required_member() {
    let bench = Bench::new();
    let (key, subscription) = subscribed(&bench);
    listen(&bench);
    bench.sim.set_subscription(&subscription, SubscriptionState::PastDue);
    bench.sim.refund(&key.payment_id.unwrap());
    let events = delivered(&bench);
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

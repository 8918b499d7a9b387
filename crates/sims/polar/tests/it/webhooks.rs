//! Which events each change sends, and what is in them.

use serde_json::json;

use super::*;

pub(super) const URL: &str = "https://shop.example/webhooks/polar";

pub(super) fn listen(shop: &Shop) -> WebhookEndpoint {
    shop.sim.add_webhook_endpoint(EndpointSpec::new(URL)).unwrap()
}

/// A shop of the release that tells every change, with an endpoint.
fn telling() -> Shop {
    let shop = Shop::with(|builder| builder.release(Release::October2026));
    listen(&shop);
    shop
}

/// Everything that is due, answered well: the bodies as text.
pub(super) fn texts(shop: &Shop) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some(delivery) = shop.sim.next_delivery() {
        shop.sim.answered(delivery.id, Some(http::StatusCode::OK));
        let text = String::from_utf8(delivery.request.body().to_vec()).unwrap();
        assert_eq!(value(&text)["type"], *delivery.event_type);
        texts.push(text);
    }
    texts
}

pub(super) fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn heard(shop: &Shop) -> Vec<Value> {
    texts(shop).iter().map(|text| value(text)).collect()
}

fn types(shop: &Shop) -> Vec<String> {
    heard(shop).iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

/// The types at once, and those after the worker ran and everybody was left alone for a while.
fn types_until_quiet(shop: &Shop) -> Vec<String> {
    shop.sim.run_jobs();
    let mut all = types(shop);
    shop.wait(15);
    all.extend(types(shop));
    all
}

fn rotate(shop: &Shop, key: Uuid) {
    let path = format!("{MANAGEMENT}/{key}/rotate");
    assert_eq!(shop.call("POST", &path, &shop.token, "").0, 200);
}

fn subscription(shop: &Shop, spec: BenefitSpec) -> GrantedKey {
    let benefit = shop.sim.add_benefit(spec).unwrap();
    shop.sim.grant(GrantSpec::subscription(benefit, shop.customer)).unwrap()
}

/// One change, and the types of what it sends, without the state of the customer, which follows each.
type Change = (&'static str, fn(&Shop, &GrantedKey), &'static [&'static str]);

const CHANGES: &[Change] = &[
    ("end", |shop, key| shop.sim.end_grant(key.id).unwrap(), &["benefit_grant.revoked"]),
    (
        "end and resume",
        |shop, key| {
            shop.sim.end_grant(key.id).unwrap();
            shop.sim.resume_grant(key.id).unwrap();
        },
        &["benefit_grant.revoked", "benefit_grant.created"],
    ),
    (
        "end twice",
        |shop, key| (0..2).for_each(|_| shop.sim.end_grant(key.id).unwrap()),
        &["benefit_grant.revoked"],
    ),
    ("resume what goes on", |shop, key| shop.sim.resume_grant(key.id).unwrap(), &[]),
    ("renew", |shop, key| shop.sim.renew_grant(key.id).unwrap(), &["benefit_grant.cycled"]),
    (
        "renew what has ended",
        |shop, key| {
            shop.sim.end_grant(key.id).unwrap();
            shop.sim.renew_grant(key.id).unwrap();
        },
        &["benefit_grant.revoked"],
    ),
    ("rotate", |shop, key| rotate(shop, key.id), &["benefit_grant.updated"]),
    ("update", |shop, key| _ = shop.patch(key.id, r#"{"limit_usage":9}"#), &["benefit_grant.updated"]),
    ("disable", |shop, key| _ = shop.patch(key.id, r#"{"status":"disabled"}"#), &["benefit_grant.updated"]),
    (
        "revoke by hand",
        |shop, key| _ = shop.patch(key.id, r#"{"status":"revoked"}"#),
        &["benefit_grant.updated", "benefit_grant.revoked"],
    ),
    (
        "revoke and grant by hand",
        |shop, key| {
            shop.patch(key.id, r#"{"status":"revoked"}"#);
            shop.sim.run_jobs();
            shop.patch(key.id, r#"{"status":"granted"}"#);
        },
        &["benefit_grant.updated", "benefit_grant.revoked", "benefit_grant.updated", "benefit_grant.created"],
    ),
    ("refused update", |shop, key| _ = shop.patch(key.id, r#"{"usage":null}"#), &[]),
    (
        "delete the customer",
        |shop, _| shop.sim.delete_customer(shop.customer).unwrap(),
        &["benefit_grant.revoked"],
    ),
    (
        "use a device",
        |shop, key| {
            let id = shop.activate(&key.key, "");
            shop.validate(&key.key, r#""increment_usage":1"#);
            shop.device("deactivate", &key.key, &format!(r#""activation_id":"{id}""#));
        },
        &[],
    ),
    ("let it expire", |shop, _| shop.wait(400 * 86_400), &[]),
    (
        "edit the customer",
        |shop, _| shop.sim.update_customer(shop.customer, |customer| customer.team = true).unwrap(),
        &[],
    ),
];

#[test]
fn every_change_sends_its_events_then_the_customers_state_and_nothing_else() {
    for (name, change, expected) in CHANGES {
        let shop = telling();
        let key = subscription(&shop, devices(2));
        assert_eq!(types_until_quiet(&shop), ["benefit_grant.created", "customer.state_changed"]);
        change(&shop, &key);
        let state: &[&str] = if expected.is_empty() { &[] } else { &["customer.state_changed"] };
        assert_eq!(types_until_quiet(&shop), [expected, state].concat(), "{name}");
        assert_eq!((shop.sim.undelivered(), shop.sim.next_delivery_at()), (0, None), "{name}");
    }
}

#[test]
fn benefits_tell_of_themselves_and_of_each_grant() {
    let shop = telling();
    let benefit = shop.sim.add_benefit(devices(2)).unwrap();
    for _ in 0..2 {
        shop.sim.grant(GrantSpec::order(benefit, shop.customer)).unwrap();
    }
    let ended = shop.sim.grant(GrantSpec::order(benefit, shop.customer)).unwrap();
    shop.sim.end_grant(ended.id).unwrap();
    types_until_quiet(&shop);
    shop.sim.update_benefit(benefit, |benefit| benefit.prefix = Some("NEW".to_owned())).unwrap();
    assert_eq!(types_until_quiet(&shop), ["benefit.updated"]);
    shop.sim.update_benefit(benefit, |_| ()).unwrap();
    assert_eq!(types_until_quiet(&shop), [""; 0]);
    shop.sim.update_benefit(benefit, |benefit| benefit.limit_usage = Some(5)).unwrap();
    let updated = "benefit_grant.updated";
    assert_eq!(types_until_quiet(&shop), ["benefit.updated", updated, updated, "customer.state_changed"]);
    shop.sim.delete_benefit(benefit).unwrap();
    let revoked = "benefit_grant.revoked";
    assert_eq!(types_until_quiet(&shop), [revoked, revoked, "customer.state_changed"]);
}

#[test]
fn the_recorded_release_is_silent_about_updates_and_rotations() {
    let shop = Shop::new();
    listen(&shop);
    let key = subscription(&shop, devices(2));
    let created = shop.sim.next_delivery().unwrap();
    assert!(!created.request.headers().contains_key("webhook-api-version"));
    shop.sim.answered(created.id, Some(http::StatusCode::OK));
    types_until_quiet(&shop);
    rotate(&shop, key.id);
    shop.patch(key.id, r#"{"limit_usage":9}"#);
    shop.patch(key.id, r#"{"status":"disabled"}"#);
    shop.patch(key.id, r#"{"status":"granted"}"#);
    assert_eq!(types_until_quiet(&shop), [""; 0]);
    shop.patch(key.id, r#"{"status":"revoked"}"#);
    assert_eq!(types_until_quiet(&shop), ["benefit_grant.revoked", "customer.state_changed"]);
}

#[test]
fn a_rotation_tells_both_masks_and_never_the_key() {
    let shop = telling();
    let key = subscription(&shop, BenefitSpec::default());
    texts(&shop);
    rotate(&shop, key.id);
    let rotated = shop.sim.key(key.id).unwrap().key;
    let told = texts(&shop);
    let data = &value(&told[0])["data"];
    let mask = |key: &str| {
        let hidden = format!("****-{}", key.get(30..).unwrap());
        json!({ "license_key_id": data["properties"]["license_key_id"], "display_key": hidden })
    };
    assert_eq!(data["previous_properties"], mask(&key.key));
    assert_eq!(data["properties"], mask(&rotated));
    shop.patch(key.id, r#"{"limit_usage":9}"#);
    let patched = texts(&shop);
    assert_eq!(value(&patched[0])["data"]["previous_properties"], mask(&rotated));
    for text in told.iter().chain(&patched) {
        assert!(!text.contains(&key.key) && !text.contains(&rotated));
    }
}

#[test]
fn a_grant_is_the_same_one_when_it_comes_back() {
    let shop = telling();
    let key = subscription(&shop, BenefitSpec::default());
    let first = heard(&shop).remove(0);
    assert_eq!(first["data"]["previous_properties"], json!({}));
    shop.wait(60);
    shop.sim.end_grant(key.id).unwrap();
    shop.wait(60);
    let state = heard(&shop).pop().unwrap();
    for list in ["granted_benefits", "active_subscriptions"] {
        assert_eq!((&state["type"], &state["data"][list]), (&"customer.state_changed".into(), &json!([])));
    }
    shop.sim.resume_grant(key.id).unwrap();
    let events = heard(&shop);
    let again = events.iter().find(|event| event["type"] == "benefit_grant.created").unwrap();
    let (first, again) = (&first["data"], &again["data"]);
    for member in ["id", "created_at", "properties"] {
        assert_eq!(first[member], again[member], "{member}");
    }
    assert_eq!(again["granted_at"], "2027-01-31T12:02:00Z");
    assert_eq!((&again["revoked_at"], &again["is_revoked"]), (&Value::Null, &false.into()));
    assert_eq!(again["previous_properties"], again["properties"]);
}

#[test]
fn a_failed_grant_has_an_error_and_no_key() {
    let shop = telling();
    let benefit = shop.sim.add_benefit(BenefitSpec::default()).unwrap();
    let spec = GrantSpec::order(benefit, shop.customer);
    let id = shop.sim.fail_grant(&spec, "no key is left").unwrap();
    let event = heard(&shop).remove(0);
    assert_eq!((&event["type"], &event["data"]["id"]), (&"benefit_grant.created".into(), &json!(id)));
    let data = &event["data"];
    assert_eq!(
        (&data["is_granted"], &data["is_revoked"], &data["granted_at"]),
        (&json!(false), &json!(false), &Value::Null)
    );
    assert_eq!(data["error"]["message"], "no key is left");
    assert!(data["error"]["type"].is_string() && data["error"]["timestamp"] == "2027-01-31T12:00:00Z");
    assert_eq!((&data["properties"], &data["previous_properties"]), (&json!({}), &json!({})));
    shop.wait(15);
    assert_eq!(heard(&shop)[0]["data"]["granted_benefits"], json!([]));
    assert_eq!(
        shop.sim.fail_grant(&GrantSpec::order(benefit, benefit), "").err(),
        Some(SimError::UnknownCustomer)
    );
}

#[test]
fn the_state_of_a_customer_waits_for_quiet_but_not_for_ever() {
    let shop = telling();
    let key = subscription(&shop, BenefitSpec::default());
    types(&shop);
    let mut waited = 0;
    while types(&shop).iter().all(|one| one != "customer.state_changed") {
        shop.wait(10);
        waited += 10;
        assert!(waited <= 15 * 60, "it is held back for ever");
        shop.sim.renew_grant(key.id).unwrap();
    }
    assert_eq!(waited, 15 * 60);
    let since = shop.clock.now();
    assert_eq!(shop.sim.next_delivery_at(), Some(since + SignedDuration::from_secs(15)));
    shop.wait(15);
    let state = heard(&shop).remove(0);
    assert_eq!(state["timestamp"], shop.clock.now().to_string());
    let period = &state["data"]["active_subscriptions"][0]["current_period_start"];
    assert!(period.as_str().unwrap() > "2030", "renewed each time: {period}");
}

#[test]
fn members_are_told_in_full() {
    let shop = Shop::with(|builder| builder.release(Release::October2026));
    listen(&shop);
    let member = MemberSpec { email: "seat@example.com".to_owned(), owner: true, external_id: None };
    let member = shop.sim.add_member(shop.customer, member).unwrap();
    let benefit = shop.sim.add_benefit(BenefitSpec::default()).unwrap();
    shop.sim.grant(GrantSpec::order(benefit, shop.customer).member(member)).unwrap();
    let event = heard(&shop).remove(0);
    assert_eq!(
        event["data"]["member"],
        json!({
            "id": member, "created_at": "2027-01-31T12:00:00Z", "modified_at": null, "customer_id": shop.customer,
            "email": "seat@example.com", "name": null, "external_id": null, "role": "owner"
        })
    );
    assert_eq!(event["data"]["member_id"], json!(member));
}

#[test]
fn an_imported_key_is_shown_only_where_the_vendor_is_read_so() {
    let shop = telling();
    let benefit = shop.sim.add_benefit(BenefitSpec::default()).unwrap();
    let import = |key: &str| shop.sim.grant(GrantSpec::order(benefit, shop.customer).key(key)).unwrap();
    import("IMPORTED-1-ABCDEF");
    assert!(!texts(&shop)[0].contains("IMPORTED-1"));
    shop.sim.show_imported_keys(true);
    import("IMPORTED-2-ABCDEF");
    assert_eq!(heard(&shop)[0]["data"]["properties"]["user_provided_key"], "IMPORTED-2-ABCDEF");
    shop.sim.grant(GrantSpec::order(benefit, shop.customer)).unwrap();
    assert_eq!(heard(&shop)[0]["data"]["properties"].get("user_provided_key"), None);
}

#[test]
fn bodies_are_compact_and_leave_letters_as_they_are() {
    let shop = telling();
    shop.sim.update_customer(shop.customer, |customer| customer.name = Some("Zoë 蛇 🐍".to_owned())).unwrap();
    shop.sell(BenefitSpec::default());
    let text = texts(&shop).remove(0);
    assert!(text.contains(r#""name":"Zoë 蛇 🐍","#) && !text.contains(": ") && !text.contains("\\u"));
}

#[test]
fn organizations_hear_of_their_own_and_nothing_is_kept_for_nobody() {
    let shop = Shop::new();
    shop.sell(BenefitSpec::default());
    assert_eq!(shop.sim.undelivered(), 0);
    let other = shop.sim.add_organization(OrganizationSpec::default());
    shop.sim.add_webhook_endpoint(EndpointSpec::new(URL).organization(other)).unwrap();
    shop.sell(BenefitSpec::default());
    assert_eq!(shop.sim.undelivered(), 0);
    let narrow = EndpointSpec::new(URL).events(["benefit_grant.revoked"]);
    let narrow = shop.sim.add_webhook_endpoint(narrow).unwrap();
    let key = shop.sell(BenefitSpec::default());
    shop.sim.end_grant(key.id).unwrap();
    assert_eq!(types_until_quiet(&shop), ["benefit_grant.revoked"]);
    shop.sim.remove_webhook_endpoint(narrow.id).unwrap();
    shop.sim.resume_grant(key.id).unwrap();
    assert_eq!((shop.sim.undelivered(), shop.sim.next_delivery_at()), (0, None));
    assert_eq!(shop.sim.remove_webhook_endpoint(narrow.id), Err(SimError::UnknownEndpoint));
    let nowhere = EndpointSpec::new(URL).organization(key.id);
    assert_eq!(shop.sim.add_webhook_endpoint(nowhere).err(), Some(SimError::UnknownOrganization));
}

#[test]
fn anything_can_be_announced() {
    let shop = telling();
    shop.sim.announce("order.paid", &json!({ "id": "anything" }));
    let event = heard(&shop).remove(0);
    assert_eq!((&event["type"], &event["data"]), (&"order.paid".into(), &json!({ "id": "anything" })));
}

#[test]
fn requests_have_the_headers_that_were_recorded() {
    let shop = telling();
    shop.sell(BenefitSpec::default());
    let delivery = shop.sim.next_delivery().unwrap();
    let headers = delivery.request.headers();
    for (name, value) in [
        ("accept", "*/*"),
        ("user-agent", "polar.sh webhooks"),
        ("content-type", "application/json"),
        ("webhook-timestamp", "1801396800"),
        ("webhook-api-version", "2026-10"),
    ] {
        assert_eq!(headers[name], value);
    }
    assert!(headers["webhook-id"].to_str().unwrap().parse::<Uuid>().is_ok());
    assert!(headers["webhook-signature"].to_str().unwrap().starts_with("v1,"));
    let traceparent = headers["traceparent"].to_str().unwrap();
    assert!(traceparent.starts_with("00-") && traceparent.ends_with("-01") && traceparent.len() == 55);
    assert_eq!(headers.len(), 8);
    assert_eq!(
        (delivery.request.method().as_str(), delivery.request.uri().to_string()),
        ("POST", URL.to_owned())
    );
}

#[test]
fn since_october_a_delivery_names_its_version_and_what_a_subscription_was_bought_in() {
    for (release, is_new) in [(Release::August2026, false), (Release::October2026, true)] {
        let shop = Shop::with(|builder| builder.release(release));
        listen(&shop);
        let benefit = shop.sim.add_benefit(BenefitSpec::default()).unwrap();
        shop.sim.grant(GrantSpec::subscription(benefit, shop.customer)).unwrap();
        shop.wait(15);
        for delivery in shop.sim.due_deliveries() {
            let body = value(std::str::from_utf8(delivery.request.body()).unwrap());
            assert_eq!(body.get("api_version").is_some(), is_new, "{body}");
            assert_eq!(delivery.request.headers().contains_key("traceparent"), is_new);
            if delivery.event_type == "customer.state_changed" {
                let subscription = &body["data"]["active_subscriptions"][0];
                assert_eq!(subscription.get("seats").is_some(), is_new, "{subscription}");
                assert_eq!(subscription.get("units").is_some(), is_new, "{subscription}");
            }
        }
    }
}

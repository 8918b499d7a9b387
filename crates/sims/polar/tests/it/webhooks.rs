//! The events of each change, and their content.

use super::*;

pub(super) const URL: &str = "https://seller.example/webhooks/polar";

pub(super) fn listen(seller: &Seller) -> WebhookEndpoint {
    seller.sim.add_webhook_endpoint(EndpointSpec::new(URL)).unwrap()
}

/// A seller of the release that sends an event for every change, with an endpoint.
fn october() -> Seller {
    let seller = Seller::with(|builder| builder.release(Release::October2026));
    listen(&seller);
    seller
}

/// Delivers everything that is due: the bodies as text.
pub(super) fn texts(seller: &Seller) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some(delivery) = seller.sim.next_delivery() {
        seller.sim.answered(delivery.id, Some(http::StatusCode::OK));
        let text = String::from_utf8(delivery.request.body().to_vec()).unwrap();
        assert_eq!(value(&text)["type"], *delivery.event_type);
        texts.push(text);
    }
    texts
}

pub(super) fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn delivered(seller: &Seller) -> Vec<Value> {
    texts(seller).iter().map(|text| value(text)).collect()
}

fn types(seller: &Seller) -> Vec<String> {
    delivered(seller).iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

/// The types of the immediate events, and of those after the jobs and a quiet period.
fn types_until_quiet(seller: &Seller) -> Vec<String> {
    seller.sim.run_jobs();
    let mut all = types(seller);
    seller.wait(15);
    all.extend(types(seller));
    all
}

fn rotate(seller: &Seller, key: Uuid) {
    let path = format!("{MANAGEMENT}/{key}/rotate");
    assert_eq!(seller.call("POST", &path, &seller.token, "").0, 200);
}

fn subscription(seller: &Seller, spec: BenefitSpec) -> GrantedKey {
    let benefit = seller.sim.add_benefit(spec).unwrap();
    seller.sim.grant(GrantSpec::subscription(benefit, seller.customer)).unwrap()
}

/// A change, and the types of its events, without the customer's state, which follows each of them.
type Change = (&'static str, fn(&Seller, &GrantedKey), &'static [&'static str]);

const CHANGES: &[Change] = &[
    ("end", |seller, key| seller.sim.end_grant(key.id).unwrap(), &["benefit_grant.revoked"]),
    (
        "end and resume",
        |seller, key| {
            seller.sim.end_grant(key.id).unwrap();
            seller.sim.resume_grant(key.id).unwrap();
        },
        &["benefit_grant.revoked", "benefit_grant.created"],
    ),
    (
        "end twice",
        |seller, key| (0..2).for_each(|_| seller.sim.end_grant(key.id).unwrap()),
        &["benefit_grant.revoked"],
    ),
    ("resume an active one", |seller, key| seller.sim.resume_grant(key.id).unwrap(), &[]),
    ("renew", |seller, key| seller.sim.renew_grant(key.id).unwrap(), &["benefit_grant.cycled"]),
    (
        "renew an ended one",
        |seller, key| {
            seller.sim.end_grant(key.id).unwrap();
            seller.sim.renew_grant(key.id).unwrap();
        },
        &["benefit_grant.revoked"],
    ),
    ("rotate", |seller, key| rotate(seller, key.id), &["benefit_grant.updated"]),
    ("update", |seller, key| _ = seller.patch(key.id, r#"{"limit_usage":9}"#), &["benefit_grant.updated"]),
    (
        "disable",
        |seller, key| _ = seller.patch(key.id, r#"{"status":"disabled"}"#),
        &["benefit_grant.updated"],
    ),
    (
        "revoke by hand",
        |seller, key| _ = seller.patch(key.id, r#"{"status":"revoked"}"#),
        &["benefit_grant.updated", "benefit_grant.revoked"],
    ),
    (
        "revoke and grant by hand",
        |seller, key| {
            seller.patch(key.id, r#"{"status":"revoked"}"#);
            seller.sim.run_jobs();
            seller.patch(key.id, r#"{"status":"granted"}"#);
        },
        &["benefit_grant.updated", "benefit_grant.revoked", "benefit_grant.updated", "benefit_grant.created"],
    ),
    ("refused update", |seller, key| _ = seller.patch(key.id, r#"{"usage":null}"#), &[]),
    (
        "delete the customer",
        |seller, _| seller.sim.delete_customer(seller.customer).unwrap(),
        &["benefit_grant.revoked"],
    ),
    (
        "use a device",
        |seller, key| {
            let id = seller.activate(&key.key, "");
            seller.validate(&key.key, r#""increment_usage":1"#);
            seller.device("deactivate", &key.key, &format!(r#""activation_id":"{id}""#));
        },
        &[],
    ),
    ("let it expire", |seller, _| seller.wait(400 * 86_400), &[]),
    (
        "edit the customer",
        |seller, _| seller.sim.update_customer(seller.customer, |customer| customer.team = true).unwrap(),
        &[],
    ),
];

#[test]
fn every_change_sends_its_events_and_then_only_the_customers_state() {
    for (name, change, expected) in CHANGES {
        let seller = october();
        let key = subscription(&seller, devices(2));
        assert_eq!(types_until_quiet(&seller), ["benefit_grant.created", "customer.state_changed"]);
        change(&seller, &key);
        let state: &[&str] = if expected.is_empty() { &[] } else { &["customer.state_changed"] };
        assert_eq!(types_until_quiet(&seller), [expected, state].concat(), "{name}");
        assert_eq!((seller.sim.undelivered(), seller.sim.next_delivery_at()), (0, None), "{name}");
    }
}

#[test]
fn a_changed_benefit_sends_its_event_and_one_for_each_grant() {
    let seller = october();
    let benefit = seller.sim.add_benefit(devices(2)).unwrap();
    for _ in 0..2 {
        seller.sim.grant(GrantSpec::order(benefit, seller.customer)).unwrap();
    }
    let ended = seller.sim.grant(GrantSpec::order(benefit, seller.customer)).unwrap();
    seller.sim.end_grant(ended.id).unwrap();
    types_until_quiet(&seller);
    seller.sim.update_benefit(benefit, |benefit| benefit.prefix = Some("NEW".to_owned())).unwrap();
    assert_eq!(types_until_quiet(&seller), ["benefit.updated"]);
    seller.sim.update_benefit(benefit, |_| ()).unwrap();
    assert_eq!(types_until_quiet(&seller), [""; 0]);
    seller.sim.update_benefit(benefit, |benefit| benefit.limit_usage = Some(5)).unwrap();
    let updated = "benefit_grant.updated";
    assert_eq!(types_until_quiet(&seller), ["benefit.updated", updated, updated, "customer.state_changed"]);
    seller.sim.delete_benefit(benefit).unwrap();
    let revoked = "benefit_grant.revoked";
    assert_eq!(types_until_quiet(&seller), [revoked, revoked, "customer.state_changed"]);
}

#[test]
fn the_recorded_release_sends_nothing_for_updates_and_rotations() {
    let seller = Seller::new();
    listen(&seller);
    let key = subscription(&seller, devices(2));
    let created = seller.sim.next_delivery().unwrap();
    assert!(!created.request.headers().contains_key("webhook-api-version"));
    seller.sim.answered(created.id, Some(http::StatusCode::OK));
    types_until_quiet(&seller);
    rotate(&seller, key.id);
    seller.patch(key.id, r#"{"limit_usage":9}"#);
    seller.patch(key.id, r#"{"status":"disabled"}"#);
    seller.patch(key.id, r#"{"status":"granted"}"#);
    assert_eq!(types_until_quiet(&seller), [""; 0]);
    seller.patch(key.id, r#"{"status":"revoked"}"#);
    assert_eq!(types_until_quiet(&seller), ["benefit_grant.revoked", "customer.state_changed"]);
}

#[test]
fn a_rotation_event_contains_both_masked_keys_and_no_key() {
    let seller = october();
    let key = subscription(&seller, BenefitSpec::default());
    texts(&seller);
    rotate(&seller, key.id);
    let rotated = seller.sim.key(key.id).unwrap().key;
    let sent = texts(&seller);
    let data = &value(&sent[0])["data"];
    let mask = |key: &str| {
        let hidden = format!("****-{}", key.get(30..).unwrap());
        json!({ "license_key_id": data["properties"]["license_key_id"], "display_key": hidden })
    };
    assert_eq!(data["previous_properties"], mask(&key.key));
    assert_eq!(data["properties"], mask(&rotated));
    seller.patch(key.id, r#"{"limit_usage":9}"#);
    let patched = texts(&seller);
    assert_eq!(value(&patched[0])["data"]["previous_properties"], mask(&rotated));
    for text in sent.iter().chain(&patched) {
        assert!(!text.contains(&key.key) && !text.contains(&rotated));
    }
}

#[test]
fn a_restored_grant_has_the_same_id() {
    let seller = october();
    let key = subscription(&seller, BenefitSpec::default());
    let first = delivered(&seller).remove(0);
    assert_eq!(first["data"]["previous_properties"], json!({}));
    seller.wait(60);
    seller.sim.end_grant(key.id).unwrap();
    seller.wait(60);
    let state = delivered(&seller).pop().unwrap();
    for list in ["granted_benefits", "active_subscriptions"] {
        assert_eq!((&state["type"], &state["data"][list]), (&"customer.state_changed".into(), &json!([])));
    }
    seller.sim.resume_grant(key.id).unwrap();
    let events = delivered(&seller);
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
    let seller = october();
    let benefit = seller.sim.add_benefit(BenefitSpec::default()).unwrap();
    let spec = GrantSpec::order(benefit, seller.customer);
    let id = seller.sim.fail_grant(&spec, "no key is left").unwrap();
    let event = delivered(&seller).remove(0);
    assert_eq!((&event["type"], &event["data"]["id"]), (&"benefit_grant.created".into(), &json!(id)));
    let data = &event["data"];
    assert_eq!(
        (&data["is_granted"], &data["is_revoked"], &data["granted_at"]),
        (&json!(false), &json!(false), &Value::Null)
    );
    assert_eq!(data["error"]["message"], "no key is left");
    assert!(data["error"]["type"].is_string() && data["error"]["timestamp"] == "2027-01-31T12:00:00Z");
    assert_eq!((&data["properties"], &data["previous_properties"]), (&json!({}), &json!({})));
    seller.wait(15);
    assert_eq!(delivered(&seller)[0]["data"]["granted_benefits"], json!([]));
    assert_eq!(
        seller.sim.fail_grant(&GrantSpec::order(benefit, benefit), "").err(),
        Some(SimError::UnknownCustomer)
    );
}

#[test]
fn the_customers_state_is_sent_after_a_quiet_period_or_a_maximum_delay() {
    let seller = october();
    let key = subscription(&seller, BenefitSpec::default());
    types(&seller);
    let mut waited = 0;
    while types(&seller).iter().all(|one| one != "customer.state_changed") {
        seller.wait(10);
        waited += 10;
        assert!(waited <= 15 * 60, "the delay is limited");
        seller.sim.renew_grant(key.id).unwrap();
    }
    assert_eq!(waited, 15 * 60);
    let since = seller.clock.now();
    assert_eq!(seller.sim.next_delivery_at(), Some(since + SignedDuration::from_secs(15)));
    seller.wait(15);
    let state = delivered(&seller).remove(0);
    assert_eq!(state["timestamp"], seller.clock.now().to_string());
    let period = &state["data"]["active_subscriptions"][0]["current_period_start"];
    assert!(period.as_str().unwrap() > "2030", "renewed each time: {period}");
}

#[test]
fn members_are_included_completely() {
    let seller = Seller::with(|builder| builder.release(Release::October2026));
    listen(&seller);
    let member = MemberSpec { email: "seat@example.com".to_owned(), owner: true, external_id: None };
    let member = seller.sim.add_member(seller.customer, member).unwrap();
    let benefit = seller.sim.add_benefit(BenefitSpec::default()).unwrap();
    seller.sim.grant(GrantSpec::order(benefit, seller.customer).member(member)).unwrap();
    let event = delivered(&seller).remove(0);
    assert_eq!(
        event["data"]["member"],
        json!({
            "id": member, "created_at": "2027-01-31T12:00:00Z", "modified_at": null, "customer_id": seller.customer,
            "email": "seat@example.com", "name": null, "external_id": null, "role": "owner"
        })
    );
    assert_eq!(event["data"]["member_id"], json!(member));
}

#[test]
fn an_imported_key_is_included_only_if_configured() {
    let seller = october();
    let benefit = seller.sim.add_benefit(BenefitSpec::default()).unwrap();
    let import = |key: &str| seller.sim.grant(GrantSpec::order(benefit, seller.customer).key(key)).unwrap();
    import("IMPORTED-1-ABCDEF");
    assert!(!texts(&seller)[0].contains("IMPORTED-1"));
    seller.sim.show_imported_keys(true);
    import("IMPORTED-2-ABCDEF");
    assert_eq!(delivered(&seller)[0]["data"]["properties"]["user_provided_key"], "IMPORTED-2-ABCDEF");
    seller.sim.grant(GrantSpec::order(benefit, seller.customer)).unwrap();
    assert_eq!(delivered(&seller)[0]["data"]["properties"].get("user_provided_key"), None);
}

#[test]
fn bodies_are_compact_and_do_not_escape_letters() {
    let seller = october();
    seller
        .sim
        .update_customer(seller.customer, |customer| customer.name = Some("Zoë 蛇 🐍".to_owned()))
        .unwrap();
    seller.sell(BenefitSpec::default());
    let text = texts(&seller).remove(0);
    assert!(text.contains(r#""name":"Zoë 蛇 🐍","#) && !text.contains(": ") && !text.contains("\\u"));
}

#[test]
fn organizations_receive_only_their_events_and_nothing_is_queued_without_endpoints() {
    let seller = Seller::new();
    seller.sell(BenefitSpec::default());
    assert_eq!(seller.sim.undelivered(), 0);
    let other = seller.sim.add_organization(OrganizationSpec::default());
    seller.sim.add_webhook_endpoint(EndpointSpec::new(URL).organization(other)).unwrap();
    seller.sell(BenefitSpec::default());
    assert_eq!(seller.sim.undelivered(), 0);
    let narrow = EndpointSpec::new(URL).events(["benefit_grant.revoked"]);
    let narrow = seller.sim.add_webhook_endpoint(narrow).unwrap();
    let key = seller.sell(BenefitSpec::default());
    seller.sim.end_grant(key.id).unwrap();
    assert_eq!(types_until_quiet(&seller), ["benefit_grant.revoked"]);
    seller.sim.remove_webhook_endpoint(narrow.id).unwrap();
    seller.sim.resume_grant(key.id).unwrap();
    assert_eq!((seller.sim.undelivered(), seller.sim.next_delivery_at()), (0, None));
    assert_eq!(seller.sim.remove_webhook_endpoint(narrow.id), Err(SimError::UnknownEndpoint));
    let nowhere = EndpointSpec::new(URL).organization(key.id);
    assert_eq!(seller.sim.add_webhook_endpoint(nowhere).err(), Some(SimError::UnknownOrganization));
}

#[test]
fn any_event_can_be_sent() {
    let seller = october();
    seller.sim.announce("order.paid", &json!({ "id": "anything" }));
    let event = delivered(&seller).remove(0);
    assert_eq!((&event["type"], &event["data"]), (&"order.paid".into(), &json!({ "id": "anything" })));
}

#[test]
fn requests_have_the_recorded_headers() {
    let seller = october();
    seller.sell(BenefitSpec::default());
    let delivery = seller.sim.next_delivery().unwrap();
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
fn since_october_a_delivery_contains_its_version_and_the_subscriptions_quantities() {
    for (release, is_new) in [(Release::August2026, false), (Release::October2026, true)] {
        let seller = Seller::with(|builder| builder.release(release));
        listen(&seller);
        let benefit = seller.sim.add_benefit(BenefitSpec::default()).unwrap();
        seller.sim.grant(GrantSpec::subscription(benefit, seller.customer)).unwrap();
        seller.wait(15);
        for delivery in seller.sim.due_deliveries() {
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

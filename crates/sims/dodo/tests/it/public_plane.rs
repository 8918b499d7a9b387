use std::collections::HashSet;
use std::thread;

use anykey_core::SignedDuration;
use anykey_dodo_sim::{ApiKeyScope, KeySpec, KeyStatus, Purchase, SubscriptionState};
use serde_json::{Value, json};

use crate::fixture::{Fixture, START, at, refusal, request, send};

fn limited(limit: i32) -> KeySpec {
    KeySpec { activations_limit: Some(limit), ..KeySpec::default() }
}

#[test]
fn every_answer_has_the_date_of_the_clock() {
    let fixture = Fixture::new();
    let answer = send(&fixture.sim, request("GET", "https://test.dodopayments.com/nowhere"));
    assert_eq!(answer.header("date"), Some("Fri, 30 Oct 2026 08:15:42 GMT"));
}

#[test]
fn a_form_is_not_accepted_as_json() {
    let fixture = Fixture::new();
    let form = request("POST", "https://test.dodopayments.com/licenses/validate")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("license_key=PRO-1");
    let refused = send(&fixture.sim, form);
    assert_eq!(refused.json(415)["code"], "INVALID_REQUEST_BODY");
}

#[test]
fn activation_is_201_with_instance_customer_and_product() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(2));
    let reply = fixture.post("/licenses/activate", &json!({ "license_key": key.key, "name": "Laptop" }));
    let instances = fixture.sim.instances(&key.id);
    assert_eq!(instances.len(), 1);
    assert!(instances[0].id.starts_with("lki_"));
    reply.is(
        201,
        &json!({
            "id": instances[0].id,
            "business_id": fixture.sim.business_id(),
            "created_at": START,
            "customer": {
                "customer_id": fixture.customer,
                "email": "ada@example.com",
                "name": "Ada Example",
                "metadata": {},
                "phone_number": null,
            },
            "license_key_id": key.id,
            "name": "Laptop",
            "product": { "product_id": fixture.product, "name": "Editor Pro" },
        }),
    );
}

#[test]
fn activation_of_a_nameless_product_has_a_null_name() {
    let fixture = Fixture::new();
    let product = fixture.sim.add_product(None);
    let key = fixture.issue(KeySpec { product: Some(product.clone()), ..KeySpec::default() });
    let reply = fixture.post("/licenses/activate", &json!({ "license_key": key.key, "name": "" }));
    assert_eq!(reply.json(201)["product"], json!({ "product_id": product, "name": null }));
}

#[test]
fn activation_is_not_idempotent() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    assert_ne!(fixture.activate(&key, "Laptop"), fixture.activate(&key, "Laptop"));
    assert_eq!(fixture.sim.instances(&key.id).len(), 2);
}

#[test]
fn activation_errors() {
    let fixture = Fixture::new();
    let full = fixture.issue(limited(1));
    fixture.activate(&full, "Laptop");
    let never = fixture.issue(limited(0));
    let disabled = fixture.issue(limited(0));
    fixture.sim.disable(&disabled.id);
    let expired = fixture.issue(KeySpec { expires_at: Some(at(START)), ..KeySpec::default() });
    let inactive = refusal("INACTIVE_LICENSE_KEY", "License key is not active");
    let reached = refusal("LICENSE_KEY_LIMIT_REACHED", "License key activation limit reached");

    let uppercase = full.key.to_uppercase();
    for (code, status, body) in [
        ("no-such-key", 404, &refusal("NOT_FOUND", "License key not found")),
        (&uppercase, 404, &refusal("NOT_FOUND", "License key not found")),
        (&disabled.key, 403, &inactive),
        (&expired.key, 403, &inactive),
        (&full.key, 422, &reached),
        (&never.key, 422, &reached),
    ] {
        fixture
            .post("/licenses/activate", &json!({ "license_key": code, "name": "Laptop" }))
            .is(status, body);
    }
    assert_eq!(fixture.sim.instances(&full.id).len(), 1);
}

#[test]
fn invalid_members_are_422_with_the_vendors_deserializer_message() {
    let fixture = Fixture::new();
    let wrong = |why: &str| {
        refusal(
            "INVALID_REQUEST_BODY",
            &format!("Failed to deserialize the JSON body into the target type: {why}"),
        )
    };
    for (path, body, why) in [
        ("activate", json!({}), "missing field `license_key`"),
        ("activate", json!({ "license_key": "k" }), "missing field `name`"),
        (
            "activate",
            json!({ "license_key": "k", "name": null }),
            "name: invalid type: null, expected a string",
        ),
        (
            "activate",
            json!({ "license_key": 5, "name": "n" }),
            "license_key: invalid type: integer `5`, expected a string",
        ),
        ("deactivate", json!({ "license_key": "k" }), "missing field `license_key_instance_id`"),
        (
            "deactivate",
            json!({ "license_key": "k", "license_key_instance_id": null }),
            "license_key_instance_id: invalid type: null, expected a string",
        ),
        ("validate", json!({}), "missing field `license_key`"),
        (
            "validate",
            json!({ "license_key": "k", "license_key_instance_id": 1 }),
            "license_key_instance_id: invalid type: integer `1`, expected a string",
        ),
    ] {
        fixture.post(&format!("/licenses/{path}"), &body).is(422, &wrong(why));
    }
}

#[test]
fn bodies_that_are_not_json_are_400_and_not_declared_as_json_415() {
    let fixture = Fixture::new();
    let invalid = refusal(
        "INVALID_REQUEST_BODY",
        "Your request body is invalid. Please check your request headers and object.",
    );
    for path in ["/licenses/activate", "/licenses/deactivate", "/licenses/validate"] {
        for text in ["", "{", "license_key=k"] {
            let draft = request("POST", path).header("content-type", "application/json");
            send(&fixture.sim, draft.body(text)).is(400, &invalid);
        }
        send(&fixture.sim, request("POST", path).body("{}")).is(415, &invalid);
        let form = request("POST", path).header("content-type", "application/x-www-form-urlencoded");
        send(&fixture.sim, form.body("license_key=k")).is(415, &invalid);
    }
    let spelled =
        request("POST", "/licenses/validate").header("content-type", "Application/JSON; charset=utf-8");
    send(&fixture.sim, spelled.body(r#"{"license_key":"k"}"#)).is(200, &json!({ "valid": false }));
}

#[test]
fn unknown_members_of_a_body_are_ignored() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let body = json!({ "license_key": key.key, "name": "Laptop", "device_id": "d", "metadata": {} });
    fixture.post("/licenses/activate", &body).json(201);
}

#[test]
fn deactivation_is_200_without_a_body_and_releases_the_seat() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(1));
    let instance = fixture.activate(&key, "Laptop");
    let body = json!({ "license_key": key.key, "license_key_instance_id": instance });
    fixture.post("/licenses/deactivate", &body).is_empty(200);
    assert!(fixture.sim.instances(&key.id).is_empty());
    fixture.activate(&key, "Desktop");
}

#[test]
fn deactivation_errors() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let other = fixture.issue(KeySpec::default());
    let instance = fixture.activate(&key, "Laptop");
    let foreign = refusal(
        "LICENSE_KEY_NOT_FOUND",
        "License key instance not found or does not belong to this license key",
    );
    let body = |code: &str, id: &str| json!({ "license_key": code, "license_key_instance_id": id });

    let unknown = refusal("NOT_FOUND", "License key not found");
    fixture.post("/licenses/deactivate", &body("no-such-key", &instance)).is(404, &unknown);
    fixture.post("/licenses/deactivate", &body(&key.key, "lki_unknown")).is(403, &foreign);
    fixture.post("/licenses/deactivate", &body(&other.key, &instance)).is(403, &foreign);
    assert_eq!(fixture.sim.instances(&key.id).len(), 1);

    fixture.post("/licenses/deactivate", &body(&key.key, &instance)).is_empty(200);
    fixture.post("/licenses/deactivate", &body(&key.key, &instance)).is(403, &foreign);
}

#[test]
fn a_disabled_or_expired_key_can_be_deactivated() {
    let fixture = Fixture::new();
    let soon = at(START).checked_add(SignedDuration::from_secs(1)).unwrap();
    for expires_at in [None, Some(soon)] {
        let key = fixture.issue(KeySpec { expires_at, ..KeySpec::default() });
        let instance = fixture.activate(&key, "Laptop");
        fixture.sim.disable(&key.id);
        fixture.clock.advance(SignedDuration::from_secs(2));
        let body = json!({ "license_key": key.key, "license_key_instance_id": instance });
        fixture.post("/licenses/deactivate", &body).is_empty(200);
        fixture.clock.set(at(START));
    }
}

fn validity(fixture: &Fixture, body: &Value) -> bool {
    let reply = fixture.post("/licenses/validate", body).json(200);
    assert_eq!(reply.as_object().unwrap().len(), 1, "validation answers one member");
    reply["valid"].as_bool().unwrap()
}

#[test]
fn validation_follows_the_truth_table() {
    let fixture = Fixture::new();
    let fresh = fixture.issue(KeySpec::default());
    let full = fixture.issue(limited(1));
    let instance = fixture.activate(&full, "Laptop");
    let seat = fixture.issue(KeySpec::default());
    let elsewhere = fixture.activate(&seat, "Laptop");
    let left = fixture.activate(&fresh, "Laptop");
    fixture
        .post("/licenses/deactivate", &json!({ "license_key": fresh.key, "license_key_instance_id": left }))
        .is_empty(200);
    let other_product = fixture.sim.issue(KeySpec::default()).unwrap();
    let other_merchant = fixture.sim.other_business().issue(KeySpec::default()).unwrap();

    for (why, key, instance, valid) in [
        ("active, no instance id", &full.key, None, true),
        ("active, own instance", &full.key, Some(json!(instance)), true),
        ("active, null instance id", &full.key, Some(Value::Null), true),
        ("active, unknown instance", &full.key, Some(json!("lki_unknown")), false),
        ("active, empty instance id", &full.key, Some(json!("")), false),
        ("active, another key's instance", &full.key, Some(json!(elsewhere)), false),
        ("active, deactivated instance", &fresh.key, Some(json!(left)), false),
        ("active, never activated", &fresh.key, None, true),
        ("another product's key", &other_product.key, None, true),
        ("another merchant's key", &other_merchant.key, None, true),
        ("unknown key", &"no-such-key".to_owned(), None, false),
    ] {
        let mut body = json!({ "license_key": key });
        if let Some(instance) = instance {
            body["license_key_instance_id"] = instance;
        }
        assert_eq!(validity(&fixture, &body), valid, "{why}");
    }
}

#[test]
fn a_key_that_is_not_active_is_invalid_with_and_without_its_instance() {
    let hold = |fixture: &Fixture, id: &str| fixture.sim.set_subscription(id, SubscriptionState::OnHold);
    let end = |fixture: &Fixture, id: &str| fixture.sim.set_subscription(id, SubscriptionState::Ended);
    type Blow<'a> = Box<dyn Fn(&Fixture, &anykey_dodo_sim::IssuedKey) -> bool + 'a>;
    let blows: [(Blow<'_>, KeyStatus); 5] = [
        (Box::new(|fixture, key| fixture.sim.disable(&key.id)), KeyStatus::Disabled),
        (Box::new(|fixture, key| fixture.sim.refund(key.payment_id.as_ref().unwrap())), KeyStatus::Disabled),
        (Box::new(|fixture, key| hold(fixture, key.subscription_id.as_ref().unwrap())), KeyStatus::Disabled),
        (Box::new(|fixture, key| end(fixture, key.subscription_id.as_ref().unwrap())), KeyStatus::Disabled),
        (
            Box::new(|fixture, _| {
                fixture.clock.advance(SignedDuration::from_hours(1));
                true
            }),
            KeyStatus::Expired,
        ),
    ];
    for (blow, status) in blows {
        let fixture = Fixture::new();
        let expires_at = at(START).checked_add(SignedDuration::from_hours(1)).ok();
        let key =
            fixture.issue(KeySpec { purchase: Purchase::Subscription, expires_at, ..KeySpec::default() });
        let instance = fixture.activate(&key, "Laptop");
        let with = json!({ "license_key": key.key, "license_key_instance_id": instance });
        let without = json!({ "license_key": key.key });
        assert!(validity(&fixture, &with) && validity(&fixture, &without));
        assert!(blow(&fixture, &key));
        assert_eq!(fixture.sim.key_status(&key.id), Some(status));
        assert!(!validity(&fixture, &with) && !validity(&fixture, &without));
    }
}

#[test]
fn a_key_expires_exactly_at_its_expiry() {
    let fixture = Fixture::new();
    let expires_at = at(START).checked_add(SignedDuration::from_hours(1)).ok();
    let key = fixture.issue(KeySpec { expires_at, ..KeySpec::default() });
    fixture.clock.advance(SignedDuration::from_hours(1).checked_sub(SignedDuration::from_micros(1)).unwrap());
    assert!(validity(&fixture, &json!({ "license_key": key.key })));
    fixture.clock.advance(SignedDuration::from_micros(1));
    assert!(!validity(&fixture, &json!({ "license_key": key.key })));
}

#[test]
fn any_credential_or_none_is_accepted() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let revoked = fixture.sim.api_key(ApiKeyScope::ReadWrite);
    fixture.sim.revoke_api_key(&revoked);
    let read_only = fixture.sim.api_key(ApiKeyScope::ReadOnly);
    for credential in
        [&fixture.api_key, &revoked, &read_only, "nonsense"].map(|api_key| format!("Bearer {api_key}")).iter()
    {
        let body = json!({ "license_key": key.key, "name": "Laptop" });
        let draft = request("POST", "/licenses/activate")
            .header("authorization", credential)
            .header("cookie", "")
            .header("x-stainless-retry-count", "0");
        send(&fixture.sim, draft.json(&body)).json(201);
    }
    assert_eq!(fixture.sim.instances(&key.id).len(), 4);
}

#[test]
fn of_many_parallel_activations_exactly_one_gets_the_last_seat() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(3));
    fixture.activate(&key, "first");
    fixture.activate(&key, "second");
    let replies: Vec<_> = thread::scope(|scope| {
        let racers: Vec<_> = (0..32)
            .map(|number| {
                let body = json!({ "license_key": key.key, "name": format!("racer {number}") });
                let sim = fixture.sim.clone();
                scope.spawn(move || send(&sim, request("POST", "/licenses/activate").json(&body)))
            })
            .collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    let mut won: HashSet<_> = HashSet::new();
    for reply in replies {
        if reply.status() == 201 {
            won.insert(reply.json(201)["id"].as_str().unwrap().to_owned());
        } else {
            assert_eq!(reply.json(422)["code"], "LICENSE_KEY_LIMIT_REACHED");
        }
    }
    assert_eq!(won.len(), 1);
    let instances = fixture.sim.instances(&key.id);
    assert_eq!(instances.len(), 3);
    assert!(won.contains(&instances[2].id));
}

use std::collections::HashSet;
use std::thread;

use anykey_core::SignedDuration;
use anykey_dodo_sim::{ApiKeyScope, KeySpec, KeyStatus, Purchase, SubscriptionState};
use serde_json::{Value, json};

use crate::bench::{Bench, START, at, refusal, request, send};

fn limited(limit: i32) -> KeySpec {
    KeySpec { activations_limit: Some(limit), ..KeySpec::default() }
}

#[test]
fn every_answer_has_the_date_of_the_clock() {
    let bench = Bench::new();
    let answer = send(&bench.sim, request("GET", "https://test.dodopayments.com/nowhere"));
    assert_eq!(answer.header("date"), Some("Fri, 30 Oct 2026 08:15:42 GMT"));
}

#[test]
fn a_form_is_no_json() {
    let bench = Bench::new();
    let form = request("POST", "https://test.dodopayments.com/licenses/validate")
        .header("content-type", "application/x-www-form-urlencoded")
        .raw("license_key=PRO-1");
    let refused = send(&bench.sim, form);
    assert_eq!(refused.json(415)["code"], "INVALID_REQUEST_BODY");
}

#[test]
fn activation_is_201_with_instance_customer_and_product() {
    let bench = Bench::new();
    let key = bench.issue(limited(2));
    let reply = bench.post("/licenses/activate", &json!({ "license_key": key.key, "name": "Laptop" }));
    let instances = bench.sim.instances(&key.id);
    assert_eq!(instances.len(), 1);
    assert!(instances[0].id.starts_with("lki_"));
    reply.is(
        201,
        &json!({
            "id": instances[0].id,
            "business_id": bench.sim.business_id(),
            "created_at": START,
            "customer": {
                "customer_id": bench.customer,
                "email": "ada@example.com",
                "name": "Ada Example",
                "metadata": {},
                "phone_number": null,
            },
            "license_key_id": key.id,
            "name": "Laptop",
            "product": { "product_id": bench.product, "name": "Editor Pro" },
        }),
    );
}

#[test]
fn activation_of_a_nameless_product_has_a_null_name() {
    let bench = Bench::new();
    let product = bench.sim.add_product(None);
    let key = bench.issue(KeySpec { product: Some(product.clone()), ..KeySpec::default() });
    let reply = bench.post("/licenses/activate", &json!({ "license_key": key.key, "name": "" }));
    assert_eq!(reply.json(201)["product"], json!({ "product_id": product, "name": null }));
}

#[test]
fn activation_is_not_idempotent() {
    let bench = Bench::new();
    let key = bench.issue(KeySpec::default());
    assert_ne!(bench.activate(&key, "Laptop"), bench.activate(&key, "Laptop"));
    assert_eq!(bench.sim.instances(&key.id).len(), 2);
}

#[test]
fn activation_refusals() {
    let bench = Bench::new();
    let full = bench.issue(limited(1));
    bench.activate(&full, "Laptop");
    let never = bench.issue(limited(0));
    let disabled = bench.issue(limited(0));
    bench.sim.disable(&disabled.id);
    let expired = bench.issue(KeySpec { expires_at: Some(at(START)), ..KeySpec::default() });
    let inactive = refusal("INACTIVE_LICENSE_KEY", "License key is not active");
    let reached = refusal("LICENSE_KEY_LIMIT_REACHED", "License key activation limit reached");

    let shouted = full.key.to_uppercase();
    for (code, status, body) in [
        ("no-such-key", 404, &refusal("NOT_FOUND", "License key not found")),
        (&shouted, 404, &refusal("NOT_FOUND", "License key not found")),
        (&disabled.key, 403, &inactive),
        (&expired.key, 403, &inactive),
        (&full.key, 422, &reached),
        (&never.key, 422, &reached),
    ] {
        bench.post("/licenses/activate", &json!({ "license_key": code, "name": "Laptop" })).is(status, body);
    }
    assert_eq!(bench.sim.instances(&full.id).len(), 1);
}

#[test]
fn bodies_that_do_not_fit_are_422_in_the_words_of_the_vendors_deserializer() {
    let bench = Bench::new();
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
        bench.post(&format!("/licenses/{path}"), &body).is(422, &wrong(why));
    }
}

#[test]
fn bodies_that_are_not_json_are_400_and_not_declared_as_json_415() {
    let bench = Bench::new();
    let invalid = refusal(
        "INVALID_REQUEST_BODY",
        "Your request body is invalid. Please check your request headers and object.",
    );
    for path in ["/licenses/activate", "/licenses/deactivate", "/licenses/validate"] {
        for text in ["", "{", "license_key=k"] {
            let draft = request("POST", path).header("content-type", "application/json");
            send(&bench.sim, draft.raw(text)).is(400, &invalid);
        }
        send(&bench.sim, request("POST", path).raw("{}")).is(415, &invalid);
        let form = request("POST", path).header("content-type", "application/x-www-form-urlencoded");
        send(&bench.sim, form.raw("license_key=k")).is(415, &invalid);
    }
    let spelled =
        request("POST", "/licenses/validate").header("content-type", "Application/JSON; charset=utf-8");
    send(&bench.sim, spelled.raw(r#"{"license_key":"k"}"#)).is(200, &json!({ "valid": false }));
}

#[test]
fn unknown_members_of_a_body_are_ignored() {
    let bench = Bench::new();
    let key = bench.issue(KeySpec::default());
    let body = json!({ "license_key": key.key, "name": "Laptop", "device_id": "d", "metadata": {} });
    bench.post("/licenses/activate", &body).json(201);
}

#[test]
fn deactivation_is_200_without_a_body_and_frees_the_seat() {
    let bench = Bench::new();
    let key = bench.issue(limited(1));
    let instance = bench.activate(&key, "Laptop");
    let body = json!({ "license_key": key.key, "license_key_instance_id": instance });
    bench.post("/licenses/deactivate", &body).is_empty(200);
    assert!(bench.sim.instances(&key.id).is_empty());
    bench.activate(&key, "Desktop");
}

#[test]
fn deactivation_refusals() {
    let bench = Bench::new();
    let key = bench.issue(KeySpec::default());
    let other = bench.issue(KeySpec::default());
    let instance = bench.activate(&key, "Laptop");
    let foreign = refusal(
        "LICENSE_KEY_NOT_FOUND",
        "License key instance not found or does not belong to this license key",
    );
    let body = |code: &str, id: &str| json!({ "license_key": code, "license_key_instance_id": id });

    let unknown = refusal("NOT_FOUND", "License key not found");
    bench.post("/licenses/deactivate", &body("no-such-key", &instance)).is(404, &unknown);
    bench.post("/licenses/deactivate", &body(&key.key, "lki_nobody")).is(403, &foreign);
    bench.post("/licenses/deactivate", &body(&other.key, &instance)).is(403, &foreign);
    assert_eq!(bench.sim.instances(&key.id).len(), 1);

    bench.post("/licenses/deactivate", &body(&key.key, &instance)).is_empty(200);
    bench.post("/licenses/deactivate", &body(&key.key, &instance)).is(403, &foreign);
}

#[test]
fn a_disabled_or_expired_key_can_be_deactivated() {
    let bench = Bench::new();
    let soon = at(START).checked_add(SignedDuration::from_secs(1)).unwrap();
    for expires_at in [None, Some(soon)] {
        let key = bench.issue(KeySpec { expires_at, ..KeySpec::default() });
        let instance = bench.activate(&key, "Laptop");
        bench.sim.disable(&key.id);
        bench.clock.advance(SignedDuration::from_secs(2));
        let body = json!({ "license_key": key.key, "license_key_instance_id": instance });
        bench.post("/licenses/deactivate", &body).is_empty(200);
        bench.clock.set(at(START));
    }
}

fn validity(bench: &Bench, body: &Value) -> bool {
    let reply = bench.post("/licenses/validate", body).json(200);
    assert_eq!(reply.as_object().unwrap().len(), 1, "validation tells one thing");
    reply["valid"].as_bool().unwrap()
}

#[test]
fn validation_follows_the_truth_table() {
    let bench = Bench::new();
    let fresh = bench.issue(KeySpec::default());
    let full = bench.issue(limited(1));
    let instance = bench.activate(&full, "Laptop");
    let seat = bench.issue(KeySpec::default());
    let elsewhere = bench.activate(&seat, "Laptop");
    let left = bench.activate(&fresh, "Laptop");
    bench
        .post("/licenses/deactivate", &json!({ "license_key": fresh.key, "license_key_instance_id": left }))
        .is_empty(200);
    let other_product = bench.sim.issue(KeySpec::default()).unwrap();
    let other_merchant = bench.sim.other_business().issue(KeySpec::default()).unwrap();

    for (why, key, instance, valid) in [
        ("active, no instance id", &full.key, None, true),
        ("active, own instance", &full.key, Some(json!(instance)), true),
        ("active, null instance id", &full.key, Some(Value::Null), true),
        ("active, unknown instance", &full.key, Some(json!("lki_nobody")), false),
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
        assert_eq!(validity(&bench, &body), valid, "{why}");
    }
}

#[test]
fn a_key_that_is_not_active_is_invalid_with_and_without_its_instance() {
    let hold = |bench: &Bench, id: &str| bench.sim.set_subscription(id, SubscriptionState::OnHold);
    let end = |bench: &Bench, id: &str| bench.sim.set_subscription(id, SubscriptionState::Ended);
    type Blow<'a> = Box<dyn Fn(&Bench, &anykey_dodo_sim::IssuedKey) -> bool + 'a>;
    let blows: [(Blow<'_>, KeyStatus); 5] = [
        (Box::new(|bench, key| bench.sim.disable(&key.id)), KeyStatus::Disabled),
        (Box::new(|bench, key| bench.sim.refund(key.payment_id.as_ref().unwrap())), KeyStatus::Disabled),
        (Box::new(|bench, key| hold(bench, key.subscription_id.as_ref().unwrap())), KeyStatus::Disabled),
        (Box::new(|bench, key| end(bench, key.subscription_id.as_ref().unwrap())), KeyStatus::Disabled),
        (
            Box::new(|bench, _| {
                bench.clock.advance(SignedDuration::from_hours(1));
                true
            }),
            KeyStatus::Expired,
        ),
    ];
    for (blow, status) in blows {
        let bench = Bench::new();
        let expires_at = at(START).checked_add(SignedDuration::from_hours(1)).ok();
        let key = bench.issue(KeySpec { purchase: Purchase::Subscription, expires_at, ..KeySpec::default() });
        let instance = bench.activate(&key, "Laptop");
        let with = json!({ "license_key": key.key, "license_key_instance_id": instance });
        let without = json!({ "license_key": key.key });
        assert!(validity(&bench, &with) && validity(&bench, &without));
        assert!(blow(&bench, &key));
        assert_eq!(bench.sim.key_status(&key.id), Some(status));
        assert!(!validity(&bench, &with) && !validity(&bench, &without));
    }
}

#[test]
fn a_key_expires_at_the_very_instant() {
    let bench = Bench::new();
    let expires_at = at(START).checked_add(SignedDuration::from_hours(1)).ok();
    let key = bench.issue(KeySpec { expires_at, ..KeySpec::default() });
    bench.clock.advance(SignedDuration::from_hours(1).checked_sub(SignedDuration::from_micros(1)).unwrap());
    assert!(validity(&bench, &json!({ "license_key": key.key })));
    bench.clock.advance(SignedDuration::from_micros(1));
    assert!(!validity(&bench, &json!({ "license_key": key.key })));
}

#[test]
fn any_credential_or_none_will_do() {
    let bench = Bench::new();
    let key = bench.issue(KeySpec::default());
    let revoked = bench.sim.api_key(ApiKeyScope::ReadWrite);
    bench.sim.revoke_api_key(&revoked);
    let read_only = bench.sim.api_key(ApiKeyScope::ReadOnly);
    for credential in
        [&bench.api_key, &revoked, &read_only, "nonsense"].map(|api_key| format!("Bearer {api_key}")).iter()
    {
        let body = json!({ "license_key": key.key, "name": "Laptop" });
        let draft = request("POST", "/licenses/activate")
            .header("authorization", credential)
            .header("cookie", "")
            .header("x-stainless-retry-count", "0");
        send(&bench.sim, draft.json(&body)).json(201);
    }
    assert_eq!(bench.sim.instances(&key.id).len(), 4);
}

#[test]
fn of_many_parallel_activations_exactly_one_gets_the_last_seat() {
    let bench = Bench::new();
    let key = bench.issue(limited(3));
    bench.activate(&key, "first");
    bench.activate(&key, "second");
    let replies: Vec<_> = thread::scope(|scope| {
        let racers: Vec<_> = (0..32)
            .map(|number| {
                let body = json!({ "license_key": key.key, "name": format!("racer {number}") });
                let sim = bench.sim.clone();
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
    let instances = bench.sim.instances(&key.id);
    assert_eq!(instances.len(), 3);
    assert!(won.contains(&instances[2].id));
}

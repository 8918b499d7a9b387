use anykey_core::SignedDuration;
use anykey_dodo_sim::{IssuedKey, KeySource, KeySpec, Purchase};
use serde_json::{Value, json};

use crate::fixture::{Fixture, START, at, refusal};

fn record(fixture: &Fixture, key: &IssuedKey) -> Value {
    json!({
        "id": key.id,
        "brand_id": fixture.sim.business_id(),
        "business_id": fixture.sim.business_id(),
        "customer_id": fixture.customer,
        "product_id": fixture.product,
        "key": key.key,
        "status": "active",
        "source": "auto",
        "activations_limit": null,
        "instances_count": 0,
        "payment_id": key.payment_id,
        "subscription_id": null,
        "created_at": START,
        "expires_at": null,
    })
}

fn with(mut record: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        record[name] = value.clone();
    }
    record
}

fn path(key: &IssuedKey) -> String {
    format!("/license_keys/{}", key.id)
}

fn import(fixture: &Fixture, changes: &Value) -> Value {
    let base = json!({ "customer_id": fixture.customer, "product_id": fixture.product, "key": "LK-001" });
    with(base, changes)
}

#[test]
fn a_record_has_every_member_with_explicit_nulls() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    assert!(key.payment_id.as_deref().is_some_and(|id| id.starts_with("pay_")));
    fixture.get(&path(&key)).is(200, &record(&fixture, &key));

    let subscribed = fixture.issue(KeySpec {
        purchase: Purchase::Subscription,
        source: Some(KeySource::Manual),
        activations_limit: Some(3),
        ..KeySpec::default()
    });
    fixture.activate(&subscribed, "Laptop");
    assert!(subscribed.subscription_id.as_deref().is_some_and(|id| id.starts_with("sub_")));
    fixture.get(&path(&subscribed)).is(
        200,
        &with(
            record(&fixture, &subscribed),
            &json!({
                "source": "manual",
                "activations_limit": 3,
                "instances_count": 1,
                "subscription_id": subscribed.subscription_id,
            }),
        ),
    );
}

#[test]
fn the_status_follows_disabled_and_the_clock() {
    let fixture = Fixture::new();
    let expires_at = at("2026-10-30T09:00:00Z");
    let key = fixture.issue(KeySpec { expires_at: Some(expires_at), ..KeySpec::default() });
    let dated = with(record(&fixture, &key), &json!({ "expires_at": "2026-10-30T09:00:00Z" }));
    fixture.get(&path(&key)).is(200, &dated);
    fixture.clock.set(expires_at);
    fixture.get(&path(&key)).is(200, &with(dated.clone(), &json!({ "status": "expired" })));
    fixture.sim.disable(&key.id);
    fixture.get(&path(&key)).is(200, &with(dated.clone(), &json!({ "status": "disabled" })));
    fixture.sim.enable(&key.id);
    fixture.get(&path(&key)).is(200, &with(dated, &json!({ "status": "expired" })));
}

#[test]
fn an_import_is_201_with_source_import_and_no_purchase() {
    let fixture = Fixture::new();
    let body =
        import(&fixture, &json!({ "activations_limit": 5, "expires_at": "2027-01-01T01:00:00+01:00" }));
    let reply = fixture.merchant("POST", "/license_keys", Some(&body));
    let id = reply.json(201)["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("lic_"));
    let expected = json!({
        "id": id,
        "brand_id": fixture.sim.business_id(),
        "business_id": fixture.sim.business_id(),
        "customer_id": fixture.customer,
        "product_id": fixture.product,
        "key": "LK-001",
        "status": "active",
        "source": "import",
        "activations_limit": 5,
        "instances_count": 0,
        "payment_id": null,
        "subscription_id": null,
        "created_at": START,
        "expires_at": "2027-01-01T00:00:00Z",
    });
    reply.is(201, &expected);
    fixture.get(&format!("/license_keys/{id}")).is(200, &expected);
    fixture
        .post("/licenses/validate", &json!({ "license_key": "LK-001" }))
        .is(200, &json!({ "valid": true }));
}

#[test]
fn null_and_absent_are_the_same_for_an_import() {
    let fixture = Fixture::new();
    for changes in
        [json!({ "key": "a" }), json!({ "key": "b", "activations_limit": null, "expires_at": null })]
    {
        let made = fixture.merchant("POST", "/license_keys", Some(&import(&fixture, &changes))).json(201);
        assert_eq!((&made["activations_limit"], &made["expires_at"]), (&Value::Null, &Value::Null));
    }
}

#[test]
fn import_errors_are_checked_in_order() {
    let fixture = Fixture::new();
    fixture.issue(KeySpec { key: Some("TAKEN".to_owned()), ..KeySpec::default() });
    let foreign = fixture.sim.other_business();
    foreign.issue(KeySpec { key: Some("FOREIGN".to_owned()), ..KeySpec::default() }).unwrap();
    let stranger = foreign.add_customer("Bo", "bo@example.com");
    let exists = refusal("CONFLICT", "License key already exists");
    let wrong = |why: &str| {
        refusal(
            "INVALID_REQUEST_BODY",
            &format!("Failed to deserialize the JSON body into the target type: {why}"),
        )
    };
    for (changes, status, body) in [
        (
            json!({ "customer_id": "cus_unknown", "product_id": "pdt_none", "key": "TAKEN" }),
            404,
            refusal("NOT_FOUND", "Customer not found"),
        ),
        (json!({ "customer_id": stranger }), 404, refusal("NOT_FOUND", "Customer not found")),
        (json!({ "product_id": "pdt_none", "key": "TAKEN" }), 404, refusal("NOT_FOUND", "Product not found")),
        (json!({ "key": "TAKEN", "activations_limit": -1 }), 409, exists.clone()),
        (json!({ "key": "FOREIGN" }), 409, exists),
        (
            json!({ "activations_limit": -1 }),
            422,
            refusal("INVALID_REQUEST_PARAMETERS", "Activations limit cannot be negative"),
        ),
        (
            json!({ "activations_limit": "3" }),
            422,
            wrong("activations_limit: invalid type: string \"3\", expected i32"),
        ),
        (
            json!({ "activations_limit": 3_000_000_000_u64 }),
            422,
            wrong("activations_limit: invalid value: integer `3000000000`, expected i32"),
        ),
        (json!({ "key": null }), 422, wrong("key: invalid type: null, expected a string")),
    ] {
        fixture.merchant("POST", "/license_keys", Some(&import(&fixture, &changes))).is(status, &body);
    }
    let keyless = json!({ "customer_id": fixture.customer, "product_id": fixture.product });
    fixture.merchant("POST", "/license_keys", Some(&keyless)).is(422, &wrong("missing field `key`"));
    let dated = import(&fixture, &json!({ "expires_at": "tomorrow" }));
    let reply = fixture.merchant("POST", "/license_keys", Some(&dated)).json(422);
    assert_eq!(reply["code"], "INVALID_REQUEST_BODY");
    assert_eq!(fixture.sim.key_count(), 1);
}

#[test]
fn patch_distinguishes_absent_null_and_a_value() {
    let fixture = Fixture::new();
    let expires_at = Some(at("2027-01-01T00:00:00Z"));
    let key = fixture.issue(KeySpec { activations_limit: Some(2), expires_at, ..KeySpec::default() });
    let start = with(
        record(&fixture, &key),
        &json!({ "activations_limit": 2, "expires_at": "2027-01-01T00:00:00Z" }),
    );
    let later = "2028-02-29T12:30:00.250Z";
    let mut now = start;
    for (patch, changes) in [
        (json!({}), json!({})),
        (json!({ "unknown": 1 }), json!({})),
        (json!({ "activations_limit": null }), json!({ "activations_limit": null })),
        (json!({ "activations_limit": 7 }), json!({ "activations_limit": 7 })),
        (json!({ "expires_at": null }), json!({ "expires_at": null })),
        (json!({ "expires_at": later }), json!({ "expires_at": later })),
        (json!({ "disabled": true }), json!({ "status": "disabled" })),
        (json!({ "disabled": null }), json!({})),
        (json!({ "disabled": false }), json!({ "status": "active" })),
        (
            json!({ "activations_limit": 0, "expires_at": "2020-01-01T00:00:00Z", "disabled": false }),
            json!({ "activations_limit": 0, "expires_at": "2020-01-01T00:00:00Z", "status": "expired" }),
        ),
    ] {
        now = with(now, &changes);
        fixture.merchant("PATCH", &path(&key), Some(&patch)).is(200, &now);
        fixture.get(&path(&key)).is(200, &now);
    }
}

#[test]
fn a_failed_patch_changes_nothing() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec { activations_limit: Some(5), ..KeySpec::default() });
    fixture.activate(&key, "Laptop");
    fixture.activate(&key, "Desktop");
    let subscribed = fixture.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    let foreign = fixture.sim.other_business().issue(KeySpec::default()).unwrap();
    let below = refusal(
        "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT",
        "New activation limit cannot be less than current instances count",
    );
    let dated = refusal(
        "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS",
        "Cannot set expiry date for subscription-based license key",
    );
    let unknown = refusal("NOT_FOUND", "License key not found");
    let before = [fixture.get(&path(&key)).json(200), fixture.get(&path(&subscribed)).json(200)];
    for (id, patch, status, body) in [
        ("lic_unknown", json!({}), 404, &unknown),
        (foreign.id.as_str(), json!({ "disabled": true }), 404, &unknown),
        (&key.id, json!({ "activations_limit": 1, "disabled": true }), 422, &below),
        (&key.id, json!({ "activations_limit": -1 }), 422, &below),
        (
            &subscribed.id,
            json!({ "expires_at": "2030-01-01T00:00:00Z", "activations_limit": -1, "disabled": true }),
            400,
            &dated,
        ),
    ] {
        fixture.merchant("PATCH", &format!("/license_keys/{id}"), Some(&patch)).is(status, body);
    }
    let wrong = fixture.merchant("PATCH", &path(&key), Some(&json!({ "disabled": "yes" }))).json(422);
    assert_eq!(
        wrong["message"],
        "Failed to deserialize the JSON body into the target type: \
         disabled: invalid type: string \"yes\", expected a boolean"
    );
    let after = [fixture.get(&path(&key)).json(200), fixture.get(&path(&subscribed)).json(200)];
    assert_eq!(before, after);
}

#[test]
fn the_limit_can_be_lowered_to_the_instances_in_use() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    fixture.activate(&key, "Laptop");
    let patched = fixture.merchant("PATCH", &path(&key), Some(&json!({ "activations_limit": 1 }))).json(200);
    assert_eq!((&patched["activations_limit"], &patched["instances_count"]), (&json!(1), &json!(1)));
}

#[test]
fn a_null_expiry_on_a_subscription_key_changes_nothing() {
    let fixture = Fixture::new();
    let expires_at = Some(at("2027-01-01T00:00:00Z"));
    let key = fixture.issue(KeySpec { purchase: Purchase::Subscription, expires_at, ..KeySpec::default() });
    let before = fixture.get(&path(&key)).json(200);
    fixture.merchant("PATCH", &path(&key), Some(&json!({ "expires_at": null }))).is(200, &before);
}

#[test]
fn instances_survive_disable_and_enable() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let instance = fixture.activate(&key, "Laptop");
    for disabled in [true, false] {
        fixture.merchant("PATCH", &path(&key), Some(&json!({ "disabled": disabled }))).json(200);
        fixture.clock.advance(SignedDuration::from_secs(1));
    }
    let body = json!({ "license_key": key.key, "license_key_instance_id": instance });
    fixture.post("/licenses/validate", &body).is(200, &json!({ "valid": true }));
}

#[test]
fn unknown_keys_and_those_of_other_businesses_are_404() {
    let fixture = Fixture::new();
    let foreign = fixture.sim.other_business().issue(KeySpec::default()).unwrap();
    let unknown = refusal("NOT_FOUND", "License key not found");
    for id in ["lic_unknown", foreign.id.as_str(), foreign.key.as_str(), "..%2Flicenses%2Factivate"] {
        fixture.get(&format!("/license_keys/{id}")).is(404, &unknown);
    }
}

use anykey_core::SignedDuration;
use anykey_dodo_sim::{
    ApiKeyScope, EntitlementSpec, IntegrationType, IssuedKey, KeySpec, KeyStatus, Profile, Purchase, Quirks,
    SubscriptionState,
};
use serde_json::{Value, json};

use crate::fixture::{Fixture, Reply, START, at, refusal, request, send};

fn entitlement_of(key: &IssuedKey) -> String {
    key.product_id.replacen("pdt_", "ent_", 1)
}

fn grant(fixture: &Fixture, key: &IssuedKey) -> Value {
    let list = fixture.get(&format!("/entitlements/{}/grants", entitlement_of(key))).json(200);
    let id = json!(fixture.sim.grant_of(&key.id).unwrap());
    list["items"].as_array().unwrap().iter().find(|grant| grant["id"] == id).unwrap().clone()
}

fn status(fixture: &Fixture, key: &IssuedKey) -> [Value; 3] {
    let grant = grant(fixture, key);
    [grant["status"].clone(), grant["revocation_reason"].clone(), grant["license_key"]["status"].clone()]
}

fn manual(fixture: &Fixture) -> String {
    fixture.sim.add_entitlement(EntitlementSpec { manual: true, ..EntitlementSpec::default() })
}

fn fulfill(fixture: &Fixture, grant: &str, body: &Value) -> Reply {
    fixture.merchant("POST", &format!("/grants/{grant}/license-key"), Some(body))
}

#[test]
fn a_grant_has_every_documented_member_in_the_documented_case() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec { activations_limit: Some(3), ..KeySpec::default() });
    fixture.activate(&key, "Laptop");
    let expected = json!({
        "id": fixture.sim.grant_of(&key.id), "brand_id": fixture.sim.business_id(),
        "business_id": fixture.sim.business_id(), "entitlement_id": entitlement_of(&key),
        "customer_id": key.customer_id, "integration_type": "license_key", "status": "Delivered",
        "license_key": {
            "id": key.id, "key": key.key, "status": "active", "activations_used": 1, "activations_limit": 3,
            "expires_at": null
        },
        "metadata": {}, "payment_id": key.payment_id, "subscription_id": null, "created_at": START,
        "updated_at": START, "delivered_at": START, "revoked_at": null, "revocation_reason": null,
        "error_code": null, "error_message": null, "oauth_url": null, "oauth_expires_at": null,
        "digital_product_delivery": null, "feature": null
    });
    assert_eq!(grant(&fixture, &key), expected);
    let path = format!("/customers/{}/entitlement-grants?integration_type=license_key", key.customer_id);
    fixture.get(&path).is(200, &json!({ "items": [expected] }));
}

#[test]
fn an_entitlement_is_listed_with_its_configuration() {
    let fixture = Fixture::new();
    let id = fixture.sim.add_entitlement(EntitlementSpec {
        name: "Pro".to_owned(),
        manual: true,
        activations_limit: Some(2),
        duration_days: Some(30),
        ..EntitlementSpec::default()
    });
    let record = json!({
        "id": id, "business_id": fixture.sim.business_id(), "name": "Pro", "description": null,
        "integration_type": "license_key", "is_active": true, "metadata": {}, "created_at": START,
        "updated_at": START,
        "integration_config": {
            "activation_message": null, "activations_limit": 2, "duration_count": 30,
            "duration_interval": "Day", "fulfillment_mode": "manual"
        }
    });
    fixture.get("/entitlements").is(200, &json!({ "items": [record] }));
    fixture.get(&format!("/entitlements/{id}")).is(200, &record);
    fixture.get("/entitlements/ent_unknown").is(404, &refusal("NOT_FOUND", "Entitlement not found"));
}

#[test]
fn entitlements_are_filtered_by_type_and_paged_newest_first() {
    let fixture = Fixture::new();
    let add = |integration_type| {
        fixture.sim.add_entitlement(EntitlementSpec { integration_type, ..EntitlementSpec::default() })
    };
    let ids = [IntegrationType::LicenseKey, IntegrationType::GitHub, IntegrationType::LicenseKey].map(add);
    assert_eq!(fixture.get("/entitlements").ids(), [&*ids[2], &ids[1], &ids[0]]);
    assert_eq!(fixture.get("/entitlements?integration_type=license_key").ids(), [&*ids[2], &ids[0]]);
    assert_eq!(
        fixture.get("/entitlements?integration_type=license_key&page_size=1&page_number=1").ids(),
        [&*ids[0]]
    );
    let odd = fixture.get("/entitlements?integration_type=LicenseKey").json(422);
    assert_eq!(odd["code"], "INVALID_QUERY_PARAMS");
    fixture.sim.delete_entitlement(&ids[0]);
    assert_eq!(fixture.get("/entitlements?integration_type=license_key").ids(), [&*ids[2]]);
}

#[test]
fn grants_are_paged_newest_first_and_every_filter_applies() {
    let fixture = Fixture::new();
    let mut keys = Vec::new();
    for _ in 0..12 {
        keys.push(fixture.issue(KeySpec::default()));
        fixture.clock.advance(SignedDuration::from_secs(1));
    }
    let bos = fixture.issue(KeySpec { customer: Some("cus_bo".to_owned()), ..KeySpec::default() });
    fixture.sim.revoke(&keys[0].id);
    let grants: Vec<_> = keys.iter().rev().map(|key| fixture.sim.grant_of(&key.id).unwrap()).collect();
    let list = format!("/entitlements/{}/grants", entitlement_of(&bos));
    let bos_grant = fixture.sim.grant_of(&bos.id).unwrap();
    assert_eq!(fixture.get(&list).ids(), [std::slice::from_ref(&bos_grant), &grants[..9]].concat());
    assert_eq!(fixture.get(&format!("{list}?page_number=1")).ids(), grants[9..]);
    assert_eq!(fixture.get(&format!("{list}?customer_id=cus_bo")).ids(), [&*bos_grant]);
    assert_eq!(fixture.get(&format!("{list}?status=Revoked")).ids(), [&*grants[11]]);
    assert_eq!(fixture.get(&format!("{list}?status=Delivered&page_size=100")).ids().len(), 12);
    assert_eq!(fixture.get(&format!("{list}?status=Pending")).ids(), [""; 0]);
    assert_eq!(fixture.get("/customers/cus_bo/entitlement-grants").ids(), [&*bos_grant]);
    assert_eq!(fixture.get("/customers/cus_bo/entitlement-grants?integration_type=discord").ids(), [""; 0]);
    for query in ["status=delivered", "page_size=ten", "customer_id=a&customer_id=b"] {
        assert_eq!(
            fixture.get(&format!("{list}?{query}")).json(422)["code"],
            "INVALID_QUERY_PARAMS",
            "{query}"
        );
    }
}

#[test]
fn records_of_another_business_are_unknown() {
    let fixture = Fixture::new();
    let other = fixture.sim.other_business();
    let key = other.issue(KeySpec::default()).unwrap();
    let pending = other.add_entitlement(EntitlementSpec { manual: true, ..EntitlementSpec::default() });
    let awarded = other.award(&pending, None, &Purchase::OneTime).unwrap();
    let entitlement = entitlement_of(&key);
    assert_eq!(fixture.get("/entitlements").ids(), [""; 0]);
    let unknown = |what| refusal("NOT_FOUND", &format!("{what} not found"));
    fixture.get(&format!("/entitlements/{entitlement}")).is(404, &unknown("Entitlement"));
    fixture.get(&format!("/entitlements/{entitlement}/grants")).is(404, &unknown("Entitlement"));
    fixture.get(&format!("/customers/{}/entitlement-grants", key.customer_id)).is(404, &unknown("Customer"));
    fulfill(&fixture, &awarded, &json!({ "key": "K-1" })).is(404, &unknown("Grant"));
    let mine = entitlement_of(&fixture.issue(KeySpec::default()));
    let grant = fixture.sim.grant_of(&key.id).unwrap();
    fixture
        .merchant("DELETE", &format!("/entitlements/{mine}/grants/{grant}"), None)
        .is(404, &unknown("Grant"));
    assert_eq!(fixture.sim.key_status(&key.id), Some(KeyStatus::Active));
}

#[test]
fn revoking_a_grant_permanently_disables_its_key_and_is_idempotent() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    fixture.clock.advance(SignedDuration::from_secs(1));
    let path =
        format!("/entitlements/{}/grants/{}", entitlement_of(&key), fixture.sim.grant_of(&key.id).unwrap());
    let revoked = fixture.merchant("DELETE", &path, None).json(200);
    let revoked_at = json!("2026-10-30T08:15:43.513207Z");
    assert_eq!((&revoked["status"], &revoked["revocation_reason"]), (&json!("Revoked"), &json!("manual")));
    assert_eq!((&revoked["revoked_at"], &revoked["updated_at"]), (&revoked_at, &revoked_at));
    assert_eq!(revoked["license_key"]["status"], "disabled");
    fixture.clock.advance(SignedDuration::from_secs(1));
    fixture.merchant("DELETE", &path, None).is(200, &revoked);
    assert_eq!(fixture.sim.key_status(&key.id), Some(KeyStatus::Disabled));
    assert!(fixture.sim.enable(&key.id));
    assert_eq!(fixture.sim.key_status(&key.id), Some(KeyStatus::Disabled));
}

#[test]
fn a_grant_follows_its_key_and_its_subscription() {
    let fixture = Fixture::new();
    let active = [json!("Delivered"), Value::Null, json!("active")];
    let away = |reason: &str| [json!("Revoked"), json!(reason), json!("disabled")];
    let key = fixture.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    let subscription = key.subscription_id.clone().unwrap();
    assert_eq!(status(&fixture, &key), active);
    for (state, expected) in [
        (SubscriptionState::OnHold, away("subscription_on_hold")),
        (SubscriptionState::Paused, away("SubscriptionPaused")),
        (SubscriptionState::Active, active.clone()),
    ] {
        assert!(fixture.sim.set_subscription(&subscription, state));
        assert_eq!(status(&fixture, &key), expected);
    }
    fixture
        .merchant("PATCH", &format!("/license_keys/{}", key.id), Some(&json!({ "disabled": true })))
        .json(200);
    assert_eq!(status(&fixture, &key), away("license_key_disabled"));
    fixture.sim.enable(&key.id);
    assert_eq!(status(&fixture, &key), active);
    let successors = fixture.sim.change_plan(&subscription, "pdt_pro");
    assert_eq!(status(&fixture, &key), away("plan_changed"));
    assert_eq!(successors.len(), 1);
    assert_eq!(status(&fixture, &successors[0]), active);
    assert!(fixture.sim.set_subscription(&subscription, SubscriptionState::Expired));
    assert_eq!(status(&fixture, &successors[0]), away("subscription_expired"));
    assert!(!fixture.sim.set_subscription(&subscription, SubscriptionState::Active), "for good");

    let bought = fixture.issue(KeySpec { expires_at: Some(at(START)), ..KeySpec::default() });
    assert_eq!(status(&fixture, &bought), [json!("Delivered"), Value::Null, json!("expired")]);
    fixture.sim.refund(bought.payment_id.as_ref().unwrap());
    assert_eq!(status(&fixture, &bought), away("refund"));
    fixture
        .sim
        .force_revocation_reason(&fixture.sim.grant_of(&bought.id).unwrap(), Some("platform_external"));
    assert_eq!(status(&fixture, &bought), away("platform_external"));
}

#[test]
fn a_pending_grant_has_no_key_until_it_is_fulfilled() {
    let fixture = Fixture::new();
    let entitlement = manual(&fixture);
    let id = fixture.sim.award(&entitlement, None, &Purchase::Subscription).unwrap();
    let list = format!("/entitlements/{entitlement}/grants?status=Pending");
    let pending = fixture.get(&list).json(200)["items"][0].clone();
    assert_eq!((&pending["status"], &pending["license_key"]), (&json!("Pending"), &Value::Null));
    assert_eq!(pending["delivered_at"], Value::Null);
    assert_eq!(fixture.get("/license_keys").ids(), [""; 0]);
    fixture.clock.advance(SignedDuration::from_secs(1));
    let body = json!({ "key": "  K-1 ", "activations_limit": 2, "expires_at": "2027-01-01T00:00:00Z" });
    let fulfilled = fulfill(&fixture, &id, &body).json(200);
    assert_eq!((&fulfilled["id"], &fulfilled["status"]), (&json!(id), &json!("Delivered")));
    assert_eq!(fulfilled["delivered_at"], "2026-10-30T08:15:43.513207Z");
    assert_eq!(fulfilled["created_at"], START);
    let key = &fulfilled["license_key"];
    assert_eq!((&key["key"], &key["activations_limit"]), (&json!("K-1"), &json!(2)));
    assert_eq!(key["expires_at"], "2027-01-01T00:00:00Z");
    let record = fixture.get(&format!("/license_keys/{}", key["id"].as_str().unwrap())).json(200);
    assert_eq!(
        (&record["source"], &record["subscription_id"]),
        (&json!("manual"), &fulfilled["subscription_id"])
    );
    assert_eq!(fixture.get(&list).ids(), [""; 0]);
}

#[test]
fn a_fulfillment_is_checked_in_order() {
    let fixture = Fixture::new();
    let entitlement = manual(&fixture);
    let [pending, done] =
        [(); 2].map(|()| fixture.sim.award(&entitlement, None, &Purchase::OneTime).unwrap());
    fulfill(&fixture, &done, &json!({ "key": "TAKEN" })).json(200);
    let files =
        EntitlementSpec { integration_type: IntegrationType::DigitalFiles, ..EntitlementSpec::default() };
    let file = fixture.sim.award(&fixture.sim.add_entitlement(files), None, &Purchase::OneTime).unwrap();
    let wrong = |why| refusal("INVALID_REQUEST_PARAMETERS", why);
    let body = |key: &str, limit: i32| json!({ "key": key, "activations_limit": limit });
    for (grant, body, status, answer) in [
        ("entg_unknown", body(" ", 0), 404, refusal("NOT_FOUND", "Grant not found")),
        (&file, body(" ", 0), 400, wrong("Grant is not a license key grant")),
        (&done, body(" ", 0), 400, wrong("License key cannot be empty")),
        (&done, body("TAKEN", 0), 409, refusal("CONFLICT", "Grant is not awaiting fulfillment")),
        (&pending, body("TAKEN", 0), 409, refusal("CONFLICT", "License key already exists")),
        (&pending, body("FREE", 0), 422, wrong("Activations limit must be at least 1")),
    ] {
        fulfill(&fixture, grant, &body).is(status, &answer);
    }
    assert_eq!(fulfill(&fixture, "entg_unknown", &json!({})).json(422)["code"], "INVALID_REQUEST_BODY");
    fulfill(&fixture, &pending, &body("FREE", 1)).json(200);
}

#[test]
fn an_award_needs_an_entitlement_without_generated_keys() {
    let fixture = Fixture::new();
    let automatic = fixture.sim.add_entitlement(EntitlementSpec::default());
    assert_eq!(fixture.sim.award(&automatic, None, &Purchase::OneTime), None);
    assert_eq!(fixture.sim.award("ent_unknown", None, &Purchase::OneTime), None);
    let files =
        EntitlementSpec { integration_type: IntegrationType::DigitalFiles, ..EntitlementSpec::default() };
    let files = fixture.sim.add_entitlement(files);
    let file = fixture.sim.award(&files, None, &Purchase::OneTime).unwrap();
    let delivered = fixture.get(&format!("/entitlements/{files}/grants")).json(200)["items"][0].clone();
    assert_eq!((&delivered["id"], &delivered["status"]), (&json!(file), &json!("Delivered")));
    assert_eq!(
        (&delivered["integration_type"], &delivered["license_key"]),
        (&json!("digital_files"), &Value::Null)
    );
    assert_eq!(fixture.sim.key_of_grant(&file), None);
}

#[test]
fn instances_are_found_by_their_grant() {
    let fixture = Fixture::new();
    let [key, other] = [(); 2].map(|()| fixture.issue(KeySpec::default()));
    let instance = fixture.activate(&key, "Laptop");
    fixture.activate(&other, "Desktop");
    let grant = fixture.sim.grant_of(&key.id).unwrap();
    let list = |query: String| fixture.get(&format!("/license_key_instances?{query}")).ids();
    assert_eq!(list(format!("grant_id={grant}")), [&*instance]);
    assert_eq!(list(format!("grant_id={grant}&license_key_id={}", key.id)), [&*instance]);
    assert_eq!(list(format!("grant_id={grant}&license_key_id={}", other.id)), [""; 0]);
    assert_eq!(list("grant_id=entg_unknown".to_owned()), [""; 0]);
}

#[test]
fn a_read_only_api_key_neither_revokes_nor_fulfills() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let read_only = fixture.sim.api_key(ApiKeyScope::ReadOnly);
    let grant = fixture.sim.grant_of(&key.id).unwrap();
    for (method, path) in [
        ("DELETE", format!("/entitlements/{}/grants/{grant}", entitlement_of(&key))),
        ("POST", format!("/grants/{grant}/license-key")),
    ] {
        let reply =
            send(&fixture.sim, request(method, &path).bearer(&read_only).json(&json!({ "key": "K-1" })));
        assert_eq!(reply.json(403)["code"], "UNAUTHORIZED");
        assert_eq!(send(&fixture.sim, request(method, &path)).json(401)["code"], "UNAUTHORIZED");
    }
    assert_eq!(send(&fixture.sim, request("GET", "/entitlements").bearer(&read_only)).ids().len(), 1);
}

#[test]
fn entitlement_calls_can_be_removed_and_grants_can_have_older_shapes() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let bent = |change: fn(&mut Quirks)| {
        let mut before = Quirks::default();
        fixture.sim.change_quirks(|quirks| {
            before = quirks.clone();
            change(quirks);
        });
        let seen = grant(&fixture, &key);
        fixture.sim.change_quirks(|quirks| *quirks = before);
        seen
    };
    let nameless = bent(|quirks| quirks.nameless_granted_keys = true);
    assert_eq!((nameless["license_key"].get("id"), nameless["license_key"].get("status")), (None, None));
    assert_eq!(nameless["license_key"]["key"], key.key);
    assert_eq!(bent(|quirks| quirks.null_grant_metadata = true)["metadata"], Value::Null);
    assert_eq!(bent(|quirks| quirks.lower_case_grant_status = true)["status"], "delivered");
    assert_eq!(bent(|quirks| quirks.profile = Profile::Old).get("brand_id"), None);

    fixture.sim.change_quirks(|quirks| quirks.omit_entitlement_calls = true);
    let grant = fixture.sim.grant_of(&key.id).unwrap();
    for (method, path) in [
        ("GET", "/entitlements".to_owned()),
        ("GET", format!("/entitlements/{}", entitlement_of(&key))),
        ("GET", format!("/entitlements/{}/grants", entitlement_of(&key))),
        ("GET", format!("/customers/{}/entitlement-grants", key.customer_id)),
        ("DELETE", format!("/entitlements/{}/grants/{grant}", entitlement_of(&key))),
        ("POST", format!("/grants/{grant}/license-key")),
    ] {
        fixture.merchant(method, &path, None).is(404, &refusal("NOT_FOUND", "Item not found"));
    }
    assert_eq!(fixture.get("/license_keys").ids(), [&*key.id]);
}

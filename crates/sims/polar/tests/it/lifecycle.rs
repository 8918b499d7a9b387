use std::thread;

use super::*;

/// A benefit with all limits and a lifetime of a year.
fn everything() -> BenefitSpec {
    let expires = Some(Ttl { count: 1, timeframe: Timeframe::Month });
    BenefitSpec { prefix: Some(" pro ".to_owned()), expires, limit_usage: Some(5), ..devices(2) }
}

fn limits(seller: &Seller, id: Uuid) -> (Option<i64>, Option<i64>, Option<String>) {
    let key = seller.sim.key(id).unwrap();
    (key.limit_activations, key.limit_usage, key.expires_at.map(|end| end.to_string()))
}

fn end(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_key_of_an_order_expires_by_the_calendar_and_one_of_a_subscription_never() {
    let seller = Seller::new();
    let benefit = seller.sim.add_benefit(everything()).unwrap();
    let ordered = seller.sim.grant(GrantSpec::order(benefit, seller.customer)).unwrap();
    let subscribed = seller.sim.grant(GrantSpec::subscription(benefit, seller.customer)).unwrap();
    assert_eq!(limits(&seller, ordered.id), (Some(2), Some(5), end("2027-02-28T12:00:00Z")));
    assert_eq!(limits(&seller, subscribed.id), (Some(2), Some(5), None));
    assert!(ordered.key.starts_with("PRO-") && ordered.key.len() == 40);
    let blank = seller.sell(BenefitSpec { prefix: Some("  ".to_owned()), ..Default::default() });
    assert_eq!(blank.key.len(), 36);
}

#[test]
fn a_key_expires_exactly_at_its_expiry() {
    let seller = Seller::new();
    let sold = seller.sell(everything());
    seller.clock.set("2027-02-28T11:59:59.999999Z".parse().unwrap());
    assert_eq!(seller.validate(&sold.key, "").0, 200);
    seller.clock.set("2027-02-28T12:00:00Z".parse().unwrap());
    assert_eq!(seller.refusal("validate", &sold.key, "").1, "License key has expired.");
    assert_eq!(seller.get(&format!("/{}", sold.id)).1["status"], "granted");
}

#[test]
fn enabling_a_revoked_key_resets_custom_limits_after_the_job() {
    let seller = Seller::new();
    let sold = seller.sell(everything());
    seller.patch(sold.id, r#"{"usage":3,"limit_usage":99,"limit_activations":9,"status":"revoked"}"#);
    seller.sim.run_jobs();
    seller.wait(60);
    let (_, answer) = seller.patch(sold.id, r#"{"status":"granted"}"#);
    assert_eq!((&answer["limit_usage"], &answer["status"]), (&99.into(), &"granted".into()));
    seller.sim.run_jobs();
    assert_eq!(limits(&seller, sold.id), (Some(2), Some(5), end("2027-02-28T12:01:00Z")));
    assert_eq!(seller.sim.key(sold.id).unwrap().usage, 3);
}

#[test]
fn disabling_and_enabling_keep_custom_limits() {
    let seller = Seller::new();
    let sold = seller.sell(everything());
    seller.patch(sold.id, r#"{"limit_usage":99,"status":"disabled"}"#);
    seller.patch(sold.id, r#"{"status":"granted"}"#);
    seller.sim.run_jobs();
    assert_eq!(limits(&seller, sold.id).1, Some(99));
}

#[test]
fn a_change_reverted_before_the_job_has_no_effect() {
    let seller = Seller::new();
    let sold = seller.sell(everything());
    seller.patch(sold.id, r#"{"limit_usage":99,"status":"revoked"}"#);
    seller.patch(sold.id, r#"{"status":"granted"}"#);
    seller.sim.run_jobs();
    assert_eq!((limits(&seller, sold.id).1, seller.sim.key(sold.id).unwrap().status), (Some(99), "granted"));
}

#[test]
fn ending_a_sale_revokes_the_key_and_resuming_it_restores_the_same_key() {
    let seller = Seller::new();
    let sold = seller.sell(everything());
    let activation = seller.activate(&sold.key, "");
    seller.sim.end_grant(sold.id).unwrap();
    assert_eq!(
        seller.refusal("validate", &sold.key, ""),
        (404, "License key is no longer active.".to_owned())
    );
    seller.sim.resume_grant(sold.id).unwrap();
    let (status, answer) = seller.validate(&sold.key, &format!(r#""activation_id":"{activation}""#));
    assert_eq!((status, answer["id"].as_str()), (200, Some(&*sold.id.to_string())));
}

#[test]
fn a_disabled_key_is_revoked_but_a_resumed_sale_does_not_enable_it() {
    let seller = Seller::new();
    let sold = seller.sell(everything());
    seller.patch(sold.id, r#"{"status":"disabled"}"#);
    seller.sim.end_grant(sold.id).unwrap();
    assert_eq!(seller.sim.key(sold.id).unwrap().status, "revoked");
    seller.patch(sold.id, r#"{"status":"disabled"}"#);
    seller.sim.resume_grant(sold.id).unwrap();
    assert_eq!(seller.sim.key(sold.id).unwrap().status, "disabled");
}

#[test]
fn the_job_applies_a_change_of_the_benefit_to_granted_keys() {
    let seller = Seller::new();
    let benefit = seller.sim.add_benefit(everything()).unwrap();
    let granted = seller.sim.grant(GrantSpec::order(benefit, seller.customer)).unwrap();
    let ended = seller.sim.grant(GrantSpec::order(benefit, seller.customer)).unwrap();
    seller.sim.end_grant(ended.id).unwrap();
    seller.patch(granted.id, r#"{"limit_activations":9}"#);
    seller.sim.update_benefit(benefit, |benefit| benefit.prefix = Some("max".to_owned())).unwrap();
    seller.sim.run_jobs();
    assert_eq!(limits(&seller, granted.id).0, Some(9), "a prefix does not change limits");
    seller.sim.update_benefit(benefit, |benefit| benefit.limit_usage = None).unwrap();
    assert_eq!(limits(&seller, granted.id).1, Some(5), "not before the job");
    seller.sim.run_jobs();
    assert_eq!(limits(&seller, granted.id), (Some(2), None, end("2027-02-28T12:00:00Z")));
    assert_eq!(limits(&seller, ended.id).1, Some(5), "not for revoked keys");
    let (_, rotated) = seller.call("POST", &format!("{MANAGEMENT}/{}/rotate", granted.id), &seller.token, "");
    assert!(rotated["key"].as_str().unwrap().starts_with("MAX-"));
}

#[test]
fn the_job_revokes_the_keys_of_deleted_customers_and_benefits() {
    let seller = Seller::new();
    let benefit = seller.sim.add_benefit(everything()).unwrap();
    let sold = seller.sim.grant(GrantSpec::order(benefit, seller.customer)).unwrap();
    let other = seller.sell(devices(1));
    seller.sim.delete_benefit(benefit).unwrap();
    assert_eq!(seller.validate(&sold.key, "").0, 200);
    seller.sim.run_jobs();
    assert_eq!((seller.validate(&sold.key, "").0, seller.validate(&other.key, "").0), (404, 200));
    seller.sim.resume_grant(sold.id).unwrap();
    assert_eq!(seller.validate(&sold.key, "").0, 404, "the benefit was deleted");
    let session = seller.sim.customer_session(seller.customer).unwrap();
    seller.sim.update_customer(seller.customer, |customer| customer.external_id = end("ext")).unwrap();
    seller.sim.delete_customer(seller.customer).unwrap();
    assert_eq!(seller.call("GET", &format!("{DEVICE}/"), &session, "").1["error"], "invalid_token");
    let (status, answer) = seller.validate(&other.key, "");
    let customer = &answer["customer"];
    assert_eq!((status, &customer["external_id"]), (200, &"ext".into()));
    assert_eq!(customer["metadata"]["__external_id"], "ext");
    assert!(customer["deleted_at"].is_string());
    seller.sim.run_jobs();
    assert_eq!(seller.validate(&other.key, "").0, 404);
    seller.sim.resume_grant(other.id).unwrap();
    assert_eq!(seller.validate(&other.key, "").0, 404, "the customer was deleted");
}

#[test]
fn rotation_changes_only_the_string() {
    let seller = Seller::new();
    let sold = seller.sell(everything());
    let activation = seller.activate(&sold.key, "");
    seller.patch(sold.id, r#"{"status":"disabled","usage":2,"expires_at":"2020-01-01T00:00:00Z"}"#);
    let path = format!("{MANAGEMENT}/{}/rotate", sold.id);
    let (status, rotated) = seller.call("POST", &path, &seller.token, "");
    let key = rotated["key"].as_str().unwrap();
    assert_eq!((status, &rotated["usage"], &rotated["status"]), (200, &2.into(), &"disabled".into()));
    assert_ne!(key, sold.key);
    let slot = format!(r#""activation_id":"{activation}""#);
    assert_eq!(seller.device("deactivate", &sold.key, &slot).0, 404);
    assert_eq!(seller.device("deactivate", key, &slot).0, 204);
}

#[test]
fn only_successful_validations_count_usage() {
    let seller = Seller::new();
    let sold = seller.sell(everything());
    for (more, status) in [
        (r#""increment_usage":4"#, 200),
        (r#""increment_usage":2"#, 400),
        (r#""increment_usage":0"#, 200),
        (r#""increment_usage":null"#, 200),
    ] {
        assert_eq!(seller.validate(&sold.key, more).0, status, "{more}");
    }
    let key = seller.sim.key(sold.id).unwrap();
    assert_eq!((key.usage, key.validations), (4, 3));
    seller.patch(sold.id, r#"{"usage":8}"#);
    assert_eq!(seller.validate(&sold.key, "").0, 200);
    let spent = seller.refusal("validate", &sold.key, r#""increment_usage":1"#);
    assert_eq!(spent, (400, "License key only has -3 more usages.".to_owned()));
}

#[test]
fn an_activation_without_conditions_accepts_any() {
    let seller = Seller::new();
    let sold = seller.sell(devices(2));
    let (free, bound) =
        (seller.activate(&sold.key, ""), seller.activate(&sold.key, r#","conditions":{"v":1}"#));
    for (activation, conditions, status) in [
        (&free, r#"{"a":1}"#, 200),
        (&bound, r#"{"v":true}"#, 200),
        (&bound, r#"{"v":"1"}"#, 404),
        (&bound, r#"{"v":1,"w":1}"#, 404),
    ] {
        let more = format!(r#""activation_id":"{activation}","conditions":{conditions}"#);
        assert_eq!(seller.validate(&sold.key, &more).0, status, "{conditions}");
    }
}

#[test]
fn parallel_activations_never_exceed_the_limit() {
    let seller = Seller::new();
    let sold = seller.sell(devices(3));
    let accepted = thread::scope(|scope| {
        let call = || seller.device("activate", &sold.key, r#""label":"x""#).0 == 200;
        let calls: Vec<_> = (0..8).map(|_| scope.spawn(call)).collect();
        calls.into_iter().filter_map(|call| call.join().ok()).filter(|accepted| *accepted).count()
    });
    assert_eq!((accepted, seller.sim.key(sold.id).unwrap().live_activations), (3, 3));
}

#[test]
fn an_imported_key_is_unique_per_organization() {
    let seller = Seller::new();
    let benefit = seller.sim.add_benefit(BenefitSpec::default()).unwrap();
    let spec = GrantSpec::order(benefit, seller.customer).key("any string");
    assert_eq!(seller.sim.grant(spec.clone()).unwrap().key, "any string");
    assert_eq!(seller.sim.grant(spec).err(), Some(SimError::KeyTaken));
}

#[test]
fn a_sale_with_unrelated_records_is_an_error() {
    let seller = Seller::new();
    let other = Some(seller.sim.add_organization(OrganizationSpec::default()));
    let stranger =
        seller.sim.add_customer(CustomerSpec { organization: other, ..Default::default() }).unwrap();
    let member = seller.sim.add_member(stranger, MemberSpec::default()).unwrap();
    let benefit = seller.sim.add_benefit(BenefitSpec::default()).unwrap();
    for (spec, error) in [
        (GrantSpec::order(benefit, stranger), SimError::UnknownBenefit),
        (GrantSpec::order(stranger, seller.customer), SimError::UnknownBenefit),
        (GrantSpec::order(benefit, benefit), SimError::UnknownCustomer),
        (GrantSpec::order(benefit, seller.customer).member(member), SimError::UnknownMember),
    ] {
        assert_eq!(seller.sim.grant(spec).err(), Some(error));
    }
}

#[test]
fn only_different_values_count_as_a_change_except_a_time_without_zone() {
    let seller = Seller::new();
    let sold = seller.sell(devices(1));
    let modified = |body: &str| {
        seller.wait(1);
        seller.patch(sold.id, body).1["modified_at"].to_string()
    };
    let first = modified(r#"{"expires_at":"2030-01-02T03:04:05Z","usage":1}"#);
    let same =
        r#"{"expires_at":"2030-01-02T04:04:05+01:00","usage":1,"status":"granted","limit_activations":1}"#;
    assert_eq!(modified(same), first);
    assert_ne!(modified(r#"{"expires_at":"2030-01-02T03:04:05"}"#), first);
}

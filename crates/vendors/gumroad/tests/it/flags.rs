//! Each flag of a purchase and its membership, in a verification and in a sale.

use anykey_core::{
    Environment, ErrorKind, Expiry, LicenseProvider, LicenseStatus, RefusalReason, SignedDuration,
    ValidateRequest,
};
use anykey_gumroad_sim::SaleSpec;
use anykey_testkit::transport::ScriptedTransport;

use crate::support::*;

/// The reason and the status word of a verification, and the status of its key.
async fn refused(changes: &[(&str, &str)]) -> (RefusalReason, String, LicenseStatus) {
    let transport = ScriptedTransport::new().then(verified(changes));
    let validation = device(&transport).validate(ValidateRequest::new(code())).await.unwrap();
    let reason = validation.refusal().expect("refused").reason;
    let key = validation.key.expect("the key is shown");
    assert_eq!(key.origin.revocation.as_deref(), validation.status_word.as_deref());
    (reason, validation.status_word.unwrap().into(), key.status)
}

#[tokio::test]
async fn each_flag_has_a_reason_of_its_own() {
    use LicenseStatus::{Expired, Revoked};
    use RefusalReason::{Disputed, PaymentFailed, Refunded, SubscriptionCanceled, SubscriptionEnded};
    let end = |name: &str| (format!("\"{name}\":null"), format!("\"{name}\":\"2026-11-28T12:00:00Z\""));
    let (failed, ended, cancelled) =
        (end("subscription_failed_at"), end("subscription_ended_at"), end("subscription_cancelled_at"));
    for (changes, reason, word, status) in [
        (vec![("\"refunded\":false", "\"refunded\":true")], Refunded, "refunded", Revoked),
        (vec![("\"disputed\":false", "\"disputed\":true")], Disputed, "disputed", Revoked),
        (vec![(&*failed.0, &*failed.1)], PaymentFailed, "failed", Expired),
        (vec![(&*ended.0, &*ended.1)], SubscriptionEnded, "ended", Expired),
        (vec![(&*cancelled.0, &*cancelled.1)], SubscriptionCanceled, "cancelled", Expired),
        (
            vec![(&*failed.0, &*failed.1), (&*ended.0, &*ended.1), (&*cancelled.0, &*cancelled.1)],
            PaymentFailed,
            "failed",
            Expired,
        ),
        (
            vec![("\"refunded\":false", "\"refunded\":true"), (&*ended.0, &*ended.1)],
            Refunded,
            "refunded",
            Revoked,
        ),
    ] {
        assert_eq!(refused(&changes).await, (reason, word.to_owned(), status), "{changes:?}");
    }
}

#[tokio::test]
async fn a_won_dispute_and_a_later_end_are_valid() {
    let won =
        [("\"disputed\":false", "\"disputed\":true"), ("\"dispute_won\":false", "\"dispute_won\":true")];
    let later =
        [("\"subscription_cancelled_at\":null", "\"subscription_cancelled_at\":\"2026-11-28T12:00:01Z\"")];
    for changes in [&won[..], &later[..]] {
        let transport = ScriptedTransport::new().then(verified(changes));
        let validation = device(&transport).validate(ValidateRequest::new(code())).await.unwrap();
        assert!(validation.is_valid(), "{changes:?}");
        if changes == later {
            assert_eq!(validation.key.unwrap().expiry, Expiry::At("2026-11-28T12:00:01Z".parse().unwrap()));
        }
    }
}

#[tokio::test]
async fn a_yes_without_the_deciding_members_is_no_answer() {
    for (from, to) in [
        ("\"refunded\":false,", ""),
        ("\"refunded\":false", "\"refunded\":null"),
        ("\"refunded\":false", "\"refunded\":{}"),
        ("\"disputed\":false,", ""),
        ("\"dispute_won\":false", "\"dispute_won\":7"),
        ("\"subscription_ended_at\":null", "\"subscription_ended_at\":\"soon\""),
        ("\"success\":true,", ""),
        ("\"uses\":3,", ""),
        ("\"license_key\":\"85DB562A", "\"license_key\":\"95DB562A"),
        ("\"product_id\":\"32", "\"product_id\":\"42"),
        ("\"product_id\":\"32-nPAicqbLj8B_WswVlMw==\"", "\"product_id\":true"),
        ("\"purchase\":{", "\"purchase\":7,\"other\":{"),
        ("\"id\":\"FO8TXN-dvaYbBbahG97a-Q==\",", "\"id\":\"\","),
    ] {
        let changes: &[(&str, &str)] = match to {
            // Both members hold the id.
            "\"id\":\"\"," => &[
                ("\"id\":\"FO8TXN-dvaYbBbahG97a-Q==\",", ""),
                ("\"sale_id\":\"FO8TXN-dvaYbBbahG97a-Q==\",", ""),
            ],
            _ => &[(from, to)],
        };
        let transport = ScriptedTransport::new().then(verified(changes));
        let error = device(&transport).validate(ValidateRequest::new(code())).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Decode | ErrorKind::Unrecognized), "{from}: {error}");
        assert!(!format!("{error} {error:?}").contains("lanted"));
    }
}

#[tokio::test]
async fn what_a_buyer_types_replaces_no_member_that_decides() {
    for repeated_members in [false, true] {
        let fixture = Fixture::new();
        fixture.sim().change_quirks(|quirks| quirks.repeated_members = repeated_members);
        let names = ["refunded", "disputed", "dispute_won", "id", "license_key", "chargebacked", "sale_id"];
        let custom_fields = names.map(|name| (name.to_owned(), "true".to_owned())).to_vec();
        let sold = fixture.sell(SaleSpec { custom_fields, ..SaleSpec::default() });
        let provider = fixture.builder().build().unwrap();
        let validate = async || provider.validate(ValidateRequest::new(typed(&sold))).await.unwrap();
        let validation = validate().await;
        assert!(validation.is_valid(), "{:?}", validation.refusal());
        assert_eq!(validation.key.unwrap().id.as_str(), sold.sale_id);
        assert!(fixture.sim().dispute(&sold.sale_id));
        assert_eq!(validate().await.refusal().unwrap().reason, RefusalReason::Disputed);
    }
}

#[tokio::test]
async fn a_sale_shows_the_same_standing() {
    let fixture = Fixture::new();
    let provider = fixture.management();
    let sim = fixture.sim();
    let member = || fixture.sell(SaleSpec { membership: true, ..SaleSpec::default() });
    let get = async |id: &str| {
        let key = provider.get(&id.into()).await.unwrap();
        (key.status, key.status_word.into_owned(), key.expiry)
    };
    let sold = member();
    let expected = |status, word: &str| (status, word.to_owned(), Expiry::FollowsSubscription);
    assert_eq!(get(&sold.sale_id).await, expected(LicenseStatus::Active, "active"));
    assert!(sim.cancel(&sold.sale_id, fixture.clock.now() + SignedDuration::from_hours(1)));
    assert_eq!(get(&sold.sale_id).await, expected(LicenseStatus::Active, "active"));
    fixture.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(get(&sold.sale_id).await, expected(LicenseStatus::Expired, "cancelled"));
    assert!(sim.restart(&sold.sale_id) && sim.end(&sold.sale_id));
    assert_eq!(get(&sold.sale_id).await, expected(LicenseStatus::Expired, "ended"));
    let sold = member();
    assert!(sim.refund(&sold.sale_id));
    assert_eq!(get(&sold.sale_id).await, expected(LicenseStatus::Revoked, "refunded"));
    let sold = member();
    assert!(sim.dispute(&sold.sale_id));
    assert_eq!(get(&sold.sale_id).await, expected(LicenseStatus::Revoked, "disputed"));
    assert!(sim.win_dispute(&sold.sale_id));
    assert_eq!(get(&sold.sale_id).await, expected(LicenseStatus::Active, "active"));
}

#[tokio::test]
async fn a_sale_without_a_deciding_member_is_not_usable() {
    for (from, to) in [
        ("\"license_disabled\":false,", ""),
        ("\"license_disabled\":false", "\"license_disabled\":\"?\""),
        ("\"refunded\":false,\"partially", "\"refunded\":{},\"partially"),
        ("\"chargedback\":false", "\"chargedback\":[]"),
        ("\"quantity\":1", "\"quantity\":1,\"subscription_id\":\"x\""),
    ] {
        let transport = ScriptedTransport::new().then(sale(&[(from, to)]));
        let key = management(&transport).get(&SALE.into()).await.unwrap();
        assert_eq!(key.status, LicenseStatus::Other("unknown".into()), "{from}");
    }
    for absent in ["\"refunded\":false,\"partially_refunded\":false,", "\"chargedback\":false,"] {
        let transport = ScriptedTransport::new().then(sale(&[(absent, "")]));
        let key = management(&transport).get(&SALE.into()).await.unwrap();
        assert_eq!(key.status, LicenseStatus::Active, "members without a value are absent");
    }
}

#[tokio::test]
async fn a_test_purchase_is_of_the_sandbox_and_an_imported_customer_of_neither() {
    let fixture = Fixture::new();
    let (live, sandbox) = (
        fixture.builder().build().unwrap(),
        fixture.builder().environment(Environment::Sandbox).build().unwrap(),
    );
    let test = fixture.sell(SaleSpec { test: true, ..SaleSpec::default() });
    let bought = fixture.sell(SaleSpec::default());
    for (provider, good, bad) in [(&live, &bought, &test), (&sandbox, &test, &bought)] {
        assert!(provider.validate(ValidateRequest::new(typed(good))).await.unwrap().is_valid());
        let refused = provider.validate(ValidateRequest::new(typed(bad))).await.unwrap();
        assert_eq!(refused.refusal().unwrap().reason, RefusalReason::WrongEnvironment);
        assert!(refused.key.is_none());
    }
    let (id, key) = fixture.sim().import_customer(&fixture.product, "old@example.com").unwrap();
    for provider in [&live, &sandbox] {
        let request = ValidateRequest::new(anykey_core::KeyCode::parse(&key).unwrap());
        let validation = provider.validate(request).await.unwrap();
        assert!(validation.is_valid());
        assert_eq!(validation.key.unwrap().id.as_str(), id);
    }
}

#[tokio::test]
async fn a_yes_about_no_purchase_is_valid_and_requires_nobody() {
    let fixture = Fixture::new();
    fixture.sim().change_quirks(|quirks| quirks.omit_holder = true);
    let sold = fixture.sell(SaleSpec::default());
    let provider = fixture.builder().build().unwrap();
    let validation = provider.validate(ValidateRequest::new(typed(&sold))).await.unwrap();
    assert!(validation.is_valid() && validation.key.is_none());
    let required = provider.validate(ValidateRequest::new(typed(&sold)).customer("x")).await.unwrap();
    assert_eq!(required.refusal().unwrap().reason, RefusalReason::WrongCustomer);
}

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivationLimit, Capability, ErrorKind, KeyCode, LicensePatch, LicenseProvider, LicenseProviderExt,
    LicenseStatus, ListQuery, ValidateRequest,
};
use anykey_dodo::LicenseKeysApi::{Auto, Classic, Grants};
use anykey_dodo::RevocationClass;
use anykey_dodo_sim::{KeySpec, Purchase, SubscriptionState};
use anykey_testkit::transport::{Answer, Fault, Rule};

use super::bench::Bench;

#[tokio::test]
async fn a_revoked_key_is_gone_for_good_and_says_why() {
    let bench = Bench::new();
    let issued = bench.issue(KeySpec::default());
    let provider = bench.provider(Grants);
    provider.list(ListQuery::new()).await.unwrap();
    let from = bench.arrived();
    let key = provider.revoke(&issued.id.as_str().into()).await.unwrap();
    assert_eq!((key.status.clone(), key.status_word.as_ref()), (LicenseStatus::Revoked, "Revoked"));
    assert_eq!(key.origin.revocation.as_deref(), Some("manual"));
    assert_eq!(RevocationClass::of(&key), Some(RevocationClass::Final));
    let (entitlement, grant) = (key.origin.entitlement.clone().unwrap(), key.origin.grant.clone().unwrap());
    assert_eq!(bench.arrived_since(from), [format!("DELETE /entitlements/{entitlement}/grants/{grant}")]);
    assert_eq!(provider.get(&key.id).await.unwrap(), key);
    let validation = provider.validate(ValidateRequest::new(KeyCode::verbatim(issued.key))).await.unwrap();
    assert!(!validation.is_valid());
    assert_eq!(provider.revoke(&key.id).await.unwrap().status, LicenseStatus::Revoked, "a second time");
}

#[tokio::test]
async fn a_provider_that_knows_nothing_yet_finds_the_grant_first() {
    let bench = Bench::new();
    let issued = bench.issue_many(3);
    let provider = bench.provider(Grants);
    assert_eq!(provider.revoke(&issued[1].id.as_str().into()).await.unwrap().code.expose(), issued[1].key);
    let error = provider.revoke(&"lic_nobody".into()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation().unwrap().name()), (ErrorKind::NotFound, "update"));
}

#[tokio::test]
async fn a_key_that_is_away_for_a_while_cannot_be_revoked_and_that_is_told() {
    let bench = Bench::new();
    let issued = bench.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    let subscription = issued.subscription_id.as_ref().unwrap();
    bench.sim.set_subscription(subscription, SubscriptionState::OnHold);
    let provider = bench.provider(Grants);
    let error = provider.revoke(&issued.id.as_str().into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    bench.sim.set_subscription(subscription, SubscriptionState::Active);
    assert_eq!(provider.get(&issued.id.as_str().into()).await.unwrap().status, LicenseStatus::Active);
}

#[tokio::test]
async fn an_answer_about_another_grant_is_no_revocation() {
    let bench = Bench::new();
    let issued = bench.issue(KeySpec::default());
    let body = r#"{"id":"entg_other","entitlement_id":"ent_1","status":"Revoked","license_key":{"id":"lic_other","key":"K-2"}}"#;
    let another = Fault::Instead(Answer::json(200, body));
    bench.wire.inject(Rule::next(another).when(|method, _| method == http::Method::DELETE));
    let error = bench.provider(Grants).revoke(&issued.id.as_str().into()).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_taken_effect()), (ErrorKind::Unrecognized, true), "{error}");
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again() {
    let bench = Bench::new();
    let issued = bench.issue(KeySpec::default());
    bench.wire.inject(Rule::next(Fault::AnswerLost).when(|method, _| method == http::Method::DELETE));
    let key = bench.provider(Grants).revoke(&issued.id.as_str().into()).await.unwrap();
    assert_eq!(key.status, LicenseStatus::Revoked);
}

#[tokio::test]
async fn every_reason_has_its_class_and_its_status() {
    let bench = Bench::new();
    let provider = bench.provider(Grants);
    let issue = || bench.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    let (temporary, gone) = (Some(RevocationClass::Temporary), Some(RevocationClass::Final));
    let mut expected = Vec::new();
    for (state, reason, class) in [
        (SubscriptionState::OnHold, "subscription_on_hold", temporary),
        (SubscriptionState::Paused, "SubscriptionPaused", temporary),
        (SubscriptionState::Ended, "subscription_cancelled", gone),
        (SubscriptionState::Expired, "subscription_expired", gone),
    ] {
        let issued = issue();
        bench.sim.set_subscription(issued.subscription_id.as_ref().unwrap(), state);
        expected.push((issued.id, reason, class));
    }
    let refunded = bench.issue(KeySpec::default());
    bench.sim.refund(refunded.payment_id.as_ref().unwrap());
    expected.push((refunded.id, "refund", gone));
    let disabled = bench.issue(KeySpec::default());
    bench.sim.disable(&disabled.id);
    expected.push((disabled.id, "license_key_disabled", temporary));
    let replaced = issue();
    let successor = bench.sim.change_plan(replaced.subscription_id.as_ref().unwrap(), "pdt_pro").remove(0);
    expected.push((replaced.id, "plan_changed", Some(RevocationClass::Replaced)));
    let odd = bench.issue(KeySpec::default());
    bench.sim.revoke(&odd.id);
    bench.sim.force_revocation_reason(&bench.sim.grant_of(&odd.id).unwrap(), Some("platform_external"));
    expected.push((odd.id, "platform_external", None));

    for (id, reason, class) in expected {
        let key = provider.get(&id.into()).await.unwrap();
        assert_eq!(key.origin.revocation.as_deref(), Some(reason));
        assert_eq!(RevocationClass::of(&key), class, "{reason}");
        let status = if class == temporary { LicenseStatus::Disabled } else { LicenseStatus::Revoked };
        assert_eq!(key.status, status, "{reason}");
    }
    let successor = provider.get(&successor.id.into()).await.unwrap();
    assert_eq!((successor.status, successor.origin.revocation), (LicenseStatus::Active, None));
}

#[tokio::test]
async fn what_a_grant_cannot_change_is_unsupported_with_a_hint_and_not_sent() {
    let bench = Bench::new();
    let issued = bench.issue(KeySpec::default());
    let provider = bench.provider(Grants);
    let id = issued.id.as_str().into();
    for (patch, capability, words) in [
        (LicensePatch::new().clear_expiry(), Capability::SetExpiry, "change the entitlement"),
        (
            LicensePatch::new().activation_limit(ActivationLimit::AtMost(9)),
            Capability::SetActivationLimit,
            "change the entitlement",
        ),
        (
            LicensePatch::new().status(anykey_core::StatusChange::Disable),
            Capability::SetDisabled,
            "only revoked",
        ),
        (
            LicensePatch::new().status(anykey_core::StatusChange::Revoke).clear_expiry(),
            Capability::SetExpiry,
            "change the entitlement",
        ),
    ] {
        let error = provider.update(&id, patch).await.unwrap_err();
        assert_eq!((error.kind(), error.capability()), (ErrorKind::Unsupported, Some(capability)));
        assert!(error.to_string().contains(words), "{error}");
        assert!(!provider.capabilities().contains(capability));
    }
    assert_eq!(bench.arrived(), 0);
    let untouched = provider.update(&id, LicensePatch::new()).await.unwrap();
    assert_eq!((untouched.id.as_str(), untouched.status), (&*issued.id, LicenseStatus::Active));
}

#[tokio::test]
async fn only_the_grants_shape_declares_that_it_revokes() {
    let bench = Bench::new();
    let issued = bench.issue(KeySpec::default());
    for (api, revokes) in [(Auto, false), (Classic, false), (Grants, true)] {
        let declared = bench.provider(api).capabilities();
        assert_eq!(declared.contains(Capability::Revoke), revokes);
        assert_eq!(declared.contains(Capability::SetDisabled), !revokes);
    }
    let error = bench.provider(Classic).revoke(&issued.id.as_str().into()).await.unwrap_err();
    assert_eq!((error.kind(), error.capability()), (ErrorKind::Unsupported, Some(Capability::Revoke)));
    assert_eq!(bench.arrived(), 0);
}

//! What each kind of policy makes of a key.

use anykey_core::{
    ActivateRequest, ErrorKind, Expiry, InstallationMark, LicenseProvider, LicenseStatus, RefusalReason,
    SignedDuration,
};
use anykey_keygen_sim::kit::{Fault, Rule, SimulatedVendor as _};
use anykey_keygen_sim::{
    AuthenticationStrategy, ExpirationStrategy, IssuedLicense, OverageStrategy, PolicySpec, Uniqueness,
};

use crate::support::{Fixture, code, request, said};

fn strict() -> PolicySpec {
    PolicySpec { strict: true, max_machines: Some(1), ..PolicySpec::default() }
}

#[tokio::test]
async fn a_strict_policy_wants_a_machine_before_anything_is_valid() {
    let fixture = Fixture::new();
    let license = fixture.issue(strict());
    let provider = fixture.device();
    let expected = (Some(RefusalReason::ActivationRequired), "NO_MACHINES".to_owned());
    assert_eq!(said(provider.validate(request(&license)).await), expected);
    let seat = provider.activate(ActivateRequest::new(code(&license.key), "laptop")).await.unwrap();
    let validate = async || said(provider.validate(request(&license).activation(seat.id.clone())).await);
    assert_eq!(validate().await, (None, "VALID".to_owned()));
    let full = provider.activate(ActivateRequest::new(code(&license.key), "desktop")).await.unwrap_err();
    assert_eq!(full.refusal().unwrap().reason, RefusalReason::ActivationLimitReached);
}

#[tokio::test]
async fn keygens_word_stays_beside_a_yes() {
    let fixture = Fixture::new();
    let overage = OverageStrategy::Always;
    let license = fixture.issue(PolicySpec { overage_strategy: overage, ..strict() });
    let provider = fixture.device();
    for label in ["laptop", "desktop"] {
        provider.activate(ActivateRequest::new(code(&license.key), label)).await.unwrap();
    }
    let expected = (None, "TOO_MANY_MACHINES".to_owned());
    assert_eq!(said(provider.validate(request(&license)).await), expected);
}

#[tokio::test]
async fn each_expiry_strategy_has_its_own_verdict() {
    for (strategy, expected) in [
        (ExpirationStrategy::RestrictAccess, Some(RefusalReason::Expired)),
        (ExpirationStrategy::RevokeAccess, Some(RefusalReason::Expired)),
        (ExpirationStrategy::MaintainAccess, None),
        (ExpirationStrategy::AllowAccess, None),
    ] {
        let fixture = Fixture::new();
        let spec =
            PolicySpec { expiration_strategy: strategy, duration: Some(3600), ..PolicySpec::default() };
        let license = fixture.issue(spec);
        let provider = fixture.device();
        let seat = provider.activate(ActivateRequest::new(code(&license.key), "laptop")).await.unwrap();
        fixture.clock.advance(SignedDuration::from_hours(2));
        let validation = provider.validate(request(&license).activation(seat.id)).await.unwrap();
        let key = validation.key.clone().unwrap();
        assert_eq!(said(Ok(validation)), (expected, "EXPIRED".to_owned()), "{strategy:?}");
        let expected_key = match expected {
            Some(_) => (LicenseStatus::Expired, false),
            // It goes on, so the date is not its end.
            None => (LicenseStatus::Active, true),
        };
        assert_eq!((key.status, key.expiry == Expiry::Unknown), expected_key, "{strategy:?}");
    }
}

/// The server creates a machine for an expired license, and a strict policy hides the expiry until there is one.
#[tokio::test]
async fn a_seat_of_an_expired_strict_license_is_given_back() {
    let fixture = Fixture::new();
    let spec = PolicySpec { duration: Some(3600), ..strict() };
    let license = fixture.issue(spec);
    fixture.clock.advance(SignedDuration::from_hours(2));
    let provider = fixture.device();
    let error = provider.activate(ActivateRequest::new(code(&license.key), "laptop")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::Expired);
    assert!(!error.may_have_taken_effect());
    assert!(fixture.sim().machines(&license.id).is_empty());
    let lenient = PolicySpec {
        duration: Some(3600),
        expiration_strategy: ExpirationStrategy::MaintainAccess,
        ..strict()
    };
    let license = fixture.issue(lenient);
    fixture.clock.advance(SignedDuration::from_hours(2));
    provider.activate(ActivateRequest::new(code(&license.key), "laptop")).await.unwrap();
}

#[tokio::test]
async fn required_scopes_are_named_or_are_configuration_errors() {
    let fixture = Fixture::new();
    let [first, second] = fixture.vendor.products();
    let product = fixture.issue(PolicySpec { require_product_scope: true, ..PolicySpec::default() });
    let both = fixture.builder().product(first.as_str()).product(second.as_str()).build().unwrap();
    assert_eq!(said(both.validate(request(&product)).await), (None, "VALID".to_owned()));
    let error = fixture.device().validate(request(&product)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");

    let fingerprint = fixture.issue(PolicySpec { require_fingerprint_scope: true, ..PolicySpec::default() });
    let provider = fixture.device();
    let seat = provider.activate(ActivateRequest::new(code(&fingerprint.key), "laptop")).await.unwrap();
    let validation = provider.validate(request(&fingerprint).activation(seat.id)).await;
    assert_eq!(said(validation), (None, "VALID".to_owned()));

    let user = fixture.issue(PolicySpec { require_user_scope: true, ..PolicySpec::default() });
    let error = provider.validate(request(&user)).await.unwrap_err();
    assert_eq!((error.kind(), error.vendor_code()), (ErrorKind::Config, Some("USER_SCOPE_REQUIRED")));
}

#[tokio::test]
async fn a_key_of_another_product_takes_no_seat() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    let [_, second] = fixture.vendor.products();
    let provider = fixture.builder().product(second.as_str()).build().unwrap();
    let error = provider.activate(ActivateRequest::new(code(&license.key), "laptop")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::WrongProduct);
    assert!(fixture.sim().machines(&license.id).is_empty());
}

#[tokio::test]
async fn a_policy_without_license_authentication_is_no_refusal() {
    let fixture = Fixture::new();
    let spec = PolicySpec { authentication_strategy: AuthenticationStrategy::Token, ..PolicySpec::default() };
    let license = fixture.issue(spec);
    let error =
        fixture.device().activate(ActivateRequest::new(code(&license.key), "laptop")).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.vendor_code()),
        (ErrorKind::PermissionDenied, Some("LICENSE_NOT_ALLOWED"))
    );
}

#[tokio::test]
async fn a_device_of_another_key_is_told_apart() {
    let fixture = Fixture::new();
    let spec = PolicySpec { machine_uniqueness: Uniqueness::PerAccount, ..PolicySpec::default() };
    let (one, other) = (fixture.issue(spec.clone()), fixture.issue(spec));
    let provider = fixture.device();
    let activate = async |key: &str| {
        let installation = "ak-1a2b3c4d5e6f".parse().unwrap();
        provider.activate(ActivateRequest::new(code(key), "laptop").installation(installation)).await
    };
    let seat = activate(&one.key).await.unwrap();
    assert_eq!(activate(&one.key).await.unwrap().id, seat.id);
    let error = activate(&other.key).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::AlreadyActivated);
}

#[tokio::test]
async fn other_limits_have_a_reason_of_their_own() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec { max_users: Some(1), ..PolicySpec::default() });
    for name in ["one", "two"] {
        let user = fixture.sim().add_user(name, &format!("{name}@example.com"));
        fixture.sim().attach_user(&license.id, &user);
    }
    let provider = fixture.device();
    let expected = (Some(RefusalReason::LimitExceeded), "TOO_MANY_USERS".to_owned());
    assert_eq!(said(provider.validate(request(&license)).await), expected);

    let license = fixture.issue(PolicySpec::default());
    fixture.sim().set_group(&license.id, Some(fixture.sim().add_group(Some(0))));
    let error = provider.activate(ActivateRequest::new(code(&license.key), "laptop")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::LimitExceeded);
}

fn of_device(license: &IssuedLicense, device: u8) -> ActivateRequest {
    ActivateRequest::new(code(&license.key), "laptop")
        .installation(InstallationMark::from_digest([device; 6]))
}

#[tokio::test]
async fn a_seat_of_a_key_with_too_many_machines_is_not_found_valid_by_activating_it_again() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec { max_machines: Some(2), ..strict() });
    let provider = fixture.device();
    let first = provider.activate(of_device(&license, 1)).await.unwrap();
    provider.activate(of_device(&license, 2)).await.unwrap();
    assert_eq!(provider.activate(of_device(&license, 1)).await.unwrap().id, first.id);
    fixture.sim().set_max_machines(&license.id, Some(1));
    let error = provider.activate(of_device(&license, 1)).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::ActivationLimitReached);
    assert!(!error.may_have_taken_effect());
    assert_eq!(fixture.sim().machines(&license.id).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_seat_of_an_expired_key_is_given_back_also_after_a_lost_answer() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec { duration: Some(3600), ..strict() });
    fixture.clock.advance(SignedDuration::from_hours(2));
    for request in [of_device(&license, 1), ActivateRequest::new(code(&license.key), "laptop")] {
        let is_creation = |method: &http::Method, path: &str| method == "POST" && path.ends_with("/machines");
        fixture.vendor.faults().inject(Rule::next(Fault::AnswerLost).when(is_creation));
        let error = fixture.device().activate(request).await.unwrap_err();
        assert_eq!(error.refusal().unwrap().reason, RefusalReason::Expired);
        assert!(!error.may_have_taken_effect());
        assert!(fixture.sim().machines(&license.id).is_empty());
    }
}

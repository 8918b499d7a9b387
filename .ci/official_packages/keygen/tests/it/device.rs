//! What an installed app calls, with its license key as the credential.

use anykey_core::{SignedDuration, Timestamp};
use anykey_keygen_sim::{HeartbeatBasis, PolicySpec};
use keygen_rs::errors::Error;
use keygen_rs::license::{License, LicenseValidationCode, LicenseValidationRequest, LicenseValidationScope};
use keygen_rs::machine::HeartbeatStatus;

use super::vendor::Vendor;

fn code_of(error: &Error) -> &str {
    match error {
        Error::Api(document) => document.primary().and_then(|error| error.code()).unwrap_or("no code"),
        other => panic!("no answer of the vendor: {other:?}"),
    }
}

fn of(fingerprint: &str) -> LicenseValidationRequest {
    LicenseValidationRequest::for_fingerprint(fingerprint.to_owned())
}

async fn code(vendor: &Vendor, key: &str, request: LicenseValidationRequest) -> LicenseValidationCode {
    let license = License::from_key(key).with_config(vendor.config());
    license.validate_key(&request).await.unwrap().meta.code_kind()
}

#[tokio::test]
async fn a_machine_is_activated_listed_and_deactivated() {
    let vendor = Vendor::start().await;
    let issued = vendor.issue();

    let before = keygen_rs::validate_with_config(vendor.device(&issued), &of("machine-1")).await.unwrap();
    assert_eq!((before.meta.valid, before.meta.code_kind()), (false, LicenseValidationCode::NoMachines));
    assert_eq!(before.meta.scope.product.as_ref(), Some(&vendor.product));
    assert_eq!(before.meta.scope.fingerprint.as_deref(), Some("machine-1"));

    let license = before.license.unwrap();
    assert_eq!((&license.id, &license.key), (&issued.id, &issued.key));
    assert_eq!(
        (license.product_id.as_ref(), license.policy.as_ref()),
        (Some(&vendor.product), Some(&vendor.policy))
    );
    let machine = license.activate("machine-1", &[]).await.unwrap();
    assert_eq!((machine.fingerprint.as_str(), machine.license_id.as_ref()), ("machine-1", Some(&issued.id)));
    assert!(machine.platform.is_some() && machine.hostname.is_some() && machine.cores > Some(0));

    let after = keygen_rs::validate_with_config(vendor.device(&issued), &of("machine-1")).await.unwrap();
    assert!(after.into_license().is_ok());
    let other = keygen_rs::validate_with_config(vendor.device(&issued), &of("machine-2")).await.unwrap();
    assert_eq!(other.meta.code_kind(), LicenseValidationCode::FingerprintScopeMismatch);

    let machines = license.machines(None).await.unwrap();
    assert_eq!(machines.data.iter().map(|found| &found.id).collect::<Vec<_>>(), [&machine.id]);
    assert_eq!(license.machine(&machine.id).await.unwrap().fingerprint, "machine-1");

    machine.deactivate().await.unwrap();
    assert_eq!(code_of(&license.deactivate(&machine.id).await.unwrap_err()), "NOT_FOUND");
    assert!(license.machines(None).await.unwrap().data.is_empty());
    assert!(vendor.sim.machines(&issued.id).is_empty());
}

#[tokio::test]
async fn a_taken_fingerprint_and_a_full_license_are_errors_with_a_code() {
    let vendor = Vendor::start().await;
    let license = vendor.license(&vendor.issue());
    license.activate("machine-1", &[]).await.unwrap();
    assert_eq!(code_of(&license.activate("machine-1", &[]).await.unwrap_err()), "FINGERPRINT_TAKEN");
    license.activate("machine-2", &[]).await.unwrap();
    assert_eq!(code_of(&license.activate("machine-3", &[]).await.unwrap_err()), "MACHINE_LIMIT_EXCEEDED");
}

#[tokio::test]
async fn a_listing_continues_by_cursor() {
    let vendor = Vendor::with_policy(PolicySpec::default()).await;
    let license = vendor.license(&vendor.issue());
    for number in 0..5 {
        license.activate(&format!("machine-{number}"), &[]).await.unwrap();
    }
    let mut found = Vec::new();
    let mut cursor = Some(String::new());
    while let Some(page_cursor) = cursor {
        // The crate adds `limit=100` of its own.
        let options = keygen_rs::license::PaginationOptions {
            page_size: Some(2),
            page_cursor: Some(page_cursor),
            ..Default::default()
        };
        let page = license.machines(Some(&options)).await.unwrap();
        assert!(page.data.len() <= 2);
        cursor = page.next_cursor();
        found.extend(page.data.into_iter().map(|machine| machine.fingerprint));
    }
    assert_eq!(found, ["machine-4", "machine-3", "machine-2", "machine-1", "machine-0"]);
}

#[tokio::test]
async fn a_heartbeat_starts_and_is_read() {
    let spec = PolicySpec {
        require_heartbeat: true,
        heartbeat_basis: HeartbeatBasis::FromFirstPing,
        ..PolicySpec::default()
    };
    let vendor = Vendor::with_policy(spec).await;
    let license = vendor.license(&vendor.issue());
    let machine = license.activate("machine-1", &[]).await.unwrap();
    let status = |machine: &keygen_rs::machine::Machine| HeartbeatStatus::parse(&machine.heartbeat_status);
    assert_eq!(status(&machine), Some(HeartbeatStatus::NotStarted));
    assert_eq!((machine.require_heartbeat, machine.heartbeat_duration), (true, Some(600)));
    let pinged = machine.ping().await.unwrap();
    assert_eq!(status(&pinged), Some(HeartbeatStatus::Alive));
}

#[tokio::test]
async fn every_state_of_a_license_has_its_code() {
    let vendor = Vendor::start().await;
    let product = |id: &str| {
        LicenseValidationRequest::new(LicenseValidationScope {
            product: Some(id.to_owned()),
            ..LicenseValidationScope::default()
        })
    };
    let plain = LicenseValidationRequest::default;
    let issued = vendor.issue();
    assert_eq!(code(&vendor, &issued.key, plain()).await, LicenseValidationCode::Valid);
    let foreign = product("11111111-1111-4111-8111-111111111111");
    assert_eq!(code(&vendor, &issued.key, foreign).await, LicenseValidationCode::ProductScopeMismatch);

    vendor.sim.set_suspended(&issued.id, true);
    assert_eq!(code(&vendor, &issued.key, plain()).await, LicenseValidationCode::Suspended);
    let error = vendor.license(&issued).validate(&plain()).await.unwrap_err();
    assert_eq!(code_of(&error), "LICENSE_SUSPENDED", "with a credential it is a 403");
    vendor.sim.set_suspended(&issued.id, false);

    let past = Timestamp::now() - SignedDuration::from_hours(1);
    vendor.sim.set_expiry(&issued.id, Some(past));
    assert_eq!(code(&vendor, &issued.key, plain()).await, LicenseValidationCode::Expired);

    vendor.sim.revoke(&issued.id);
    assert_eq!(code(&vendor, &issued.key, plain()).await, LicenseValidationCode::NotFound);
    assert_eq!(code_of(&vendor.license(&issued).validate(&plain()).await.unwrap_err()), "LICENSE_INVALID");
}

#[tokio::test]
async fn a_nonce_comes_back_and_an_empty_product_is_an_error() {
    let vendor = Vendor::start().await;
    let issued = vendor.issue();
    let request = LicenseValidationRequest { nonce: Some(42), ..LicenseValidationRequest::default() };
    let license = vendor.license(&issued);
    assert_eq!(license.validate(&request).await.unwrap().meta.nonce, Some(42));
    assert_eq!(license.validate_key(&request).await.unwrap().meta.nonce, Some(42));

    let mut unconfigured = vendor.device(&issued);
    unconfigured.product.clear();
    let error = keygen_rs::validate_with_config(unconfigured, &request).await.unwrap_err();
    assert!(error.to_string().contains("cannot be blank"), "{error}");
}

#[tokio::test]
async fn usage_is_counted_and_a_check_in_is_read() {
    let spec = PolicySpec { max_uses: Some(3), check_in_interval: Some(86_400), ..PolicySpec::default() };
    let vendor = Vendor::with_policy(spec).await;
    let license = vendor.license(&vendor.issue());
    assert_eq!(license.increment_usage(None).await.unwrap().uses, Some(1));
    assert_eq!(license.increment_usage(Some(2)).await.unwrap().uses, Some(3));
    assert_eq!(code_of(&license.increment_usage(None).await.unwrap_err()), "USES_LIMIT_EXCEEDED");
    let checked_in = license.check_in().await.unwrap();
    assert!(checked_in.last_check_in.is_some() && checked_in.next_check_in > checked_in.last_check_in);
}

//! Signatures of answers, which the crate verifies whenever it has a public key.

use anykey_keygen_sim::Quirks;
use keygen_rs::KeygenClient;
use keygen_rs::errors::Error;
use keygen_rs::license::{License, LicenseValidationRequest};

use super::vendor::Vendor;

async fn validated(vendor: &Vendor, public_key: &str) -> Result<bool, Error> {
    let issued = vendor.issue();
    let mut config = vendor.config();
    config.public_key = Some(public_key.to_owned());
    let license = License::from_key(&issued.key).with_config(config);
    license.validate_key(&LicenseValidationRequest::default()).await.map(|result| result.meta.valid)
}

fn is_signature(error: &Error) -> bool {
    matches!(error, Error::KeygenSignatureInvalid { .. })
}

#[tokio::test]
async fn an_answer_is_verified_with_the_key_of_its_account_only() {
    let vendor = Vendor::start().await;
    assert!(validated(&vendor, &vendor.sim.public_key()).await.unwrap());
    let stranger = vendor.sim.other_account().unwrap().public_key();
    assert!(is_signature(&validated(&vendor, &stranger).await.unwrap_err()));
}

/// An unsigned answer is an error, and so is a rate limit, which the vendor never signs.
#[tokio::test]
async fn an_unsigned_answer_is_an_error() {
    let vendor = Vendor::start().await;
    vendor.sim.change_quirks(|quirks| quirks.unsigned = true);
    assert!(is_signature(&validated(&vendor, &vendor.sim.public_key()).await.unwrap_err()));
    vendor.sim.change_quirks(|quirks| {
        quirks.unsigned = false;
        quirks.rate_limit = Some(0);
    });
    assert!(is_signature(&validated(&vendor, &vendor.sim.public_key()).await.unwrap_err()));
}

/// The vendor signs the host without its port.
#[tokio::test]
async fn the_crate_cannot_verify_a_host_with_a_port() {
    let vendor = Vendor::start().await;
    vendor.sim.change_quirks(|quirks: &mut Quirks| quirks.signs_port = false);
    assert!(is_signature(&validated(&vendor, &vendor.sim.public_key()).await.unwrap_err()));
}

#[tokio::test]
async fn a_client_without_a_public_key_reads_the_rate_limit() {
    let vendor = Vendor::start().await;
    vendor.sim.change_quirks(|quirks| quirks.rate_limit = Some(0));
    let issued = vendor.issue();
    let mut config = vendor.device(&issued);
    config.public_key = None;
    let client = KeygenClient::new(config).unwrap();
    match client.validate(&LicenseValidationRequest::default()).await {
        Err(Error::RateLimitExceeded { window, limit, remaining, retry_after, .. }) => {
            assert_eq!((window.as_str(), limit, remaining), ("1m", 0, 0));
            assert!((1..=60).contains(&retry_after), "{retry_after}");
        }
        other => panic!("{other:?}"),
    }
}

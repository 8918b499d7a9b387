//! License files and machine files, read and verified without the vendor.

use keygen_rs::errors::Error;
use keygen_rs::license::{License, LicenseCheckoutOpts, LicenseFileAlgorithm};
use keygen_rs::license_file::LicenseFile;
use keygen_rs::machine::MachineCheckoutOpts;
use keygen_rs::machine_file::MachineFile;

use super::vendor::Vendor;

/// The simulator has no entitlements; the vendor accepts the name, and the file has none.
#[tokio::test]
async fn a_plain_license_file_is_verified_and_decoded() {
    let vendor = Vendor::start().await;
    let issued = vendor.issue();
    let options = LicenseCheckoutOpts::with_include(vec!["entitlements".to_owned()]);
    let file = vendor.license(&issued).checkout(&options).await.unwrap();
    assert_eq!((file.algorithm().unwrap(), file.ttl), (LicenseFileAlgorithm::Base64Ed25519, 2_629_746));
    let read = file.verify_and_decode(&vendor.sim.public_key(), LicenseFileAlgorithm::Base64Ed25519).unwrap();
    assert_eq!((&read.license.id, &read.license.key), (&issued.id, &issued.key));
    assert_eq!((read.issued, read.expiry), (file.issued, file.expiry));
}

#[tokio::test]
async fn an_encrypted_license_file_needs_its_key() {
    let vendor = Vendor::start().await;
    let issued = vendor.issue();
    let license = vendor.license(&issued);
    for options in [
        LicenseCheckoutOpts::with_ttl(3_600).with_encrypt(true),
        LicenseCheckoutOpts::with_ttl(3_600).with_algorithm(LicenseFileAlgorithm::Aes256GcmEd25519),
    ] {
        let file = license.checkout(&options).await.unwrap();
        let algorithm = LicenseFileAlgorithm::Aes256GcmEd25519;
        let read = file.verify_and_decrypt(&vendor.sim.public_key(), &issued.key, algorithm).unwrap();
        assert_eq!((read.license.id, read.ttl), (issued.id.clone(), 3_600));
        assert!(matches!(file.decrypt("another"), Err(Error::DecryptionError(_))));
        assert!(LicenseFile::from_cert(&issued.key, &file.certificate).is_ok());
    }
}

#[tokio::test]
async fn a_raw_license_file_is_read_and_of_another_account_not_genuine() {
    let vendor = Vendor::start().await;
    let issued = vendor.issue();
    let options = LicenseCheckoutOpts::new().with_encrypt(true);
    let text = vendor.license(&issued).checkout_certificate(&options).await.unwrap();
    let file = LicenseFile::from_cert(&issued.key, &text).unwrap();
    file.verify_with_key(&vendor.sim.public_key()).unwrap();
    let stranger = vendor.sim.other_account().unwrap().public_key();
    let error = file.verify_with_key(&stranger).unwrap_err();
    assert!(matches!(error, Error::LicenseFileNotGenuine(_)), "{error:?}");
}

#[tokio::test]
async fn a_machine_file_is_decrypted_with_key_and_fingerprint() {
    let vendor = Vendor::start().await;
    let issued = vendor.issue();
    let machine = vendor.license(&issued).activate("machine-1", &[]).await.unwrap();
    let file = machine.checkout(&MachineCheckoutOpts::with_ttl(7_200)).await.unwrap();
    let secret = format!("{}machine-1", issued.key);
    let read = file.decrypt(&secret).unwrap();
    assert_eq!((&read.machine.id, &read.license.id, read.ttl), (&machine.id, &issued.id, 7_200));
    assert!(file.validate_ttl().is_ok());
    assert!(file.decrypt(&issued.key).is_err(), "the license key alone");
    assert!(MachineFile::from_cert(&secret, &file.certificate).is_ok());
    let included = MachineCheckoutOpts::with_include(vec!["license.product".to_owned(), "owner".to_owned()]);
    assert!(machine.checkout(&included).await.unwrap().decrypt(&secret).is_ok());
}

/// What the crate cannot read: its `perpetual` is refused, and a file without an expiry is no file to it.
#[tokio::test]
async fn a_file_without_an_expiry_cannot_be_asked_for() {
    let vendor = Vendor::start().await;
    let license: License = vendor.license(&vendor.issue());
    match license.checkout(&LicenseCheckoutOpts::perpetual()).await {
        Err(Error::Api(document)) => {
            assert_eq!(document.primary().and_then(|error| error.code()), Some("CHECKOUT_TTL_INVALID"));
        }
        other => panic!("{other:?}"),
    }
    let mut options = LicenseCheckoutOpts::with_ttl(60);
    assert!(matches!(license.checkout(&options).await, Err(Error::Api(_))), "below an hour");
    options = LicenseCheckoutOpts::with_include(vec!["machines".to_owned()]);
    assert!(matches!(license.checkout(&options).await, Err(Error::Api(_))), "no such relationship");
}

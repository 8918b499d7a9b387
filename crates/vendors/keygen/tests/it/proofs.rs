//! License files and machine files, verified without network.

use anykey_core::{
    ActivateRequest, ErrorKind, KeyCode, LicenseProvider, OfflineProof, Result, SignedDuration,
    ValidateRequest,
};
use anykey_keygen::KeygenProvider;
use anykey_keygen_sim::kit::SimulatedVendor as _;
use anykey_keygen_sim::{ExpirationStrategy, LicenseSpec, PolicySpec};

use crate::support::{Fixture, code, request};

fn proving(fixture: &Fixture) -> KeygenProvider {
    fixture.builder().public_key(fixture.sim().public_key()).build().unwrap()
}

async fn machine_file(provider: &KeygenProvider, code: &KeyCode) -> OfflineProof {
    let request = ActivateRequest::new(code.clone(), "laptop").offline_proof();
    provider.activate(request).await.unwrap().proof.unwrap()
}

#[track_caller]
fn is_refused(verified: Result<anykey_core::ProvenLicense>, message: &str) {
    let error = verified.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidRequest, message));
}

#[tokio::test]
async fn a_file_states_key_machine_and_end() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    let (provider, code) = (proving(&fixture), code(&license.key));
    let mark = anykey_core::InstallationMark::from_digest([7; 6]);
    let request = ActivateRequest::new(code.clone(), "laptop").offline_proof().installation(mark);
    let seat = provider.activate(request).await.unwrap();
    let proven = provider.verify_proof(&seat.proof.unwrap(), &code).unwrap();
    assert_eq!((proven.activation, proven.installation), (Some(seat.id), Some(mark)));
    assert_eq!(proven.key.unwrap().id.as_str(), license.id);
    assert_eq!(proven.issued_at, fixture.clock.now());
    // A month, which is Keygen's default.
    let month = SignedDuration::from_secs(2_629_746);
    assert_eq!(proven.expires_at, Some(fixture.clock.now() + month));

    let alone = provider.validate(ValidateRequest::new(code.clone()).offline_proof()).await.unwrap();
    let proven = provider.verify_proof(&alone.proof.unwrap(), &code).unwrap();
    assert_eq!((proven.activation, proven.installation), (None, None));
}

#[tokio::test]
async fn a_file_of_another_account_proves_nothing() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    let other = fixture.sim().other_account().unwrap();
    let product = other.add_product("Editor Pro");
    let policy = Some(other.add_policy(&product, PolicySpec::default()));
    let same_code = LicenseSpec { policy, key: Some(license.key.clone()), ..LicenseSpec::default() };
    other.issue(same_code).unwrap();
    let theirs = KeygenProvider::builder(other.account_id())
        .transport(fixture.vendor.transport())
        .public_key(other.public_key())
        .build()
        .unwrap();
    let code = code(&license.key);
    let file = machine_file(&theirs, &code).await;
    theirs.verify_proof(&file, &code).unwrap();
    let refused = "the proof is not signed with `public_key`, or was altered";
    is_refused(proving(&fixture).verify_proof(&file, &code), refused);
}

#[tokio::test]
async fn a_file_of_another_product_proves_nothing() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    let code = code(&license.key);
    let file = machine_file(&proving(&fixture), &code).await;
    let [own, other] = fixture.vendor.products().clone();
    let allowing = |product: String| {
        fixture.builder().public_key(fixture.sim().public_key()).product(product).build().unwrap()
    };
    allowing(own).verify_proof(&file, &code).unwrap();
    let refused = "the proof is about a license key of another product";
    is_refused(allowing(other).verify_proof(&file, &code), refused);
}

#[tokio::test]
async fn the_expiry_of_the_key_ends_a_file_early() {
    let fixture = Fixture::new();
    let day = SignedDuration::from_hours(24);
    let license = fixture.issue(PolicySpec { duration: Some(86_400), ..PolicySpec::default() });
    let (provider, code) = (proving(&fixture), code(&license.key));
    let proven = provider.verify_proof(&machine_file(&provider, &code).await, &code).unwrap();
    assert_eq!(proven.ends_at(), Some(fixture.clock.now() + day));

    // Where the policy accepts a key after its expiry, a file of it has ended too: only the policy says so.
    let maintained = PolicySpec {
        duration: Some(86_400),
        expiration_strategy: ExpirationStrategy::MaintainAccess,
        ..PolicySpec::default()
    };
    let license = fixture.issue(maintained);
    fixture.clock.advance(day * 2);
    let validation = provider.validate(request(&license).offline_proof()).await.unwrap();
    assert!(validation.is_valid());
    let proven = provider.verify_proof(&validation.proof.unwrap(), &request(&license).code).unwrap();
    assert!(!proven.is_current(fixture.clock.now()));
}

//! Answers that have to be signed.

use std::sync::Arc;

use anykey_core::{
    ActivateRequest, ErrorKind, HttpTransport, LicenseProvider, ListQuery, TransportError, async_trait,
};
use anykey_keygen_sim::{LicenseSpec, PolicySpec};
use bytes::Bytes;
use http::{Request, Response};

use crate::support::{Fixture, code, request};

#[tokio::test]
async fn an_unsigned_answer_is_no_answer() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    let key = fixture.sim().public_key();
    let provider = fixture.builder().public_key(key).token(fixture.sim().admin_token()).build().unwrap();
    assert!(provider.validate(request(&license)).await.unwrap().is_valid());
    fixture.sim().change_quirks(|quirks| quirks.unsigned = true);
    let error = provider.validate(request(&license)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unrecognized);
    assert_eq!(provider.list(ListQuery::new()).await.unwrap_err().kind(), ErrorKind::Unrecognized);
    let error = provider.activate(ActivateRequest::new(code(&license.key), "laptop")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unrecognized);
}

#[tokio::test]
async fn another_accounts_signature_is_none() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    let other = fixture.sim().other_account().unwrap().public_key();
    let provider = fixture.builder().public_key(other).build().unwrap();
    assert_eq!(provider.validate(request(&license)).await.unwrap_err().kind(), ErrorKind::Unrecognized);
}

/// A proxy that answers every request with the first answer.
#[derive(Debug)]
struct Replay {
    vendor: Arc<dyn HttpTransport>,
    first: tokio::sync::OnceCell<Response<Bytes>>,
}

#[async_trait]
impl HttpTransport for Replay {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.first.get_or_try_init(|| self.vendor.send(request)).await.cloned()
    }
}

#[tokio::test]
async fn an_old_answer_is_not_accepted_again() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    let vendor = anykey_keygen_sim::kit::SimulatedVendor::transport(&fixture.vendor);
    let replay = Arc::new(Replay { vendor, first: tokio::sync::OnceCell::new() });
    let key = fixture.sim().public_key();
    let provider = fixture.builder().transport(replay.clone()).public_key(key).build().unwrap();
    assert!(provider.validate(request(&license)).await.unwrap().is_valid());
    fixture.sim().set_suspended(&license.id, true);
    let error = provider.validate(request(&license)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unrecognized, "{error}");
    // Without the key nothing tells the two apart.
    let unverified = fixture.builder().transport(replay).build().unwrap();
    assert!(unverified.validate(request(&license)).await.unwrap().is_valid());
}

#[test]
fn a_configuration_that_would_refuse_everything_is_refused() {
    let fixture = Fixture::new();
    for builder in [
        fixture.builder().public_key("planted"),
        fixture.builder().product("planted"),
        fixture.builder().policy("planted", "planted"),
        fixture.builder().token(crate::support::LICENSE),
        anykey_keygen::KeygenProvider::builder("../planted"),
        anykey_keygen::KeygenBuilder::default(),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!error.to_string().contains("planted"), "{error}");
    }
}

#[tokio::test]
async fn an_installation_for_one_account_needs_no_account() {
    let fixture = Fixture::new();
    fixture.sim().change_quirks(|quirks| quirks.implied_account = true);
    let license = fixture.sim().issue(LicenseSpec::default()).unwrap();
    let provider = anykey_keygen::KeygenProvider::single_account("https://keygen.example/".parse().unwrap())
        .transport(anykey_keygen_sim::kit::SimulatedVendor::transport(&fixture.vendor))
        .build()
        .unwrap();
    assert!(provider.validate(request(&license)).await.unwrap().is_valid());
}

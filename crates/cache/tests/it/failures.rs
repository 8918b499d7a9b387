use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, LicenseProvider, Operation};
use tokio::task::JoinSet;

use crate::fixture::{Fixture, request, until};
use crate::vendor::Fault;

fn outage() -> Error {
    Error::new(ErrorKind::Unavailable, "down")
        .with_provider("memory")
        .with_operation(Operation::Validate)
        .with_status(503)
        .with_retry_after(Duration::from_secs(9))
        .with_source(std::fmt::Error)
}

#[tokio::test]
async fn an_error_is_not_cached() {
    let fixture = Fixture::new();
    fixture.issue("AAAA");
    fixture.vendor.set_fault(Fault::Fails(outage));
    for _ in 0..2 {
        assert!(fixture.cached.validate(request("AAAA")).await.is_err());
    }
    assert_eq!(fixture.vendor.sent(), 2);
    fixture.vendor.set_fault(None);
    assert!(fixture.is_valid("AAAA").await);
}

/// Cached answers stay valid during an outage.
#[tokio::test]
async fn an_outage_does_not_invalidate_cached_answers() {
    let fixture = Fixture::new();
    fixture.issue("AAAA");
    assert!(fixture.is_valid("AAAA").await);
    fixture.vendor.set_fault(Fault::Fails(outage));
    assert!(fixture.is_valid("AAAA").await);
    fixture.pass(300);
    assert!(fixture.cached.validate(request("AAAA")).await.is_err());
}

#[tokio::test]
async fn a_thousand_callers_during_an_outage_are_one_request_with_equal_errors() {
    let fixture = Fixture::new();
    fixture.vendor.hold();
    fixture.vendor.set_fault(Fault::Fails(outage));
    let mut callers = JoinSet::new();
    for _ in 0..1_000 {
        let cached = fixture.cached.clone();
        callers.spawn(async move { cached.validate(request("AAAA")).await.unwrap_err() });
    }
    until(|| fixture.cached.stats().joined == 999).await;
    fixture.vendor.resume();
    let errors = callers.join_all().await;
    assert_eq!(fixture.vendor.sent(), 1);
    assert_eq!(errors.len(), 1_000);
    for error in errors {
        assert_eq!(format!("{error:?}"), format!("{:?}", outage()));
        assert!(error.is_transient() && error.retry_after() == Some(Duration::from_secs(9)));
    }
}

use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, LicenseProvider, Operation};
use tokio::task::JoinSet;

use crate::vendor::Trouble;
use crate::world::{World, request, until};

fn outage() -> Error {
    Error::new(ErrorKind::Unavailable, "down")
        .with_provider("memory")
        .with_operation(Operation::Validate)
        .with_status(503)
        .with_retry_after(Duration::from_secs(9))
        .with_source(std::fmt::Error)
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let world = World::new();
    world.issue("AAAA");
    world.vendor.trouble(Trouble::Fails(outage));
    for _ in 0..2 {
        assert!(world.cached.validate(request("AAAA")).await.is_err());
    }
    assert_eq!(world.vendor.asked(), 2);
    world.vendor.trouble(None);
    assert!(world.is_valid("AAAA").await);
}

/// What was kept before goes on to be answered, and a failure after it changes nothing.
#[tokio::test]
async fn an_outage_does_not_end_what_is_kept() {
    let world = World::new();
    world.issue("AAAA");
    assert!(world.is_valid("AAAA").await);
    world.vendor.trouble(Trouble::Fails(outage));
    assert!(world.is_valid("AAAA").await);
    world.pass(300);
    assert!(world.cached.validate(request("AAAA")).await.is_err());
}

#[tokio::test]
async fn a_thousand_callers_on_an_outage_are_one_request_with_a_thousand_equal_errors() {
    let world = World::new();
    world.vendor.hold();
    world.vendor.trouble(Trouble::Fails(outage));
    let mut callers = JoinSet::new();
    for _ in 0..1_000 {
        let cached = world.cached.clone();
        callers.spawn(async move { cached.validate(request("AAAA")).await.unwrap_err() });
    }
    until(|| world.cached.stats().joined == 999).await;
    world.vendor.let_go();
    let errors = callers.join_all().await;
    assert_eq!(world.vendor.asked(), 1);
    assert_eq!(errors.len(), 1_000);
    for error in errors {
        assert_eq!(format!("{error:?}"), format!("{:?}", outage()));
        assert!(error.is_transient() && error.retry_after() == Some(Duration::from_secs(9)));
    }
}

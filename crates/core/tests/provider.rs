//! What every provider has from the trait itself.
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivateRequest, Capabilities, Capability, CreateRequest, DeactivateRequest, Error, ErrorKind,
    InMemoryProvider, KeyCode, LicensePatch, LicenseProvider, LicenseProviderExt, ListQuery, ManualClock,
    Operation, Result, Timestamp, ValidateRequest, Validation, async_trait,
};

/// A vendor that can do nothing but validate.
#[derive(Debug)]
struct Minimal;

#[async_trait]
impl LicenseProvider for Minimal {
    fn vendor(&self) -> &str {
        "minimal"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[Capability::Validate])
    }

    async fn validate(&self, _: ValidateRequest) -> Result<Validation> {
        Ok(Validation::valid())
    }
}

fn code() -> KeyCode {
    KeyCode::parse("AAAA-BBBB-CCCC").unwrap()
}

fn assert_unsupported<T: std::fmt::Debug>(answer: Result<T>, operation: Operation, capability: Capability) {
    let error = answer.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(error.provider(), Some("minimal"));
    assert_eq!(error.operation(), Some(operation));
    assert_eq!(error.capability(), Some(capability));
}

#[tokio::test]
async fn what_a_vendor_leaves_out_is_unsupported_and_named() {
    let id = "key_1".into();
    assert_unsupported(Minimal.list(ListQuery::new()).await, Operation::List, Capability::List);
    assert_unsupported(Minimal.get(&id).await, Operation::Get, Capability::Get);
    let create = CreateRequest::new(code(), "c", "p");
    assert_unsupported(Minimal.create(create).await, Operation::Create, Capability::Create);
    assert_unsupported(Minimal.disable(&id).await, Operation::Update, Capability::SetDisabled);
    assert_unsupported(Minimal.revoke(&id).await, Operation::Update, Capability::Revoke);
    assert_unsupported(Minimal.clear_expiry(&id).await, Operation::Update, Capability::SetExpiry);
    assert_unsupported(Minimal.rotate(&id).await, Operation::Rotate, Capability::Rotate);
    assert_unsupported(Minimal.activations(&id).await, Operation::Activations, Capability::Activations);
    let activate = ActivateRequest::new(code(), "laptop");
    assert_unsupported(Minimal.activate(activate).await, Operation::Activate, Capability::Activate);
    let deactivate = DeactivateRequest::new(code(), "act_1");
    assert_unsupported(Minimal.deactivate(deactivate).await, Operation::Deactivate, Capability::Deactivate);
    let nothing = Minimal.update(&id, LicensePatch::new()).await.unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn a_pointer_forwards_to_the_vendor_and_not_to_the_defaults() {
    let provider: Arc<dyn LicenseProvider> =
        Arc::new(InMemoryProvider::with_clock(ManualClock::at(Timestamp::UNIX_EPOCH)));
    let nested: Box<dyn LicenseProvider> = Box::new(Arc::clone(&provider));
    let key = nested.create(CreateRequest::new(code(), "c", "p")).await.unwrap();
    let activation = nested.activate(ActivateRequest::new(code(), "laptop")).await.unwrap();
    assert_eq!(nested.activations(&key.id).await.unwrap().len(), 1);
    let rotated = nested.rotate(&key.id).await.unwrap();
    nested.deactivate(DeactivateRequest::new(rotated.code.clone(), activation.id)).await.unwrap();
    assert_eq!(nested.find(&rotated.code).await.unwrap().unwrap().id, key.id);
    assert_eq!((nested.name(), nested.capabilities()), ("memory", Capabilities::all()));
}

#[test]
fn an_error_is_one_pointer_and_prints_its_cause_once() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    let cause = std::io::Error::other("the cause");
    let error = Error::new(ErrorKind::Transport, "no connection").with_source(cause);
    assert_eq!(error.to_string(), "transport: no connection");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the cause");
}

#[test]
fn an_error_tells_everything_that_is_known_about_the_answer() {
    let error = Error::new(ErrorKind::Unavailable, "the vendor is down")
        .with_status(503)
        .with_vendor_code("INTERNAL")
        .with_request_id("req_1")
        .with_retry_after(std::time::Duration::from_secs(7))
        .with_attempts(3)
        .with_may_have_taken_effect(true);
    assert_eq!((error.http_status(), error.attempts()), (Some(503), 3));
    assert_eq!((error.vendor_code(), error.request_id()), (Some("INTERNAL"), Some("req_1")));
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(7)));
    assert!(error.is_transient() && error.may_have_taken_effect() && error.refusal().is_none());
    assert!(!error.with_transient(false).is_transient());
    let printed = format!("{:?}", Error::new(ErrorKind::Decode, "unreadable").with_request_id("req_1"));
    assert!(printed.contains("Decode") && printed.contains("req_1"), "{printed}");
}

//! Who answers a deactivation decides whether the seat is free.
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::Arc;

use anykey_core::{DeactivateRequest, ErrorKind, KeyCode, LicenseProvider, Result};
use anykey_dodo::DodoProvider;
use anykey_http::{Pacer, RetryPolicy};
use anykey_testkit::transport::{Answer, ScriptedTransport};

async fn deactivate(answer: Answer) -> Result<()> {
    let provider = DodoProvider::builder()
        .transport(Arc::new(ScriptedTransport::from_fn(move |_| answer.clone())))
        .retry(RetryPolicy::none())
        .device_pacer(Pacer::unlimited())
        .build()
        .unwrap();
    provider.deactivate(DeactivateRequest::new(KeyCode::verbatim("K-1"), "lki_1")).await
}

#[tokio::test]
async fn every_body_that_dodo_may_write_means_done() {
    for answer in [Answer::new(200), Answer::new(204), Answer::json(200, "{}"), Answer::json(200, "null")] {
        deactivate(answer).await.unwrap();
    }
}

#[tokio::test]
async fn a_page_of_something_in_between_does_not_mean_done() {
    for answer in [
        Answer::html(200, "<html>log in to go online</html>"),
        Answer::json(200, r#"{"message":"Endpoint request timed out"}"#),
        Answer::json(200, r#"{"code":"URL_BLOCKED"}"#),
    ] {
        let error = deactivate(answer).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unrecognized);
        assert!(error.is_transient() && error.may_have_taken_effect() && error.refusal().is_none());
    }
}

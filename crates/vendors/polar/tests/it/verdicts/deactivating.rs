use anykey_core::{DeactivateRequest, ErrorKind, LicenseProvider, Operation, RefusalReason};
use anykey_http::{RetryPolicy, TransportErrorKind};
use anykey_testkit::transport::{Answer, Reply, ScriptedTransport};
use serde_json::json;

use crate::support::*;

const GONE: &str = "org-deactivate-second-time";

fn request() -> DeactivateRequest {
    DeactivateRequest::new(code(DEVICE_CODE), SEAT)
}

#[tokio::test]
async fn not_found_is_told_apart_by_asking_about_the_key() {
    for (probe, expected) in [
        (Reply::from(Answer::json(200, bare_key(DEVICE_CODE))), RefusalReason::UnknownActivation),
        (recorded("cp-validate-good").into(), RefusalReason::Unspecified),
        (recorded("cp-validate-disabled").into(), RefusalReason::UnknownActivation),
        (recorded("cp-validate-unknown-key").into(), RefusalReason::UnknownKey),
        (TransportErrorKind::Interrupted.into(), RefusalReason::Unspecified),
        (Answer::new(429).into(), RefusalReason::Unspecified),
    ] {
        let transport = script(&[GONE]).then(probe.clone());
        let provider = builder(&transport).retry(RetryPolicy::none()).build().unwrap();
        let error = provider.deactivate(request()).await.unwrap_err();
        transport.assert_finished();
        assert_eq!(error.refusal().unwrap().reason, expected, "{probe:?}");
        assert_eq!(error.refusal().unwrap().message.as_deref(), Some("Not found"));
        assert_eq!((error.operation(), error.http_status()), (Some(Operation::Deactivate), Some(404)));
        assert_eq!(error.vendor_code(), Some("ResourceNotFound"));
        assert!(!error.may_have_taken_effect());

        let requests = transport.requests();
        assert_eq!(requests[1].path(), "/v1/customer-portal/license-keys/validate");
        let body: serde_json::Value = serde_json::from_slice(requests[1].body()).unwrap();
        assert_eq!(body, json!({"key": DEVICE_CODE, "organization_id": ORGANIZATION}));
    }
}

#[tokio::test(start_paused = true)]
async fn not_found_after_a_lost_answer_means_done() {
    let transport = ScriptedTransport::new().then(TransportErrorKind::Interrupted).then(recorded(GONE));
    public(&transport).deactivate(request()).await.unwrap();
    transport.assert_finished();

    let transport = ScriptedTransport::new()
        .then(TransportErrorKind::Connect)
        .then(recorded(GONE))
        .then(Answer::json(200, bare_key(DEVICE_CODE)));
    let error = public(&transport).deactivate(request()).await.unwrap_err();
    transport.assert_finished();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::UnknownActivation, "nothing was sent before");
}

#[tokio::test]
async fn a_page_of_something_in_between_frees_no_seat() {
    for answer in [Answer::html(200, "<html>Log in</html>"), Answer::html(204, "<html>Log in</html>")] {
        let transport = ScriptedTransport::new().then(answer);
        let error = public(&transport).deactivate(request()).await.unwrap_err();
        assert_eq!((error.kind(), error.refusal()), (ErrorKind::Unrecognized, None));
    }
}

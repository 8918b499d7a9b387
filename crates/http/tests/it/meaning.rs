use anykey_core::{Error, ErrorKind, Operation, RefusalReason};
use anykey_http::{ApiRequest, Meaning, RetryPolicy};

use crate::support::{Script, answer};

const SENTENCE: &str = "The key PLANTED-1234 is not in force";

async fn error(status: u16, meaning: Meaning) -> Error {
    let script = Script::new([answer(status, &[], "")]);
    let client = script.builder().retry(RetryPolicy::none()).build().unwrap();
    let response = client.send(ApiRequest::post(Operation::Activate)).await.unwrap();
    response.vendor_error("Acme", &meaning, Some(SENTENCE), Some("not_in_force"), &["PLANTED-1234"])
}

#[tokio::test]
async fn a_refusal_carries_the_vendors_sentence_and_code() {
    let error = error(403, Meaning::Refusal(RefusalReason::Disabled)).await;
    let refusal = error.refusal().unwrap();
    assert_eq!(refusal.reason, RefusalReason::Disabled);
    assert!(refusal.message.as_deref().unwrap().contains("is not in force"), "{refusal}");
    assert_eq!((error.vendor_code(), error.http_status()), (Some("not_in_force"), Some(403)));
}

#[tokio::test]
async fn a_failure_names_the_vendor_and_what_it_said() {
    let failure = error(403, Meaning::Failure(ErrorKind::Config, "set another token")).await;
    assert_eq!((failure.kind(), failure.refusal()), (ErrorKind::Config, None));
    let general = error(409, Meaning::General).await;
    assert_eq!((general.kind(), general.refusal()), (ErrorKind::Conflict, None));
    for error in [failure, general] {
        assert!(error.to_string().contains("Acme says: "), "{error}");
        assert_eq!(error.vendor_code(), Some("not_in_force"));
    }
}

#[tokio::test]
async fn nothing_of_an_unrecognized_answer_is_repeated() {
    let error = error(403, Meaning::Unrecognized).await;
    assert_eq!((error.kind(), error.vendor_code()), (ErrorKind::Unrecognized, None));
    assert!(!error.to_string().contains("in force"), "{error}");
}

#[tokio::test]
async fn no_meaning_repeats_a_secret() {
    let failure = Meaning::Failure(ErrorKind::Config, "set another token");
    let refusal = Meaning::Refusal(RefusalReason::Disabled);
    for meaning in [refusal, failure, Meaning::General, Meaning::Unrecognized] {
        let error = error(409, meaning).await;
        assert!(!format!("{error} {error:?} {:?}", error.refusal()).contains("PLANTED"), "{error}");
    }
}

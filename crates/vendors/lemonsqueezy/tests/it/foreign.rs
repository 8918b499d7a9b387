//! Answers of networks, gateways and proxies, which are never refusals.

use anykey_core::{
    ActivateRequest, DeactivateRequest, Error, LicensePatch, LicenseProvider, ListQuery, ValidateRequest,
};
use anykey_http::RetryPolicy;
use anykey_testkit::transport::{ScriptedTransport, foreign_answers};

use crate::support::*;

fn assert_no_verdict(error: &Error, name: &str) {
    assert!(error.refusal().is_none(), "{name}: {error}");
}

#[tokio::test]
async fn an_answer_of_a_gateway_neither_refuses_a_key_nor_frees_a_seat() {
    for foreign in foreign_answers() {
        let answer = foreign.answer.clone();
        let transport = ScriptedTransport::from_fn(move |_| answer.clone());
        for provider in [
            builder(&transport).retry(RetryPolicy::none()).build().unwrap(),
            builder(&transport).token("eyJ0.planted").retry(RetryPolicy::none()).build().unwrap(),
        ] {
            let validation = ValidateRequest::new(code());
            for request in [validation.clone(), validation.activation(SEAT)] {
                assert_no_verdict(&provider.validate(request).await.unwrap_err(), foreign.name);
            }
            let activated = provider.activate(ActivateRequest::new(code(), "mac")).await;
            assert_no_verdict(&activated.unwrap_err(), foreign.name);
            let freed = provider.deactivate(DeactivateRequest::new(code(), SEAT)).await;
            assert_no_verdict(&freed.unwrap_err(), foreign.name);
            for error in [
                provider.list(ListQuery::new()).await.unwrap_err(),
                provider.get(&"9".into()).await.unwrap_err(),
                provider.activations(&"9".into()).await.unwrap_err(),
                provider.update(&"9".into(), LicensePatch::new()).await.unwrap_err(),
            ] {
                assert_no_verdict(&error, foreign.name);
            }
        }
    }
}

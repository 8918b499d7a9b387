//! Answers of networks, gateways and proxies, which are never refusals.

use anykey_core::{ActivateRequest, DeactivateRequest, Error, LicenseProvider, ListQuery, ValidateRequest};
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
        let provider = builder(&transport).retry(RetryPolicy::none()).build().unwrap();
        let validated = provider.validate(ValidateRequest::new(code()).activation(SEAT)).await;
        assert_no_verdict(&validated.unwrap_err(), foreign.name);
        let activated = provider.activate(ActivateRequest::new(code(), "mac")).await;
        assert_no_verdict(&activated.unwrap_err(), foreign.name);
        let freed = provider.deactivate(DeactivateRequest::new(code(), SEAT)).await;
        assert_no_verdict(&freed.unwrap_err(), foreign.name);
        let listed = provider.list(ListQuery::new().customer("cust_1")).await;
        assert_no_verdict(&listed.unwrap_err(), foreign.name);
        assert_no_verdict(&provider.activations(&"lk_1".into()).await.unwrap_err(), foreign.name);
    }
}

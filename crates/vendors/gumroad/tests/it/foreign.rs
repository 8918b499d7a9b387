//! Answers of networks, gateways and proxies, which are never refusals.

use anykey_core::{LicensePatch, LicenseProvider, ListQuery, StatusChange, ValidateRequest};
use anykey_http::RetryPolicy;
use anykey_testkit::transport::{ScriptedTransport, foreign_answers};

use crate::support::*;

#[tokio::test]
async fn an_answer_of_a_gateway_refuses_no_key() {
    for foreign in foreign_answers() {
        let answer = foreign.answer.clone();
        let transport = ScriptedTransport::from_fn(move |_| answer.clone());
        let provider = builder(&transport).token(TOKEN).retry(RetryPolicy::none()).build().unwrap();
        let id = SALE.into();
        for error in [
            provider.validate(ValidateRequest::new(code())).await.unwrap_err(),
            provider.validate(ValidateRequest::new(code()).increment_usage(1)).await.unwrap_err(),
            provider.list(ListQuery::new()).await.unwrap_err(),
            provider.get(&id).await.unwrap_err(),
            provider.update(&id, LicensePatch::new().status(StatusChange::Disable)).await.unwrap_err(),
            provider.rotate(&id).await.unwrap_err(),
        ] {
            assert!(error.refusal().is_none(), "{}: {error}", foreign.name);
        }
    }
}

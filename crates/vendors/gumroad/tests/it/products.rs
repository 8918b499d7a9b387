//! Several products of one app, and what an answer says about another one.

use anykey_core::{ErrorKind, LicenseProvider, RefusalReason, ValidateRequest};
use anykey_gumroad_sim::SaleSpec;
use anykey_gumroad_sim::kit::{Fault, Rule, SimulatedVendor};
use anykey_testkit::transport::{Answer, ScriptedTransport};

use crate::support::*;

#[tokio::test]
async fn every_allowed_product_is_asked_about_and_no_other() {
    let fixture = Fixture::new();
    let (second, other) = (fixture.sim().add_product("Viewer"), fixture.sim().add_product("Other"));
    let sell =
        |product: &String| fixture.sell(SaleSpec { product: Some(product.clone()), ..SaleSpec::default() });
    let (one, two, three) = (sell(&fixture.product), sell(&second), sell(&other));
    let provider = fixture.builder().product(second.as_str()).build().unwrap();
    let reason = async |request| {
        let validation = provider.validate(request).await.unwrap();
        validation.refusal().map(|refusal| refusal.reason)
    };
    assert_eq!(reason(ValidateRequest::new(typed(&one))).await, None);
    assert_eq!(reason(ValidateRequest::new(typed(&two))).await, None);
    assert_eq!(reason(ValidateRequest::new(typed(&three))).await, Some(RefusalReason::UnknownKey));
    let required = |sold, product: &str| ValidateRequest::new(typed(sold)).product(product);
    assert_eq!(reason(required(&two, &second)).await, None);
    assert_eq!(reason(required(&one, &second)).await, Some(RefusalReason::WrongProduct));
    assert_eq!(reason(required(&one, &other)).await, Some(RefusalReason::WrongProduct));
    assert_eq!(reason(required(&three, &other)).await, Some(RefusalReason::UnknownKey));
}

#[tokio::test]
async fn a_required_product_is_asked_about_first() {
    let second = "42-nPAicqbLj8B_WswVlMw==";
    let transport =
        ScriptedTransport::new().then(verified(&[("\"product_id\":\"32", "\"product_id\":\"42")]));
    let provider = builder(&transport).product(second).build().unwrap();
    assert!(provider.validate(ValidateRequest::new(code()).product(second)).await.unwrap().is_valid());
    assert!(sent(&transport)[0].contains("product_id=42-nPAicqbLj8B_WswVlMw%3D%3D"));
}

#[tokio::test]
async fn one_product_without_an_answer_is_no_refusal() {
    let fixture = Fixture::new();
    let second = fixture.sim().add_product("Viewer");
    let sold = fixture.sim().other_seller().sell(SaleSpec::default());
    let provider = fixture.builder().product(second).retry(anykey_http::RetryPolicy::none()).build().unwrap();
    for nth in [1, 2] {
        fixture.vendor.faults().clear();
        fixture.vendor.faults().inject(Rule::nth(nth, Fault::unavailable(503)));
        let error = provider.validate(ValidateRequest::new(typed(&sold))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{nth}");
    }
}

#[tokio::test]
async fn an_unknown_sentence_is_no_answer() {
    let body = r#"{"success":false,"message":"A sentence of next year."}"#;
    let transport = ScriptedTransport::new().then(Answer::json(404, body));
    let error = device(&transport).validate(ValidateRequest::new(code())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unrecognized);
}

//! Only a use that is asked for is counted.

use anykey_core::{Capability, ErrorKind, LicenseProvider, ValidateRequest};
use anykey_gumroad_sim::SaleSpec;
use anykey_gumroad_sim::kit::{Fault, Rule, SimulatedVendor};

use crate::support::*;

#[tokio::test]
async fn no_validation_counts_unless_it_is_asked_to() {
    let fixture = Fixture::new();
    fixture.sim().change_quirks(|quirks| quirks.json_false_counts = true);
    let sold = fixture.sell(SaleSpec::default());
    let provider = fixture.management();
    for _ in 0..3 {
        provider.validate(ValidateRequest::new(typed(&sold))).await.unwrap();
        provider.get(&sold.sale_id.as_str().into()).await.unwrap();
    }
    assert_eq!(fixture.sim().uses(&sold.sale_id), Some(0));
    provider.validate(ValidateRequest::new(typed(&sold)).increment_usage(1)).await.unwrap();
    assert_eq!(fixture.sim().uses(&sold.sale_id), Some(1));
}

#[tokio::test]
async fn a_refused_key_is_not_counted_whoever_refuses_it() {
    let fixture = Fixture::new();
    let refunded = fixture.sell(SaleSpec::default());
    assert!(fixture.sim().refund(&refunded.sale_id));
    let other = fixture.sell(SaleSpec::default());
    let provider = fixture.builder().build().unwrap();
    for request in [
        ValidateRequest::new(typed(&refunded)),
        ValidateRequest::new(typed(&other)).customer("another"),
        ValidateRequest::new(typed(&other)).product("another"),
    ] {
        assert!(!provider.validate(request.increment_usage(1)).await.unwrap().is_valid());
    }
    for sold in [refunded, other] {
        assert_eq!(fixture.sim().uses(&sold.sale_id), Some(0));
    }
}

#[tokio::test]
async fn several_uses_and_a_named_seat_are_unsupported() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    let provider = fixture.builder().build().unwrap();
    let several = ValidateRequest::new(typed(&sold)).increment_usage(2);
    let error = provider.validate(several).await.unwrap_err();
    assert_eq!((error.kind(), error.capability()), (ErrorKind::Unsupported, Some(Capability::CountUsage)));
    let seat = ValidateRequest::new(typed(&sold)).activation("seat");
    let error = provider.validate(seat).await.unwrap_err();
    assert_eq!((error.kind(), error.capability()), (ErrorKind::Unsupported, Some(Capability::Activate)));
    assert_eq!(error.operation(), Some(anykey_core::Operation::Validate));
    assert_eq!(fixture.sim().uses(&sold.sale_id), Some(0));
}

#[tokio::test]
async fn a_lost_answer_to_a_counted_validation_is_not_repeated() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    fixture.vendor.faults().inject(Rule::nth(2, Fault::AnswerLost));
    let provider = fixture.builder().build().unwrap();
    let counted = ValidateRequest::new(typed(&sold)).increment_usage(1);
    let error = provider.validate(counted).await.unwrap_err();
    assert!(error.may_have_taken_effect());
    assert_eq!(fixture.sim().uses(&sold.sale_id), Some(1));
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_is_waited_for_and_is_never_a_refusal() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    fixture.sim().change_quirks(|quirks| quirks.verifications_per_minute = Some(1));
    let provider = fixture.builder().retry(anykey_http::RetryPolicy::none()).build().unwrap();
    let validate = async || provider.validate(ValidateRequest::new(typed(&sold))).await;
    assert!(validate().await.unwrap().is_valid());
    assert_eq!(validate().await.unwrap_err().kind(), ErrorKind::RateLimited);
}

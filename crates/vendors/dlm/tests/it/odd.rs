//! Answers that do not show what a key is for.

use anykey_core::{
    ActivateRequest, ErrorKind, LicenseProvider, Refusal, RefusalReason, ValidateRequest, Validation,
};
use anykey_dlm::{DlmProvider, Plane};
use anykey_testkit::transport::ScriptedTransport;

use crate::support::{CODE, TOKEN, builder, code, data, key, seat};

fn app(transport: &ScriptedTransport) -> DlmProvider {
    builder(transport, Plane::Device).product("55").build().unwrap()
}

fn reason(validation: &Validation) -> Option<RefusalReason> {
    validation.refusal().map(|refusal: &Refusal| refusal.reason)
}

/// The plugin writes every member, so one that is missing was lost on the way.
#[tokio::test]
async fn a_key_whose_product_or_customer_is_not_shown_is_not_refused() {
    use RefusalReason::{WrongCustomer, WrongProduct};
    const PRODUCT: &str = r#""product_id":55,"#;
    const CUSTOMER: &str = r#""user_id":"2","#;
    for (from, to, expected) in [
        (PRODUCT, PRODUCT, Ok(None)),
        (PRODUCT, "", Err(ErrorKind::Decode)),
        (PRODUCT, r#""product_id":[],"#, Err(ErrorKind::Decode)),
        (PRODUCT, r#""product_id":null,"#, Ok(Some(WrongProduct))),
        (PRODUCT, r#""product_id":0,"#, Ok(Some(WrongProduct))),
        (PRODUCT, r#""product_id":56,"#, Ok(Some(WrongProduct))),
        (CUSTOMER, "", Err(ErrorKind::Decode)),
        (CUSTOMER, r#""user_id":{},"#, Err(ErrorKind::Decode)),
        (CUSTOMER, r#""user_id":null,"#, Ok(Some(WrongCustomer))),
        (CUSTOMER, r#""user_id":"3","#, Ok(Some(WrongCustomer))),
    ] {
        let transport = ScriptedTransport::new().then(data(&seat(&key(&[(from, to)]), "null")));
        let request = ValidateRequest::new(code(CODE)).activation(TOKEN).customer("2");
        let validation = app(&transport).validate(request).await;
        let found = validation.map(|validation| reason(&validation)).map_err(|error| error.kind());
        assert_eq!(found, expected, "{to}");
    }
}

#[tokio::test]
async fn a_seat_of_a_key_whose_product_is_not_shown_is_given_back_without_a_refusal() {
    let odd = key(&[(r#""product_id":55,"#, "")]);
    let transport = ScriptedTransport::new()
        .then(data(&seat(&odd, "null")))
        .then(data(&seat(&odd, r#""2026-11-28 12:00:00""#)));
    let error = app(&transport).activate(ActivateRequest::new(code(CODE), "laptop")).await.unwrap_err();
    transport.assert_finished();
    assert_eq!((error.kind(), error.refusal()), (ErrorKind::Decode, None));
    assert!(!error.may_have_taken_effect(), "{error}");
}

//! A success has no flag: the verdict comes from status, instance, end, mode and product.

use anykey_core::{
    ActivateRequest, DeactivateRequest, ErrorKind, LicenseProvider, RefusalReason, ValidateRequest,
    Validation,
};
use anykey_creem_sim::KeySpec;
use anykey_creem_sim::kit::{Fault, Rule, SimulatedVendor};
use anykey_testkit::transport::ScriptedTransport;

use crate::support::*;

async fn validate(replaced: &[(&str, &str)]) -> anykey_core::Result<Validation> {
    let transport = ScriptedTransport::new().then(license(replaced));
    let provider = builder(&transport).product("prod_1").build().unwrap();
    provider.validate(ValidateRequest::new(code()).activation(SEAT)).await
}

#[tokio::test]
async fn a_license_in_force_with_its_active_instance_is_valid() {
    for replaced in [
        &[][..],
        &[("\"active\"", "\"Active\"")],
        &[("\"prod\"", "\"live\"")],
        &[("\"prod\"", "\"local\"")],
        &[("\"mode\":\"prod\",", "")],
        &[("\"expires_at\":null", "\"expires_at\":\"2026-11-28T12:00:01.000Z\"")],
        &[("\"expires_at\":null,", "")],
        &[("ABCDE-FGHIJ", "abcde-fghij")],
        &[("\"instance\":{", "\"instance\":[{"), ("000Z\"}}", "000Z\"}]}")],
    ] {
        assert!(validate(replaced).await.unwrap().is_valid(), "{replaced:?}");
    }
}

#[tokio::test]
async fn everything_that_ends_a_license_refuses_it() {
    let status = "\"product_id\":\"prod_1\",\"status\":\"active\"";
    let with_status = |word: &str| format!("\"product_id\":\"prod_1\",\"status\":\"{word}\"");
    let instance = "\"name\":\"Laptop\",\"status\":\"active\"";
    for (replaced, expected) in [
        ((status, with_status("expired")), RefusalReason::Expired),
        ((status, with_status("disabled")), RefusalReason::Disabled),
        (
            (instance, "\"name\":\"Laptop\",\"status\":\"deactivated\"".to_owned()),
            RefusalReason::UnknownActivation,
        ),
        (
            ("\"expires_at\":null", "\"expires_at\":\"2026-11-28T12:00:00.000Z\"".to_owned()),
            RefusalReason::Expired,
        ),
        (
            (
                "\"mode\":\"prod\",\"object\":\"license\"",
                "\"mode\":\"test\",\"object\":\"license\"".to_owned(),
            ),
            RefusalReason::WrongEnvironment,
        ),
        (("\"prod_1\"", "\"prod_2\"".to_owned()), RefusalReason::WrongProduct),
    ] {
        let validation = validate(&[(replaced.0, &replaced.1)]).await.unwrap();
        assert_eq!(validation.refusal().unwrap().reason, expected, "{replaced:?}");
    }
}

#[tokio::test]
async fn a_success_that_does_not_say_enough_is_no_answer() {
    let instance = "\"name\":\"Laptop\",\"status\":\"active\"";
    for (from, to, kind) in [
        ("\"product_id\":\"prod_1\",", "", ErrorKind::Decode),
        ("\"product_id\":\"prod_1\",\"status\":\"active\"", "\"product_id\":\"prod_1\"", ErrorKind::Decode),
        (
            "\"product_id\":\"prod_1\",\"status\":\"active\"",
            "\"product_id\":\"prod_1\",\"status\":\"paused\"",
            ErrorKind::Unrecognized,
        ),
        (
            "\"product_id\":\"prod_1\",\"status\":\"active\"",
            "\"product_id\":\"prod_1\",\"status\":\"inactive\"",
            ErrorKind::Unrecognized,
        ),
        (instance, "\"name\":\"Laptop\",\"status\":\"asleep\"", ErrorKind::Unrecognized),
        (instance, "\"name\":\"Laptop\"", ErrorKind::Unrecognized),
        (SEAT, "inst_2", ErrorKind::Unrecognized),
        (CODE, "another-key", ErrorKind::Unrecognized),
        ("\"instance\":{", "\"other\":{", ErrorKind::Unrecognized),
    ] {
        let error = validate(&[(from, to)]).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{from} {to}: {error}");
        assert!(error.refusal().is_none());
    }
}

#[tokio::test]
async fn a_deactivation_is_answered_about_its_own_instance() {
    let freed =
        ("\"name\":\"Laptop\",\"status\":\"active\"", "\"name\":\"Laptop\",\"status\":\"deactivated\"");
    for (replaced, is_done) in [
        (&[freed][..], true),
        (&[freed, ("\"instance\":{", "\"other\":{")], true),
        (&[], false),
        (&[freed, (SEAT, "inst_2")], false),
        (&[(SEAT, "inst_2")], false),
        (&[freed, (CODE, "another-key")], false),
    ] {
        let transport = ScriptedTransport::new().then(license(replaced));
        let freed =
            builder(&transport).build().unwrap().deactivate(DeactivateRequest::new(code(), SEAT)).await;
        match freed {
            Ok(()) => assert!(is_done, "{replaced:?}"),
            Err(error) => {
                assert!(!is_done, "{replaced:?}: {error}");
                assert_eq!(error.kind(), ErrorKind::Unrecognized);
                assert!(error.may_have_taken_effect() && error.refusal().is_none());
            }
        }
    }
}

#[tokio::test]
async fn an_activation_that_must_not_be_used_is_given_back() {
    let fixture = Fixture::new();
    let product = fixture.sim().add_product("Another");
    let key = fixture.issue(KeySpec { product: Some(product), ..KeySpec::default() });
    let provider = fixture.builder().product("prod_allowed").build().unwrap();
    let error = provider.activate(ActivateRequest::new(typed(&key), "Laptop")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::WrongProduct);
    assert!(!error.may_have_taken_effect());
    assert_eq!(fixture.seats(&key), [""; 0]);

    fixture.sim().change_quirks(|quirks| quirks.omit_product = true);
    let error = provider.activate(ActivateRequest::new(typed(&key), "Laptop")).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_taken_effect()), (ErrorKind::Decode, false));
    fixture.sim().change_quirks(|quirks| quirks.omit_product = false);
    fixture.sim().force_status_word(&key.id, Some("paused"));
    let any = fixture.provider();
    let error = any.activate(ActivateRequest::new(typed(&key), "Laptop")).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_taken_effect()), (ErrorKind::Unrecognized, false));
    fixture.sim().change_quirks(|quirks| quirks.mode_word = Some("prod"));
    let error = any.activate(ActivateRequest::new(typed(&key), "Laptop")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::WrongEnvironment);
    assert_eq!(fixture.seats(&key), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_seat_that_cannot_be_given_back_is_reported() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let provider = fixture.builder().product("prod_allowed").build().unwrap();
    for nth in 2..=20 {
        fixture.vendor.faults().inject(Rule::nth(nth, Fault::ConnectionRefused));
    }
    let error = provider.activate(ActivateRequest::new(typed(&key), "Laptop")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::WrongProduct);
    assert!(
        error.may_have_taken_effect() && error.to_string().contains("could not be given back"),
        "{error}"
    );
    assert_eq!(fixture.seats(&key), ["Laptop"]);
}

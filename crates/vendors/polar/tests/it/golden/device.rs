use anykey_core::{
    ActivateRequest, ActivationUse, DeactivateRequest, Expiry, LicenseProvider, LicenseStatus, Metadata,
    MetadataValue, ValidateRequest,
};

use anykey_testkit::transport::{Answer, ScriptedTransport};

use crate::support::*;

#[tokio::test]
async fn the_least_that_a_validation_sends() {
    let transport = script(&["cp-validate-good"]);
    let validation = public(&transport).validate(ValidateRequest::new(code(PLAIN_CODE))).await.unwrap();
    assert_eq!(
        only_request(&transport),
        "POST https://api.polar.sh/v1/customer-portal/license-keys/validate\n\
         accept: application/json\n\
         content-length: 103\n\
         content-type: application/json\n\n\
         {\"key\":\"5F2AC174-F343-47F4-AB73-DEB486DAC4A7\",\
         \"organization_id\":\"57a10a51-653a-449f-a259-1c70a3bbc826\"}"
    );
    assert!(validation.is_valid() && validation.activation.is_none());
    let key = validation.key.unwrap();
    assert_eq!((key.id.as_str(), key.code.expose()), ("613d627a-64c0-4cd6-b80f-ec0af5e2a566", PLAIN_CODE));
    assert_eq!(key.activations.used, None);
    assert_eq!(key.last_validated_at, Some("2026-11-21T00:31:38.078150Z".parse().unwrap()));
}

#[tokio::test]
async fn the_most_that_a_validation_sends() {
    let transport = script(&["cp-validate-after-activate-conditions-match"]);
    let request = ValidateRequest::new(code(DEVICE_CODE))
        .activation(SEAT)
        .product(DEVICE_BENEFIT)
        .customer("993f9c2c-9d3f-4f9b-9982-cd6a55225b7d")
        .increment_usage(5)
        .conditions(Metadata::from([("major_version".into(), 3.into())]));
    let validation = organization(&transport).validate(request).await.unwrap();
    assert_eq!(
        only_request(&transport),
        "POST https://api.polar.sh/v1/license-keys/validate\n\
         accept: application/json\n\
         authorization: Bearer polar_oat_planted\n\
         content-length: 320\n\
         content-type: application/json\n\n\
         {\"key\":\"ACT-5031C85B-7EB7-432D-B687-505534BBD724\",\
         \"organization_id\":\"57a10a51-653a-449f-a259-1c70a3bbc826\",\
         \"activation_id\":\"241e0239-9d0a-4ef5-80b4-a06ebd2f619a\",\
         \"benefit_id\":\"7183f51f-532f-41f6-b49d-61c36cfde73d\",\
         \"customer_id\":\"993f9c2c-9d3f-4f9b-9982-cd6a55225b7d\",\
         \"increment_usage\":5,\"conditions\":{\"major_version\":3}}"
    );
    let seat = validation.activation.unwrap();
    assert_eq!((seat.id.as_str(), seat.product), (SEAT, Some(DEVICE_BENEFIT.into())));
}

#[tokio::test]
async fn the_portals_session_never_travels_to_a_public_call() {
    let transport = script(&["cp-validate-good", "cp-activate-ok", "cp-deactivate-ok"]);
    let provider = portal(&transport);
    provider.validate(ValidateRequest::new(code(PLAIN_CODE))).await.unwrap();
    provider.activate(ActivateRequest::new(code(DEVICE_CODE), "laptop")).await.unwrap();
    provider.deactivate(DeactivateRequest::new(code(DEVICE_CODE), SEAT)).await.unwrap();
    for request in transport.requests() {
        assert!(request.path().starts_with("/v1/customer-portal/license-keys/"), "{}", request.path());
        assert_eq!(request.header("authorization"), None);
    }
    transport.assert_finished();
}

#[tokio::test]
async fn an_activation_sends_label_conditions_and_metadata() {
    let transport = script(&["cp-activate-ok"]);
    let request = ActivateRequest::new(code(DEVICE_CODE), "laptop é 🎉")
        .metadata(Metadata::from([("cores".into(), 8.into()), ("ratio".into(), 0.5.into())]))
        .conditions(Metadata::from([("major_version".into(), 3.into())]));
    let seat = public(&transport).activate(request).await.unwrap();
    assert_eq!(
        only_request(&transport),
        "POST https://api.polar.sh/v1/customer-portal/license-keys/activate\n\
         accept: application/json\n\
         content-length: 196\n\
         content-type: application/json\n\n\
         {\"key\":\"ACT-5031C85B-7EB7-432D-B687-505534BBD724\",\
         \"organization_id\":\"57a10a51-653a-449f-a259-1c70a3bbc826\",\
         \"label\":\"laptop é 🎉\",\"conditions\":{\"major_version\":3},\
         \"meta\":{\"cores\":8,\"ratio\":0.5}}"
    );
    assert_eq!((seat.id.as_str(), seat.label.as_str()), (SEAT, "laptop é 🎉"));
    assert_eq!(seat.key_id, Some("53db6835-958b-4a22-81f1-bc96b5a55cbc".into()));
    assert_eq!(seat.product, Some(DEVICE_BENEFIT.into()));
    assert_eq!(seat.created_at, Some("2026-11-21T00:31:44.127148Z".parse().unwrap()));
    assert_eq!(seat.metadata["cores"], MetadataValue::Integer(8));
    assert_eq!(seat.metadata["beta"], MetadataValue::Bool(false));
    let key = seat.key.unwrap();
    assert_eq!((key.code.expose(), &key.status), (DEVICE_CODE, &LicenseStatus::Active));
    assert_eq!(key.expiry, Expiry::Unknown);
    assert_eq!(key.activations, ActivationUse { used: None, limit: anykey_core::ActivationLimit::AtMost(3) });
}

#[tokio::test]
async fn an_activation_without_more_sends_no_empty_maps() {
    let answer = Recording::read("org-activate");
    let body: serde_json::Value = serde_json::from_str(answer.text()).unwrap();
    let told = body["license_key"]["key"].as_str().unwrap();
    let transport = ScriptedTransport::new().then(Answer::json(200, answer.text().replace(told, "ALL-1")));
    organization(&transport).activate(ActivateRequest::new(code("ALL-1"), "")).await.unwrap();
    assert_eq!(
        only_request(&transport),
        "POST https://api.polar.sh/v1/license-keys/activate\n\
         accept: application/json\n\
         authorization: Bearer polar_oat_planted\n\
         content-length: 83\n\
         content-type: application/json\n\n\
         {\"key\":\"ALL-1\",\"organization_id\":\"57a10a51-653a-449f-a259-1c70a3bbc826\",\"label\":\"\"}"
    );
}

#[tokio::test]
async fn a_deactivation_names_key_and_seat() {
    let transport = script(&["cp-deactivate-ok"]);
    public(&transport).deactivate(DeactivateRequest::new(code(DEVICE_CODE), SEAT)).await.unwrap();
    assert_eq!(
        only_request(&transport),
        "POST https://api.polar.sh/v1/customer-portal/license-keys/deactivate\n\
         accept: application/json\n\
         content-length: 162\n\
         content-type: application/json\n\n\
         {\"key\":\"ACT-5031C85B-7EB7-432D-B687-505534BBD724\",\
         \"organization_id\":\"57a10a51-653a-449f-a259-1c70a3bbc826\",\
         \"activation_id\":\"241e0239-9d0a-4ef5-80b4-a06ebd2f619a\"}"
    );
}

#[tokio::test]
async fn a_version_is_asked_for_on_public_calls_too_and_the_sandbox_is_another_host() {
    let transport = script(&["cp-validate-good"]);
    let provider = builder(&transport)
        .environment(anykey_core::Environment::Sandbox)
        .api_version("2026-10")
        .build()
        .unwrap();
    provider.validate(ValidateRequest::new(code(PLAIN_CODE))).await.unwrap();
    let sent = only_request(&transport);
    assert!(sent.starts_with("POST https://sandbox-api.polar.sh/v1/customer-portal/"), "{sent}");
    assert!(sent.contains("\npolar-version: 2026-10\n"), "{sent}");
}

#[tokio::test]
async fn raw_is_the_keys_own_text_on_the_device_plane() {
    let transport = script(&["cp-validate-good", "cp-activate-ok"]);
    let provider = builder(&transport).keep_raw(true).build().unwrap();
    let validation = provider.validate(ValidateRequest::new(code(PLAIN_CODE))).await.unwrap();
    let key = validation.key.unwrap();
    assert_eq!(key.raw.unwrap().expose(), Recording::read("cp-validate-good").text());

    let seat = provider.activate(ActivateRequest::new(code(DEVICE_CODE), "laptop")).await.unwrap();
    let raw = seat.key.unwrap().raw.unwrap();
    let whole = Recording::read("cp-activate-ok");
    assert!(
        raw.expose().starts_with(r#"{"id":"53db6835-958b-4a22-81f1-bc96b5a55cbc","#),
        "the key's, not the seat's"
    );
    assert_eq!(whole.text().split_once(r#""license_key":"#).unwrap().1, format!("{}}}", raw.expose()));
}

use anykey_core::{
    ActivationLimit, ActivationUse, Capability, CreateRequest, ErrorKind, Expiry, LicensePatch,
    LicenseProvider, LicenseStatus, MetadataValue, StatusChange, Timestamp, Usage,
};
use anykey_http::TransportErrorKind;
use anykey_polar::Plane;
use anykey_testkit::transport::{Answer, ScriptedTransport};

use crate::support::*;

const KEY: &str = "53db6835-958b-4a22-81f1-bc96b5a55cbc";
const UPDATED: &str = "1a45113d-4efb-4303-ae58-87a133bbaace";

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_key_is_read_by_its_id() {
    let transport = script(&["cp-get-own"]);
    let key = portal(&transport).get(&KEY.into()).await.unwrap();
    assert_eq!(
        only_request(&transport),
        "GET https://api.polar.sh/v1/customer-portal/license-keys/53db6835-958b-4a22-81f1-bc96b5a55cbc\n\
         accept: application/json\n\
         authorization: Bearer polar_cst_planted\n\n"
    );
    assert_eq!((key.provider.as_ref(), key.id.as_str()), ("polar", KEY));
    assert_eq!(key.code.expose(), DEVICE_CODE);
    assert_eq!((&key.status, key.status_word.as_ref()), (&LicenseStatus::Active, "granted"));
    assert_eq!(key.expiry, Expiry::Unknown);
    assert_eq!(key.activations, ActivationUse { used: Some(1), limit: ActivationLimit::AtMost(3) });
    assert_eq!(key.usage, Some(Usage { used: 0, limit: None }));
    assert_eq!(key.customer, Some("993f9c2c-9d3f-4f9b-9982-cd6a55225b7d".into()));
    assert_eq!(key.product, Some(DEVICE_BENEFIT.into()));
    assert_eq!(key.origin.seller.as_deref(), Some(ORGANIZATION));
    assert_eq!((&key.origin.source, &key.origin.order, &key.origin.subscription), (&None, &None, &None));
    assert_eq!(key.created_at, Some(instant("2026-11-21T00:30:27.470200Z")));
    assert_eq!((key.modified_at, key.last_validated_at, key.raw), (None, None, None));
}

#[tokio::test]
async fn hidden_activations_are_not_counted_as_none() {
    let transport = script(&["cp-get-own-no-customer-admin", "org-get-no-admin-shows-activations"]);
    let id = "bbf0900b-ee5b-4413-91f6-27e73a616e76";
    let hidden = portal(&transport).get(&id.into()).await.unwrap();
    let shown = organization(&transport).get(&id.into()).await.unwrap();
    assert_eq!(hidden.activations.used, None);
    assert!(shown.activations.used.is_some());
    assert_eq!(transport.requests()[1].path(), format!("/v1/license-keys/{id}"));
}

#[tokio::test]
async fn a_patch_sends_what_changes_and_reads_the_echo() {
    let transport = script(&["org-update-all-at-once"]);
    let patch = LicensePatch::new()
        .status(StatusChange::Enable)
        .usage(3)
        .activation_limit(ActivationLimit::AtMost(4))
        .usage_limit(50)
        .expiry(instant("2031-05-06T07:08:09.5Z"));
    let key = organization(&transport).update(&UPDATED.into(), patch).await.unwrap();
    assert_eq!(
        only_request(&transport),
        "PATCH https://api.polar.sh/v1/license-keys/1a45113d-4efb-4303-ae58-87a133bbaace\n\
         accept: application/json\n\
         authorization: Bearer polar_oat_planted\n\
         content-length: 107\n\
         content-type: application/json\n\n\
         {\"status\":\"granted\",\"usage\":3,\"limit_activations\":4,\"limit_usage\":50,\
         \"expires_at\":\"2031-05-06T07:08:09.5Z\"}"
    );
    assert_eq!(key.expiry, Expiry::At(instant("2031-05-06T07:08:09.5Z")));
    assert_eq!(key.activations, ActivationUse { used: None, limit: ActivationLimit::AtMost(4) });
    assert_eq!(key.usage, Some(Usage { used: 3, limit: Some(50) }));
}

#[tokio::test]
async fn a_date_is_read_in_every_form_that_a_patch_echoes() {
    for (name, expiry) in [
        ("org-update-expires-date-only", Expiry::At(instant("2030-01-02T00:00:00Z"))),
        ("org-update-expires-epoch-number", Expiry::At(instant("2030-01-01T00:00:00Z"))),
        ("org-update-expires-year-9999", Expiry::At(Timestamp::MAX)),
        ("org-update-expires-past", Expiry::At(instant("2020-01-01T00:00:00Z"))),
        ("org-update-expires-null", Expiry::Unknown),
    ] {
        let transport = script(&[name]);
        let key = organization(&transport).update(&UPDATED.into(), LicensePatch::new().clear_expiry()).await;
        assert_eq!(key.unwrap().expiry, expiry, "{name}");
    }
}

#[tokio::test]
async fn an_empty_patch_is_sent_and_changes_nothing() {
    let transport = script(&["org-update-empty"]);
    let key = organization(&transport).update(&UPDATED.into(), LicensePatch::new()).await.unwrap();
    assert!(only_request(&transport).ends_with("content-length: 2\ncontent-type: application/json\n\n{}"));
    assert_eq!(key.id.as_str(), UPDATED);
}

#[tokio::test]
async fn a_rotation_has_no_body_but_its_length() {
    let id = "5b28aa7b-32c2-43e7-b056-50c53d797ee9";
    let transport = script(&["cp-rotate", "org-rotate-revoked"]);
    let key = portal(&transport).rotate(&id.into()).await.unwrap();
    assert_eq!(
        transport.requests()[0].to_text(),
        "POST https://api.polar.sh/v1/customer-portal/license-keys/5b28aa7b-32c2-43e7-b056-50c53d797ee9/rotate\n\
         accept: application/json\n\
         authorization: Bearer polar_cst_planted\n\
         content-length: 0\n\n"
    );
    assert_eq!((key.id.as_str(), key.code.expose()), (id, "BC2E2CF2-BE60-46CF-B9BC-E128DE3DA59C"));

    let error = organization(&transport).rotate(&id.into()).await.unwrap_err();
    assert_eq!(transport.requests()[1].path(), format!("/v1/license-keys/{id}/rotate"));
    assert_eq!((error.kind(), error.vendor_code()), (ErrorKind::Conflict, Some("RotateNotPermitted")));
    assert!(error.to_string().contains("Current status: revoked"), "{error}");
}

#[tokio::test]
async fn activations_come_with_the_key() {
    let transport = script(&["org-get", "cp-get-own", "cp-get-own-no-customer-admin"]);
    let all = organization(&transport).activations(&KEY.into()).await.unwrap();
    assert_eq!(
        transport.requests()[0].to_text(),
        "GET https://api.polar.sh/v1/license-keys/53db6835-958b-4a22-81f1-bc96b5a55cbc\n\
         accept: application/json\n\
         authorization: Bearer polar_oat_planted\n\n"
    );
    assert_eq!(
        all.iter().map(|seat| seat.label.as_str()).collect::<Vec<_>>(),
        ["full-0", "full-1", "full-2"]
    );

    let provider = portal(&transport);
    let shown = provider.visible_activations(&KEY.into()).await.unwrap();
    let [seat] = shown.as_slice() else { panic!("{shown:?}") };
    assert_eq!((seat.id.as_str(), seat.label.as_str()), ("b815ddea-96ca-4522-acea-758ae5edc0d0", "host-1"));
    assert_eq!(seat.key_id, Some(KEY.into()));
    assert_eq!(seat.product, Some(DEVICE_BENEFIT.into()));
    assert_eq!(seat.created_at, Some(instant("2026-11-21T00:30:27.527176Z")));
    assert_eq!(seat.metadata["ratio"], MetadataValue::Number(0.5));
    assert_eq!(provider.visible_activations(&KEY.into()).await.unwrap(), [], "none, or hidden");
    assert_eq!(
        transport.requests()[2].to_text(),
        "GET https://api.polar.sh/v1/customer-portal/license-keys/53db6835-958b-4a22-81f1-bc96b5a55cbc\n\
         accept: application/json\n\
         authorization: Bearer polar_cst_planted\n\n"
    );

    let error = provider.activations(&KEY.into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "the portal cannot tell none from hidden");
    transport.assert_finished();
}

#[tokio::test]
async fn the_portal_changes_nothing_and_sends_nothing() {
    let transport = script(&[]);
    let provider = portal(&transport);
    assert_eq!(provider.plane(), Plane::Portal);
    for (patch, capability) in
        [(LicensePatch::new(), Capability::SetDisabled), (LicensePatch::new().usage(1), Capability::SetUsage)]
    {
        let error = provider.update(&KEY.into(), patch).await.unwrap_err();
        assert_eq!((error.kind(), error.capability()), (ErrorKind::Unsupported, Some(capability)));
        assert!(error.to_string().contains("organization access token"), "{error}");
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn polar_makes_its_keys_itself() {
    let transport = script(&[]);
    let request = CreateRequest::new(code("AAAA-BBBB"), "c", DEVICE_BENEFIT);
    let error = organization(&transport).create(request).await.unwrap_err();
    assert_eq!((error.kind(), error.capability()), (ErrorKind::Unsupported, Some(Capability::Create)));
    assert!(error.to_string().contains("grants a benefit"), "{error}");
}

#[tokio::test]
async fn a_code_in_the_place_of_an_id_is_explained_without_repeating_it() {
    let transport = script(&["org-get-activation-non-uuid"]);
    let not_a_uuid = r#"{"error":"RequestValidationError","detail":[{"type":"uuid_parsing","loc":["path","id"],"msg":"Input should be a valid UUID, got `MYAPP-SECRET`","input":"MYAPP-SECRET"}]}"#;
    let transport = transport.then(Answer::json(422, not_a_uuid));
    let provider = organization(&transport);
    assert_eq!(provider.get(&"abc".into()).await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    let error = provider.get(&"MYAPP-SECRET".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("an id is a UUID"), "{error}");
    assert!(!format!("{error} {error:?}").contains("SECRET"), "{error}");
}

#[tokio::test]
async fn an_ended_session_is_explained() {
    let transport = script(&["cp-list-garbage-token", "cp-list-no-token"]);
    let provider = portal(&transport);
    let ended = provider.get(&KEY.into()).await.unwrap_err();
    assert_eq!((ended.kind(), ended.vendor_code()), (ErrorKind::Unauthenticated, Some("invalid_token")));
    assert!(ended.to_string().contains("a portal session lasts one hour"), "{ended}");
    let wrong_kind = provider.get(&KEY.into()).await.unwrap_err();
    assert_eq!(wrong_kind.kind(), ErrorKind::Unauthenticated);
    assert!(wrong_kind.to_string().contains("of the wrong kind"), "{wrong_kind}");
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let transport = script(&["org-list-insufficient-scope"]);
    let error = organization(&transport).get(&KEY.into()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.vendor_code()),
        (ErrorKind::PermissionDenied, Some("insufficient_scope"))
    );
    assert!(error.to_string().contains("license_keys:read license_keys:write"), "{error}");
}

#[tokio::test]
async fn a_removed_version_is_a_fault_of_the_configuration() {
    let transport = script(&["version-full-date"]);
    let provider = builder(&transport).token("polar_oat_planted").api_version("2026-04").build().unwrap();
    let error = provider.get(&KEY.into()).await.unwrap_err();
    assert!(only_request(&transport).contains("\npolar-version: 2026-04\n"));
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("`api_version`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_lost_patch_is_sent_again_and_a_lost_rotation_is_not() {
    let lost = || ScriptedTransport::new().then(TransportErrorKind::Interrupted);
    let transport = lost().then(recorded("org-update-empty"));
    assert!(organization(&transport).update(&UPDATED.into(), LicensePatch::new().usage(1)).await.is_ok());
    transport.assert_finished();

    let transport = lost();
    let error = organization(&transport).rotate(&KEY.into()).await.unwrap_err();
    transport.assert_finished();
    assert!(error.may_have_taken_effect(), "{error}");
}

#[tokio::test]
async fn an_answer_without_activations_is_not_an_empty_list() {
    let transport = script(&["cp-rotate"]);
    let error = organization(&transport).activations(&KEY.into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

//! Each operation's outgoing requests.

use anykey_core::{
    ActivateRequest, CreateRequest, DeactivateRequest, EmailAddress, ErrorKind, LicensePatch,
    LicenseProvider, ListQuery, RenewRequest, StatusChange, ValidateRequest,
};
use anykey_testkit::transport::{Answer, ScriptedTransport};

use crate::support::{CODE, LICENSE, MACHINE, OWNER, POLICY, PRODUCT, code, scripted, sent};

fn license() -> String {
    format!(
        r#"{{"id":"{LICENSE}","type":"licenses","attributes":{{"name":null,"key":"{CODE}","expiry":null,"status":"ACTIVE","uses":0,"suspended":false,"maxMachines":5,"maxUses":null,"metadata":{{}},"created":"2026-01-01T00:00:00.000Z","updated":"2026-01-01T00:00:00.000Z"}},"relationships":{{"product":{{"data":{{"type":"products","id":"{PRODUCT}"}}}},"owner":{{"data":null}},"machines":{{"meta":{{"count":1}}}}}}}}"#
    )
}

fn machine() -> String {
    format!(
        r#"{{"id":"{MACHINE}","type":"machines","attributes":{{"fingerprint":"ak-1a2b3c4d5e6f","name":"laptop","requireHeartbeat":false,"heartbeatStatus":"NOT_STARTED","heartbeatDuration":600,"nextHeartbeat":null,"metadata":{{"externalId":1}},"created":"2026-01-01T00:00:00.000Z"}},"relationships":{{"license":{{"data":{{"type":"licenses","id":"{LICENSE}"}}}}}}}}"#
    )
}

fn data(resource: &str) -> Answer {
    Answer::json(200, format!(r#"{{"data":{resource}}}"#))
}

fn valid() -> Answer {
    let license = license();
    Answer::json(
        200,
        format!(
            r#"{{"data":{license},"meta":{{"ts":"2026-01-01T00:00:00.000Z","valid":true,"detail":"is valid","code":"VALID","scope":{{"machine":"{MACHINE}"}}}}}}"#
        ),
    )
}

const ROOT: &str = "/v1/accounts/demo";
const TOKEN: &str = "Bearer admin-planted";

#[tokio::test]
async fn a_validation_carries_no_credential() {
    let transport = ScriptedTransport::new().then(valid());
    let request = ValidateRequest::new(code(CODE)).product(PRODUCT).customer(OWNER).activation(MACHINE);
    let validation = scripted(&transport).validate(request).await.unwrap();
    assert!(validation.is_valid());
    assert_eq!(
        sent(&transport),
        [format!(
            r#"POST {ROOT}/licenses/actions/validate-key | - | {{"meta":{{"key":"{CODE}","scope":{{"product":"{PRODUCT}","user":"{OWNER}","machine":"{MACHINE}"}}}}}}"#
        )]
    );
    let version = transport.requests()[0].header("keygen-version").map(str::to_owned);
    assert_eq!(version.as_deref(), Some("1.8"));
}

#[tokio::test]
async fn a_yes_beside_a_disabled_key_is_no_answer() {
    for status in ["SUSPENDED", "BANNED", "A_WORD_OF_NEXT_YEAR"] {
        let license = license().replace("ACTIVE", status);
        let body = format!(r#"{{"data":{license},"meta":{{"valid":true,"code":"VALID"}}}}"#);
        let transport = ScriptedTransport::new().then(Answer::json(200, body));
        let error = scripted(&transport).validate(ValidateRequest::new(code(CODE))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unrecognized, "{status}");
    }
}

#[tokio::test]
async fn a_device_authenticates_with_its_license_key() {
    let transport = ScriptedTransport::new()
        .then(valid())
        .then(data(&machine()))
        .then(data(&machine()))
        .then(Answer::new(204))
        .then(valid())
        .then(data(&license()));
    let provider = scripted(&transport);
    let request = ActivateRequest::new(code(CODE), "laptop")
        .installation("ak-1a2b3c4d5e6f".parse().unwrap())
        .metadata([("external_id".to_owned(), 1.into())].into());
    let seat = provider.activate(request).await.unwrap();
    assert_eq!(seat.metadata, [("external_id".to_owned(), 1.into())].into());
    assert_eq!(seat.installation, Some("ak-1a2b3c4d5e6f".parse().unwrap()));
    provider.renew(RenewRequest::new(code(CODE), MACHINE)).await.unwrap();
    provider.deactivate(DeactivateRequest::new(code(CODE), MACHINE)).await.unwrap();
    provider.validate(ValidateRequest::new(code(CODE)).increment_usage(3)).await.unwrap();
    let by_key = format!("License {CODE}");
    let asked = format!(r#"POST {ROOT}/licenses/actions/validate-key | - | {{"meta":{{"key":"{CODE}"}}}}"#);
    assert_eq!(
        sent(&transport),
        [
            asked.clone(),
            format!(
                r#"POST {ROOT}/machines | {by_key} | {{"data":{{"type":"machines","attributes":{{"fingerprint":"ak-1a2b3c4d5e6f","name":"laptop","metadata":{{"external_id":1}}}},"relationships":{{"license":{{"data":{{"type":"licenses","id":"{LICENSE}"}}}}}}}}}}"#
            ),
            format!("GET {ROOT}/machines/{MACHINE} | {by_key} | "),
            format!("DELETE {ROOT}/machines/{MACHINE} | {by_key} | "),
            asked,
            format!(
                r#"POST {ROOT}/licenses/{LICENSE}/actions/increment-usage | {by_key} | {{"meta":{{"increment":3}}}}"#
            ),
        ]
    );
}

#[tokio::test]
async fn metadata_that_keygen_would_rename_is_refused_before_anything_is_sent() {
    for name in ["externalId", "External", "external-id", "external__id", "line_1", ""] {
        let transport = ScriptedTransport::new();
        let request =
            ActivateRequest::new(code(CODE), "laptop").metadata([(name.to_owned(), 1.into())].into());
        let error = scripted(&transport).activate(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{name:?}");
        assert!(error.to_string().contains("metadata"), "{error}");
        assert!(sent(&transport).is_empty(), "{name:?}");
    }
}

#[tokio::test]
async fn the_sellers_calls_carry_the_token() {
    let policy = format!(
        r#"{{"id":"{POLICY}","type":"policies","attributes":{{"duration":null,"maxMachines":null}},"relationships":{{"product":{{"data":{{"type":"products","id":"{PRODUCT}"}}}}}}}}"#
    );
    let list = format!(r#"{{"data":[{}],"links":{{"self":"/s","next":null}}}}"#, license());
    let machines = format!(r#"{{"data":[{}],"links":{{"self":"/s","next":null}}}}"#, machine());
    let transport = ScriptedTransport::new()
        .then(Answer::json(200, list))
        .then(data(&license()))
        .then(data(&policy))
        .then(Answer::json(201, format!(r#"{{"data":{}}}"#, license())))
        .then(data(&license()))
        .then(Answer::json(200, machines))
        .then(data(&machine()));
    let provider = scripted(&transport);
    provider.list(ListQuery::new().page_size(2).product(PRODUCT).customer(OWNER)).await.unwrap();
    provider.get(&LICENSE.into()).await.unwrap();
    let request = CreateRequest::new(code(CODE), OWNER, PRODUCT).activation_limit(5);
    provider.create(request).await.unwrap();
    let patch = LicensePatch::new().status(StatusChange::Disable).activation_limit(5).clear_expiry();
    provider.update(&LICENSE.into(), patch).await.unwrap();
    assert_eq!(provider.activations(&LICENSE.into()).await.unwrap().len(), 1);
    provider.rename_activation(&MACHINE.into(), "studio").await.unwrap();
    assert_eq!(
        sent(&transport),
        [
            format!(
                "GET {ROOT}/licenses?product={PRODUCT}&owner={OWNER}&page%5Bcursor%5D=&page%5Bsize%5D=2 | {TOKEN} | "
            ),
            format!("GET {ROOT}/licenses/{LICENSE} | {TOKEN} | "),
            format!("GET {ROOT}/policies/{POLICY} | {TOKEN} | "),
            format!(
                r#"POST {ROOT}/licenses | {TOKEN} | {{"data":{{"type":"licenses","attributes":{{"key":"{CODE}","maxMachines":5}},"relationships":{{"policy":{{"data":{{"type":"policies","id":"{POLICY}"}}}},"owner":{{"data":{{"type":"users","id":"{OWNER}"}}}}}}}}}}"#
            ),
            format!(
                r#"PATCH {ROOT}/licenses/{LICENSE} | {TOKEN} | {{"data":{{"type":"licenses","id":"{LICENSE}","attributes":{{"suspended":true,"expiry":null,"maxMachines":5}}}}}}"#
            ),
            format!(
                "GET {ROOT}/licenses/{LICENSE}/machines?page%5Bcursor%5D=&page%5Bsize%5D=100 | {TOKEN} | "
            ),
            format!(
                r#"PATCH {ROOT}/machines/{MACHINE} | {TOKEN} | {{"data":{{"type":"machines","id":"{MACHINE}","attributes":{{"name":"studio"}}}}}}"#
            ),
        ]
    );
}

#[tokio::test]
async fn a_list_by_an_address_asks_for_the_user_first() {
    let user = |email: &str| {
        format!(r#"{{"data":{{"id":"{OWNER}","type":"users","attributes":{{"email":"{email}"}}}}}}"#)
    };
    let transport = ScriptedTransport::new()
        .then(Answer::json(200, user("ada@example.com")))
        .then(Answer::json(200, format!(r#"{{"data":[{}],"links":{{"next":null}}}}"#, license())))
        .then(Answer::json(200, user("eve@example.com")));
    let provider = scripted(&transport);
    let query = || ListQuery::new().customer(EmailAddress::parse("Ada@example.com").unwrap());
    assert_eq!(provider.list(query()).await.unwrap().items.len(), 1);
    assert!(provider.list(query()).await.is_err(), "the answer is about another user");
    let requests = sent(&transport);
    assert!(requests[0].starts_with(&format!("GET {ROOT}/users/ada%40example.com | ")), "{requests:?}");
    assert!(requests[1].contains(&format!("owner={OWNER}")), "{requests:?}");
}

//! What the adapter makes of each recorded answer of the real server.
//!
//! Each recording names the call that it answers. The adapter makes that call, with what the recorded request
//! asked as far as the model can say it, and gets the recorded answer.

use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivateRequest, DeactivateRequest, Error, LicenseKey, LicensePatch, LicenseProvider, ListQuery,
    Metadata, Result, ValidateRequest,
};
use anykey_http::{Pacer, RetryPolicy};
use anykey_polar::PolarProvider;
use anykey_testkit::transport::{Answer, ScriptedTransport};
use serde_json::Value;

use crate::support::*;

/// A recording, and in short what the adapter answers.
const OUTCOMES: &[(&str, &str)] = &[
    ("cp-validate-good", "valid granted"),
    ("cp-validate-key-unicode", "valid granted"),
    ("cp-validate-expires-whole-second", "valid granted until 2027-06-01T12:00:00Z"),
    ("cp-validate-customer-with-tax-id-and-locale", "valid granted"),
    ("cp-validate-activation-above-limit", "valid granted"),
    ("cp-validate-after-activate-conditions-match", "valid granted"),
    ("cp-validate-increment-usage", "valid granted"),
    ("org-validate", "valid granted"),
    ("blocked-org-cp-validate", "valid granted"),
    ("cp-validate-unknown-key", "refused UnknownKey"),
    ("cp-validate-wrong-organization", "refused UnknownKey"),
    ("cp-validate-key-lowercase", "refused UnknownKey"),
    ("org-validate-wrong-organization", "refused UnknownKey"),
    ("cp-validate-activation-unknown", "refused UnknownActivation"),
    ("cp-validate-deactivated-activation", "refused UnknownActivation"),
    ("cp-validate-revoked", "refused Inactive"),
    ("cp-validate-disabled", "refused Inactive"),
    ("org-validate-expired", "refused Expired"),
    ("cp-validate-benefit-mismatch", "refused WrongProduct"),
    ("cp-validate-customer-mismatch", "refused WrongCustomer"),
    ("cp-validate-conditions-mismatch", "refused ConditionsMismatch"),
    ("cp-validate-conditions-missing", "refused ConditionsMismatch"),
    ("org-validate-usage-exceeded", "refused UsageExceeded"),
    ("cp-validate-missing-organization", "failed Config"),
    ("cp-validate-organization-non-uuid", "failed Config"),
    ("cp-validate-activation-empty-string", "failed InvalidRequest"),
    ("cp-validate-conditions-51-keys", "failed InvalidRequest"),
    ("cp-validate-key-nul-byte", "failed InvalidRequest"),
    ("cp-validate-chunked", "failed InvalidRequest"),
    ("cp-validate-trailing-slash", "failed Config"),
    ("cp-validate-good-with-expired-token", "failed Unauthenticated"),
    ("cp-validate-increment-usage-int32-overflow", "failed Unavailable"),
    ("org-validate-read-only-token", "failed PermissionDenied"),
    ("ratelimit-production-cp-validate-429", "failed RateLimited"),
    ("ratelimit-production-cp-validate-429-after-3s", "failed RateLimited"),
    ("cp-activate-ok", "seat granted"),
    ("cp-activate-meta-big-int", "seat granted"),
    ("cp-activate-with-float-and-bool-meta", "seat granted until 2027-11-21T00:30:27.510064Z"),
    ("org-activate", "seat granted until 2027-11-21T00:30:27.497183Z"),
    ("version-2026-10-cp-activate", "seat granted until 2027-11-21T00:30:27.497183Z"),
    ("cp-activate-unknown-key", "refused UnknownKey"),
    ("cp-activate-revoked", "refused Inactive"),
    ("cp-activate-disabled", "refused Inactive"),
    ("cp-activate-limit-reached", "refused ActivationLimitReached"),
    ("org-activate-limit-reached", "refused ActivationLimitReached"),
    ("cp-activate-no-activations-benefit", "refused ActivationsNotSupported"),
    ("cp-activate-missing-label", "failed InvalidRequest"),
    ("ratelimit-production-cp-activate-429-same-zone", "failed RateLimited"),
    ("cp-deactivate-ok", "done"),
    ("cp-deactivate-activation-of-other-key", "refused UnknownActivation"),
    ("org-deactivate-second-time", "refused UnknownActivation"),
    ("cp-deactivate-activation-null", "failed InvalidRequest"),
    ("cp-get-own", "key granted"),
    ("cp-get-own-revoked", "key revoked"),
    ("cp-get-team-customer-without-email", "key granted"),
    ("org-get", "key granted"),
    ("cp-get-other-customers", "failed NotFound"),
    ("cp-get-nil-uuid", "failed InvalidRequest"),
    ("org-get-unknown", "failed NotFound"),
    ("org-get-other-organization", "failed NotFound"),
    ("cp-list-customerB", "page of 3 in Some(3)"),
    ("cp-list-customer-without-keys", "page of 0 in Some(0)"),
    ("cp-list-page4-past-end", "page of 0 in Some(267)"),
    ("org-list-filter-customer", "page of 2 in Some(271)"),
    ("org-list-personal-token", "page of 2 in Some(273)"),
    ("cp-list-no-token", "failed Unauthenticated"),
    ("cp-list-garbage-token", "failed Unauthenticated"),
    ("cp-list-expired-token", "failed Unauthenticated"),
    ("cp-list-organization-token", "failed Unauthenticated"),
    ("org-list-customer-token", "failed Unauthenticated"),
    ("blocked-org-oat-list", "failed Unauthenticated"),
    ("org-list-insufficient-scope", "failed PermissionDenied"),
    ("org-list-filter-status-invalid", "failed InvalidRequest"),
    ("org-list-filter-organization-empty", "failed Config"),
    ("cp-list-no-trailing-slash", "failed Config"),
    ("org-list-no-trailing-slash", "failed Config"),
    ("version-full-date", "failed Config"),
    ("ratelimit-sandbox-cp-list-429", "failed RateLimited"),
    ("cp-rotate", "key granted"),
    ("cp-rotate-other-customer", "failed NotFound"),
    ("org-rotate-revoked", "failed Conflict"),
    ("org-update-all-at-once", "key granted until 2031-05-06T07:08:09.5Z"),
    ("org-update-expires-past", "key granted until 2020-01-01T00:00:00Z"),
    ("org-update-status-disabled", "key disabled until 2027-11-21T00:30:27.498574Z"),
    ("org-update-usage-over-limit", "key granted until 2027-11-21T00:30:27.498574Z"),
    ("org-update-status-invalid", "failed InvalidRequest"),
    ("org-update-limit-activations-zero", "failed InvalidRequest"),
    ("org-update-expires-invalid", "failed InvalidRequest"),
    ("org-update-status-null", "failed Unavailable"),
    ("org-update-read-only-token", "failed PermissionDenied"),
    ("org-update-other-org-token", "failed NotFound"),
];

#[tokio::test]
async fn each_recorded_answer_means_what_the_contract_says() {
    let mut differences = Vec::new();
    for (name, expected) in OUTCOMES {
        let found = outcome(&Recording::read(name)).await;
        if found.as_deref() != Some(*expected) {
            differences.push(format!("{name}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[tokio::test]
async fn no_recorded_answer_becomes_a_verdict_that_polar_did_not_give() {
    let mut read = 0;
    for name in Recording::names() {
        let recording = Recording::read(&name);
        let Some(found) = outcome(&recording).await else { continue };
        read += 1;
        let success = (200..300).contains(&recording.status());
        assert_eq!(success, !found.starts_with("refused") && !found.starts_with("failed"), "{name}: {found}");
        let class: Value = serde_json::from_str(recording.text()).unwrap_or_default();
        let refusal =
            matches!(class["error"].as_str(), Some("ResourceNotFound" | "NotPermitted" | "BadRequest"));
        assert!(refusal || !found.starts_with("refused"), "{name}: {found}");
    }
    assert!(read >= OUTCOMES.len(), "{read} recordings were read");
}

/// The adapter's answer in short; `None` for a call that it never makes.
async fn outcome(recording: &Recording) -> Option<String> {
    let (path, body) = (recording.path(), recording.body());
    let about_the_key = Answer::json(200, bare_key(&text(&body, "key")));
    let transport = ScriptedTransport::new().then(recording.answer()).then(about_the_key);
    let provider = provider(&transport, path, body["organization_id"].as_str());
    let steps: Vec<&str> = path.split('/').skip_while(|step| *step != "license-keys").skip(1).collect();
    let result = match (recording.method(), steps.as_slice()) {
        ("POST", ["validate"] | ["validate", ""]) => validated(&provider, &body).await,
        ("POST", ["activate"]) => activated(&provider, &body).await,
        ("POST", ["deactivate"]) => {
            let request = DeactivateRequest::new(key(&body), text(&body, "activation_id"));
            provider.deactivate(request).await.map(|()| "done".to_owned())
        }
        ("POST", [id, "rotate"]) => provider.rotate(&(*id).into()).await.map(shown("key")),
        ("PATCH", [id]) => {
            let patch = LicensePatch::new().clear_expiry();
            provider.update(&(*id).into(), patch).await.map(shown("key"))
        }
        ("GET", [] | [""]) => provider
            .list(ListQuery::new())
            .await
            .map(|page| format!("page of {} in {:?}", page.items.len(), page.total)),
        ("GET", [id]) => provider.get(&(*id).into()).await.map(shown("key")),
        _ => return None,
    };
    let requests = transport.requests();
    assert_eq!(requests[0].method(), recording.method());
    assert_eq!(
        requests[0].path().trim_end_matches('/'),
        path.trim_start_matches("/api").trim_end_matches('/').to_lowercase()
    );
    Some(result.unwrap_or_else(|error| failure(&error)))
}

fn provider(transport: &ScriptedTransport, path: &str, organization: Option<&str>) -> PolarProvider {
    // Some recordings ask with an id that is none.
    let organization = organization.filter(|id| id.len() == 36).unwrap_or(ORGANIZATION);
    let provider = PolarProvider::builder(organization)
        .transport(Arc::new(transport.clone()))
        .device_pacer(Pacer::unlimited())
        .management_pacer(Pacer::unlimited())
        .retry(RetryPolicy::none());
    let provider = if path.contains("customer-portal") {
        provider.session_token("polar_cst_planted")
    } else {
        provider.token("polar_oat_planted")
    };
    provider.build().unwrap()
}

async fn validated(provider: &PolarProvider, body: &Value) -> Result<String> {
    let mut request = ValidateRequest::new(key(body));
    request.activation = body["activation_id"].as_str().map(Into::into);
    request.product = body["benefit_id"].as_str().map(Into::into);
    request.customer = body["customer_id"].as_str().map(Into::into);
    request.increment_usage = body["increment_usage"].as_u64().unwrap_or(0).min(2_147_483_647);
    request.conditions = metadata(body, "conditions");
    let validation = provider.validate(request).await?;
    Ok(match validation.refusal() {
        Some(refusal) => format!("refused {:?}", refusal.reason),
        None => shown("valid")(validation.key.unwrap()),
    })
}

async fn activated(provider: &PolarProvider, body: &Value) -> Result<String> {
    let request = ActivateRequest::new(key(body), text(body, "label"));
    let request = request.metadata(metadata(body, "meta")).conditions(metadata(body, "conditions"));
    provider.activate(request).await.map(|seat| shown("seat")(*seat.key.unwrap()))
}

fn shown(what: &'static str) -> impl Fn(LicenseKey) -> String {
    move |key| match key.expiry.at() {
        Some(at) => format!("{what} {} until {at}", key.status_word),
        None => format!("{what} {}", key.status_word),
    }
}

fn failure(error: &Error) -> String {
    assert_eq!(error.provider(), Some("polar"), "{error}");
    match error.refusal() {
        Some(refusal) => format!("refused {:?}", refusal.reason),
        None => format!("failed {:?}", error.kind()),
    }
}

fn key(body: &Value) -> anykey_core::KeyCode {
    anykey_core::KeyCode::verbatim(text(body, "key"))
}

fn text(body: &Value, member: &str) -> String {
    body[member].as_str().unwrap_or("x").to_owned()
}

fn metadata(body: &Value, member: &str) -> Metadata {
    serde_json::from_value(body[member].clone()).unwrap_or_default()
}

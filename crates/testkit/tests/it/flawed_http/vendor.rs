//! The HTTP API of a small vendor, in front of the vendor in memory.

use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivateRequest, ActivationLimit, DeactivateRequest, Error, ErrorKind, HttpTransport, KeyCode,
    LicenseKey, LicenseProvider, LicenseProviderExt, ListQuery, RefusalReason, TransportError,
    ValidateRequest, async_trait,
};
use anykey_testkit::transport::Answer;
use bytes::Bytes;
use futures_util::TryStreamExt;
use http::header::AUTHORIZATION;
use http::{Request, Response};
use serde_json::{Value, json};

/// The seller's token.
pub(crate) const TOKEN: &str = "acme-planted-token";

#[derive(Debug)]
pub(crate) struct AcmeApi {
    memory: Arc<dyn LicenseProvider>,
}

impl AcmeApi {
    pub(crate) fn of(memory: Arc<dyn LicenseProvider>) -> Self {
        Self { memory }
    }

    async fn answer(&self, request: &Request<Bytes>) -> Result<(u16, Value), Error> {
        let segments: Vec<&str> = request.uri().path().split('/').skip(1).collect();
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let text = |member: &str| body.get(member)?.as_str();
        let code = KeyCode::verbatim(text("code").unwrap_or_default());
        let seller =
            request.headers().get(AUTHORIZATION).is_some_and(|token| token == &format!("Bearer {TOKEN}"));
        Ok(match (request.method().as_str(), segments.as_slice()) {
            ("POST", ["device", "validate"]) => {
                let mut wanted = ValidateRequest::new(code);
                wanted.activation = text("seat").map(Into::into);
                let key = self.memory.validate(wanted).await?.into_result()?.key;
                let end = key.as_ref().and_then(|key| key.expiry.at()).map(|end| end.to_string());
                let product = key.and_then(|key| key.product);
                let (code, seat) = (text("code"), text("seat"));
                let valid =
                    json!({ "valid": true, "code": code, "seat": seat, "product": product, "ends_at": end });
                (200, valid)
            }
            ("POST", ["device", "activate"]) => {
                let label = text("label").unwrap_or_default();
                let seat = self.memory.activate(ActivateRequest::new(code, label)).await?;
                let taken_at = seat.created_at.map(|at| at.to_string());
                (201, json!({ "seat": seat.id, "label": &*seat.label, "taken_at": taken_at }))
            }
            ("POST", ["device", "deactivate"]) => {
                let seat = text("seat").unwrap_or_default();
                self.memory.deactivate(DeactivateRequest::new(code, seat)).await?;
                (200, Value::Null)
            }
            (_, ["licenses", ..]) if !seller => (401, json!({ "error": "bad_token" })),
            ("GET", ["licenses"]) => self.list(request.uri().query().unwrap_or_default()).await?,
            ("GET", ["licenses", id]) => (200, license(&self.memory.get(&(*id).into()).await?)),
            _ => (404, json!({ "error": "no_such_call" })),
        })
    }

    /// `page=0&size=20`
    async fn list(&self, query: &str) -> Result<(u16, Value), Error> {
        let number = |name: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            value.and_then(|value| value.parse::<usize>().ok())
        };
        let (Some(page), Some(size)) = (number("page"), number("size")) else {
            return Ok((400, json!({ "error": "bad_request" })));
        };
        let keys: Vec<LicenseKey> = self.memory.keys(ListQuery::new()).try_collect().await?;
        let shown: Vec<Value> = keys.iter().skip(page.saturating_mul(size)).take(size).map(license).collect();
        Ok((200, json!({ "licenses": shown, "total": keys.len() })))
    }
}

#[async_trait]
impl HttpTransport for AcmeApi {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let (status, body) = self.answer(&request).await.unwrap_or_else(|error| failure(&error));
        Answer::json(status, body.to_string()).into_response()
    }
}

fn license(key: &LicenseKey) -> Value {
    let seats = match key.activations.limit {
        ActivationLimit::AtMost(seats) => json!(seats),
        ActivationLimit::NotAllowed => json!(0),
        ActivationLimit::Unlimited => json!("unlimited"),
        _ => Value::Null,
    };
    json!({
        "id": key.id,
        "code": key.code.expose(),
        "state": key.status.to_string(),
        "customer": key.customer,
        "product": key.product,
        "ends_at": key.expiry.at().map(|end| end.to_string()),
        "seats": seats,
    })
}

fn failure(error: &Error) -> (u16, Value) {
    let (status, word) = match (error.kind(), error.refusal().map(|refusal| refusal.reason)) {
        (_, Some(RefusalReason::UnknownKey)) => (404, "unknown_license"),
        (_, Some(RefusalReason::UnknownActivation)) => (404, "unknown_seat"),
        (_, Some(RefusalReason::Disabled)) => (403, "license_disabled"),
        (_, Some(RefusalReason::Revoked)) => (403, "license_revoked"),
        (_, Some(RefusalReason::Expired)) => (403, "license_expired"),
        (_, Some(RefusalReason::WrongEnvironment)) => (403, "other_environment"),
        (_, Some(RefusalReason::ActivationLimitReached)) => (409, "no_seat_left"),
        (_, Some(RefusalReason::ActivationsNotSupported)) => (409, "license_without_seats"),
        (ErrorKind::NotFound, _) => (404, "unknown_license"),
        _ => (400, "bad_request"),
    };
    (status, json!({ "error": word }))
}

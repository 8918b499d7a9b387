//! From a request to its answer.

use std::sync::Arc;

use anykey_sim_kit::{bearer_token, forwarded_for};
use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_REQUEST_HEADERS,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};

use super::answer::Answer;
use super::call::Call;
use super::database::Database;
use super::quirks::DeprecatedCalls;
use super::rate_limit::Caller;
use super::records::{ApiKey, ApiKeyScope};
use super::refusal::Refusal;
use super::route::{MerchantRoute, PublicRoute, Route, Unrouted};
use super::state::State;

/// The client address of requests without a header that names one, from the range for documentation (RFC 5737). They
/// all share one limit.
const UNKNOWN_ADDRESS: &str = "203.0.113.7";

/// Everything before a call is executed, in this order: preflight, rate limit, path, credential. The call itself
/// reads the body.
impl State {
    /// A request to the other environment's host runs against an empty database, so that it finds neither keys nor
    /// API keys.
    pub(super) fn answer(
        &mut self,
        request: &Request<Bytes>,
        now: anykey_core::Timestamp,
    ) -> Response<Bytes> {
        if request.method() == Method::OPTIONS {
            return preflight(request.headers());
        }
        let mut elsewhere = Database::default();
        let here = self.environment.is_addressed_by(request.uri());
        let database = if here { &mut self.database } else { &mut elsewhere };

        match self.limiter.admit(caller(request.headers(), database), now) {
            Err(allowance) => {
                Answer::refused(Refusal::too_many_requests(), &self.quirks).into_response(Some(allowance))
            }
            Ok(allowance) => {
                let call = Call { database, ids: &mut self.ids, quirks: &self.quirks, now };
                let answer = run(call, request);
                answer
                    .unwrap_or_else(|refusal| Answer::refused(refusal, &self.quirks))
                    .into_response(allowance)
            }
        }
    }
}

/// Runs the call that the request's path and method name.
fn run(mut call: Call<'_>, request: &Request<Bytes>) -> Result<Answer, Refusal> {
    match Route::of(request.method(), request.uri()) {
        Ok(Route::Public(PublicRoute::Activate)) => call.activate(request),
        Ok(Route::Public(PublicRoute::Deactivate)) => call.deactivate(request),
        Ok(Route::Public(PublicRoute::Validate)) => call.validate(request),
        Ok(Route::Merchant(route)) => run_for_merchant(call, &route, request),
        Err(Unrouted::UnknownPath) => Err(unknown_path()),
        Err(Unrouted::WrongMethod(allowed)) => Ok(Answer::method_not_allowed(allowed)),
    }
}

/// An API that a quirk removed answers before the API key is checked, as a path does that never existed. The API key
/// comes next (401), then its scope (403).
fn run_for_merchant(
    mut call: Call<'_>,
    route: &MerchantRoute,
    request: &Request<Bytes>,
) -> Result<Answer, Refusal> {
    match call.quirks.deprecated_calls {
        DeprecatedCalls::NotFound if route.is_deprecated() => return Err(unknown_path()),
        DeprecatedCalls::Gone if route.is_deprecated() => return Ok(Answer::empty(StatusCode::GONE)),
        _ if call.quirks.omit_entitlement_calls && route.is_of_entitlements() => return Err(unknown_path()),
        _ => {}
    }
    let (_, api_key) = api_key(request.headers(), call.database).ok_or_else(Refusal::unauthorized)?;
    if route.writes() && api_key.scope == ApiKeyScope::ReadOnly {
        return Err(Refusal::read_only(call.quirks));
    }
    let business = Arc::clone(&api_key.business);
    match route {
        MerchantRoute::ListKeys => call.list_keys(&business, request),
        MerchantRoute::CreateKey => call.create_key(&business, request),
        MerchantRoute::GetKey(id) => call.get_key(&business, id),
        MerchantRoute::PatchKey(id) => call.patch_key(&business, id, request),
        MerchantRoute::ListInstances => call.list_instances(&business, request),
        MerchantRoute::GetInstance(id) => call.get_instance(&business, id),
        MerchantRoute::PatchInstance(id) => call.patch_instance(&business, id, request),
        MerchantRoute::ListCustomers => call.list_customers(&business, request),
        MerchantRoute::ListEntitlements => call.list_entitlements(&business, request),
        MerchantRoute::GetEntitlement(id) => call.get_entitlement(&business, id),
        MerchantRoute::ListGrantsOfEntitlement(id) => call.list_grants_of_entitlement(&business, id, request),
        MerchantRoute::ListGrantsOfCustomer(id) => call.list_grants_of_customer(&business, id, request),
        MerchantRoute::RevokeGrant { entitlement, grant } => call.revoke_grant(&business, entitlement, grant),
        MerchantRoute::FulfillGrant(id) => call.fulfill_grant(&business, id, request),
    }
}

/// The vendor's general text for what does not exist.
fn unknown_path() -> Refusal {
    Refusal::not_found("Item")
}

/// A valid API key is counted for itself, on both planes; an invalid one for its client address.
fn caller(headers: &HeaderMap, database: &Database) -> Caller {
    match api_key(headers, database) {
        Some((token, _)) => Caller::ApiKey(token.to_owned()),
        None => Caller::Address(address(headers).to_owned()),
    }
}

/// The bearer token, if it is an API key of this environment.
fn api_key<'a>(headers: &'a HeaderMap, database: &'a Database) -> Option<(&'a str, &'a ApiKey)> {
    let token = bearer_token(headers)?;
    database.api_keys.get(token).map(|key| (token, key))
}

/// The client's address according to a proxy: `True-Client-IP`, then `X-Forwarded-For`.
fn address(headers: &HeaderMap) -> &str {
    let client = headers.get("true-client-ip").and_then(|value| value.to_str().ok()).map(str::trim);
    client.or_else(|| forwarded_for(headers)).unwrap_or(UNKNOWN_ADDRESS)
}

/// The answer to a CORS preflight request.
fn preflight(headers: &HeaderMap) -> Response<Bytes> {
    let mut response = Answer::empty(StatusCode::NO_CONTENT).into_response(None);
    let any = HeaderValue::from_static("*");
    let wanted = headers.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned().unwrap_or(any);
    let allowed = response.headers_mut();
    allowed.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET,POST,PATCH,DELETE,OPTIONS"));
    allowed.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted);
    response
}

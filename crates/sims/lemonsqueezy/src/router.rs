//! From a request to its answer.

use anykey_core::Timestamp;
use anykey_sim_kit::{bearer_token, forwarded_for};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::json;

use super::answer::Answer;
use super::call::Call;
use super::rate_limit::Caller;
use super::refusal::Refusal;
use super::route::{MainCall, Route, Unrouted};
use super::state::State;

/// The client address of requests without a header that names one, from the range for documentation (RFC 5737).
const UNKNOWN_ADDRESS: &str = "203.0.113.7";

/// Everything before a call is executed, in this order: rate limit, path and method, credential.
impl State {
    /// A 429 has the text of the vendor's framework and no flag, so that it says nothing about the key.
    pub(super) fn answer(&mut self, request: &Request<Bytes>, now: Timestamp) -> Response<Bytes> {
        let caller = caller(request);
        match self.limiter.admit(caller, now) {
            Err(allowance) => {
                let body = json!({ "message": "Too Many Attempts." });
                let answer = Answer::json(StatusCode::TOO_MANY_REQUESTS, body);
                answer.into_response(Some(allowance), &self.quirks)
            }
            Ok(allowance) => {
                let answer = run(Call { state: self, now }, request);
                let answer = answer.unwrap_or_else(|refusal| refusal.into_answer(&self.quirks));
                answer.into_response(allowance, &self.quirks)
            }
        }
    }
}

/// Runs the call that the request's path and method name; all calls of the main API need an API key first.
fn run(mut call: Call<'_>, request: &Request<Bytes>) -> Result<Answer, Refusal> {
    let route = match Route::of(request.method(), request.uri()) {
        Ok(Route::License(license_call)) => return Ok(call.license(license_call, request)),
        Ok(Route::Main(route)) => route,
        Err(Unrouted::UnknownPath) => return Err(Refusal::not_found()),
        Err(Unrouted::WrongMethod) => return Err(Refusal::wrong_method()),
    };
    let credential = bearer_token(request.headers()).unwrap_or_default();
    let merchant = call.state.database.merchant(credential, call.now).ok_or_else(Refusal::unauthenticated)?;
    match route {
        MainCall::ListKeys => call.list_keys(merchant, request),
        MainCall::GetKey(id) => call.get_key(merchant, &id, request),
        MainCall::PatchKey(id) => call.patch_key(merchant, &id, request),
        MainCall::ListOrders => call.list_orders(merchant, request),
        MainCall::ListInstances => call.list_instances(merchant, request),
        MainCall::GetInstance(id) => call.get_instance(merchant, &id, request),
    }
}

/// The License API counts by address, the main API by API key.
fn caller(request: &Request<Bytes>) -> Caller {
    let headers = request.headers();
    let address = forwarded_for(headers).unwrap_or(UNKNOWN_ADDRESS);
    if request.uri().path().starts_with("/v1/licenses/") {
        return Caller::LicenseApi { address: address.to_owned() };
    }
    Caller::MainApi { credential: bearer_token(headers).unwrap_or(address).to_owned() }
}

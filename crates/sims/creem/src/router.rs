//! From a request to its answer.

use anykey_core::Timestamp;
use bytes::Bytes;
use http::{Request, Response};

use super::Mode;
use super::answer::Answer;
use super::call::Call;
use super::records::ApiKey;
use super::refusal::{Refusal, too_many_requests};
use super::route::Route;
use super::state::State;

/// Everything before a call is executed, in this order: API key, rate limit, path and method.
impl State {
    /// The API key comes first, so that an unknown path without one is a 401.
    pub(super) fn answer(&mut self, request: &Request<Bytes>, now: Timestamp) -> Response<Bytes> {
        let allowance = match self.admit(request, now) {
            Ok((api_key, allowance)) => {
                let answer = run(self, now, api_key, request);
                let answer = answer.unwrap_or_else(|refusal| refusal.into_answer(self, now));
                return answer.into_response(allowance, &self.quirks);
            }
            Err(Rejected::Refusal(refusal)) => {
                return refusal.into_answer(self, now).into_response(None, &self.quirks);
            }
            Err(Rejected::TooMany(allowance)) => allowance,
        };
        too_many_requests(allowance).into_response(Some(allowance), &self.quirks)
    }

    /// The API key's mode is compared with the host before the request is counted; its scopes are checked after that.
    fn admit(
        &mut self,
        request: &Request<Bytes>,
        now: Timestamp,
    ) -> Result<(ApiKey, Option<super::rate_limit::Allowance>), Rejected> {
        let header = request.headers().get("x-api-key").and_then(|value| value.to_str().ok());
        let text = header.filter(|text| !text.is_empty()).ok_or(Rejected::Refusal(Refusal::MissingApiKey))?;
        let api_key = self.database.api_keys.get(text).cloned();
        let api_key = api_key.ok_or(Rejected::Refusal(Refusal::Forbidden))?;
        if Mode::of_host(request.uri()).is_some_and(|mode| mode != api_key.mode) {
            return Err(Rejected::Refusal(Refusal::OtherMode));
        }
        let allowance = self.limiter.admit(text, now).map_err(Rejected::TooMany)?;
        if !api_key.scoped {
            return Err(Rejected::Refusal(Refusal::Forbidden));
        }
        Ok((api_key, allowance))
    }
}

/// Why a request does not reach its call.
enum Rejected {
    Refusal(Refusal),
    TooMany(super::rate_limit::Allowance),
}

/// Runs the call that the request's path and method name; a 404 names both if there is none.
fn run(state: &mut State, now: Timestamp, key: ApiKey, request: &Request<Bytes>) -> Result<Answer, Refusal> {
    let Some(route) = Route::of(request.method(), request.uri()) else {
        return Err(Refusal::NoSuchCall(format!("{} {}", request.method(), request.uri().path())));
    };
    let mut call = Call { state, now, store: key.store, mode: key.mode };
    match route {
        Route::License(license_call) => call.license(license_call, request),
        Route::GetCustomer => call.get_customer(request),
        Route::ListLicenses { customer } => call.list_licenses(&customer, request),
        Route::ListInstances { license } => call.list_instances(&license, request),
        Route::ListPending { endpoint } => call.list_pending(&endpoint, request),
        Route::Acknowledge { endpoint, event } => call.acknowledge(&endpoint, &event, request),
    }
}

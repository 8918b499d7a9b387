//! The middleware layers before the endpoints, outermost first.
//!
//! Their order determines the headers of an early error: a 404 of the version check has none of the usual headers, a
//! 429 has the version but no cache control, an invalid token no sandbox header.

use anykey_sim_kit::bearer_token;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, HOST, HeaderName};
use http::{HeaderMap, Method, Request, Uri};
use percent_encoding::percent_decode_str;

use super::options::{ApiVersion, Environment};
use super::reply::{self, Crash, Reply, with};
use super::state::State;
use super::{cors, operations, routes};

/// The requested version, and the served one.
const POLAR_VERSION: HeaderName = HeaderName::from_static("polar-version");
/// Only in answers of the sandbox.
const SANDBOX: HeaderName = HeaderName::from_static("x-polar-sandbox");
/// Only in answers under the former root.
const DEPRECATION: HeaderName = HeaderName::from_static("x-polar-deprecation-notice");
/// The header from which the server takes the address for its rate limits.
const CLIENT_ADDRESS: HeaderName = HeaderName::from_static("true-client-ip");
/// 10 MiB.
const MAX_BODY: u64 = 10 * 1024 * 1024;
/// The client address without a header.
const SOME_ADDRESS: &str = "127.0.0.1";

/// The result of the outer layers, before the token is looked up.
pub(super) struct Admission {
    /// When the request came in, among all that the server has received.
    pub(super) arrival: u64,
    /// The seconds to wait, if the rate limit is exceeded.
    retry_after: Option<u64>,
}

/// Counts a request. Concurrent requests are all counted before the token of any of them is looked up, so all of them
/// count for an unknown caller.
pub(super) fn admit(state: &mut State, request: &Request<Bytes>) -> Admission {
    let is_limited = choose_version(state, request.headers()).is_some()
        && cors::preflight(request.method(), request.headers()).is_none()
        && length_fault(request).is_none();
    let retry_after = if is_limited { count(state, request) } else { None };
    Admission { arrival: state.overlaps.receive(), retry_after }
}

/// Answers a counted request.
pub(super) fn answer(state: &mut State, request: &Request<Bytes>, admission: &Admission) -> Reply {
    let mut reply = match choose_version(state, request.headers()) {
        None => reply::unknown_version(),
        Some(version) => match shared(state, request, version, admission) {
            Ok(reply) => with(reply, POLAR_VERSION, version.as_str()),
            Err(Crash) => reply::internal_server_error(),
        },
    };
    if request.method() == Method::HEAD {
        *reply.body_mut() = Bytes::new();
    }
    reply
}

/// The version of the header, or the current one without the header; `None` if it is not served.
fn choose_version(state: &State, headers: &HeaderMap) -> Option<ApiVersion> {
    match headers.get(POLAR_VERSION) {
        Some(sent) => match sent.as_bytes().trim_ascii() {
            b"" => Some(state.current_version),
            sent => state.versions.iter().find(|version| sent == version.as_str().as_bytes()).copied(),
        },
        None => Some(state.current_version),
    }
}

/// Answers preflight requests, and adds CORS headers to all other answers.
fn shared(
    state: &mut State,
    request: &Request<Bytes>,
    version: ApiVersion,
    admission: &Admission,
) -> Result<Reply, Crash> {
    if let Some(reply) = cors::preflight(request.method(), request.headers()) {
        return Ok(reply);
    }
    let reply = measured(state, request, version, admission)?;
    Ok(cors::shared(reply, request.headers()))
}

/// Rejects a body without a known length, or one that is too large.
fn measured(
    state: &mut State,
    request: &Request<Bytes>,
    version: ApiVersion,
    admission: &Admission,
) -> Result<Reply, Crash> {
    if let Some(refusal) = length_fault(request) {
        return Ok(refusal);
    }
    let (path, is_former) = path(request);
    match is_former {
        false => limited(state, request, version, &path, admission),
        true => {
            let reply = limited(state, request, version, &path, admission)?;
            let notice = "The API root has moved from /api/v1 to /v1. Please update your integration.";
            Ok(with(reply, DEPRECATION, notice))
        }
    }
}

/// The error for a body without a known length, or one that is too large.
fn length_fault(request: &Request<Bytes>) -> Option<Reply> {
    let has_body = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    match request.headers().get(CONTENT_LENGTH) {
        None => has_body.then(reply::length_required),
        Some(length) => {
            let length = length.to_str().ok().and_then(|text| text.parse().ok()).unwrap_or(0);
            (length > MAX_BODY).then(|| reply::body_too_large(MAX_BODY))
        }
    }
}

/// The path under the current root, and whether the request used the former root.
fn path(request: &Request<Bytes>) -> (String, bool) {
    let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
    match path.strip_prefix("/api/v1") {
        None => (path.into_owned(), false),
        Some(rest) => (format!("/v1{rest}"), true),
    }
}

/// Counts a request; returns the seconds to wait if the limit is exceeded.
fn count(state: &mut State, request: &Request<Bytes>) -> Option<u64> {
    let now = state.now();
    let token = bearer_token(request.headers());
    let address = request.headers().get(CLIENT_ADDRESS).and_then(|address| address.to_str().ok());
    let (path, _) = path(request);
    state.rates.check(state.environment, &path, token, address.unwrap_or(SOME_ADDRESS), now)
}

/// Rejects a request over the rate limit, then authenticates the caller.
fn limited(
    state: &mut State,
    request: &Request<Bytes>,
    version: ApiVersion,
    path: &str,
    admission: &Admission,
) -> Result<Reply, Crash> {
    if let Some(seconds) = admission.retry_after {
        return Ok(reply::too_many_requests(seconds));
    }
    let (now, arrival) = (state.now(), admission.arrival);
    let token = bearer_token(request.headers());
    let Some(token) = token else { return routed(state, request, version, path, None, arrival) };
    let Some(caller) = state.caller(token) else {
        state.rates.forget(token);
        return Ok(reply::invalid_token());
    };
    let identity = state.rate_identity(&caller.subject);
    state.rates.learn(token, identity, now);
    routed(state, request, version, path, Some(&caller), arrival)
}

/// Runs the endpoint, and adds the headers of the application to its answer.
fn routed(
    state: &mut State,
    request: &Request<Bytes>,
    version: ApiVersion,
    path: &str,
    caller: Option<&super::tokens::Caller>,
    arrival: u64,
) -> Result<Reply, Crash> {
    let address = |path: &str| absolute(request, path);
    let outcome = routes::route(request.method(), path, address)
        .and_then(|target| operations::run(state, request, version, &target, caller, arrival));
    let mut reply = match outcome {
        Ok(reply) => reply,
        Err(problem) => problem.into_reply()?,
    };
    if !reply.headers().contains_key(CACHE_CONTROL) {
        reply = with(reply, CACHE_CONTROL, "private, no-store");
    }
    Ok(if state.environment == Environment::Sandbox { with(reply, SANDBOX, "1") } else { reply })
}

/// The URL of `path` on the server of `request`, with the same query.
fn absolute(request: &Request<Bytes>, path: &str) -> String {
    let uri: &Uri = request.uri();
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(http::uri::Authority::as_str)).unwrap_or(SOME_ADDRESS);
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}://{host}{path}{query}", uri.scheme_str().unwrap_or("http"))
}

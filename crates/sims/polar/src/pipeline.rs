//! The layers that a request passes before an endpoint sees it, outermost first.
//!
//! Their nesting decides which headers an early refusal carries: a 404 of the version gate has none
//! of the usual ones, a 429 has the version but no cache rule, a refused token no sandbox mark.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, HOST, HeaderName};
use http::{HeaderMap, Method, Request, Uri};
use percent_encoding::percent_decode_str;

use super::options::{ApiVersion, Environment};
use super::reply::{self, Crash, Reply, with};
use super::state::State;
use super::tokens::bearer;
use super::{cors, operations, routes};

const POLAR_VERSION: HeaderName = HeaderName::from_static("polar-version");
const SANDBOX: HeaderName = HeaderName::from_static("x-polar-sandbox");
const DEPRECATION: HeaderName = HeaderName::from_static("x-polar-deprecation-notice");
const CLIENT_ADDRESS: HeaderName = HeaderName::from_static("true-client-ip");
/// 10 MiB.
const MAX_BODY: u64 = 10 * 1024 * 1024;
/// Who asks if no header tells.
const SOME_ADDRESS: &str = "127.0.0.1";

/// Answers one request.
pub(super) fn answer(state: &mut State, request: &Request<Bytes>) -> Reply {
    let mut reply = match choose_version(state, request.headers()) {
        None => reply::unknown_version(),
        Some(version) => match shared(state, request, version) {
            Ok(reply) => with(reply, POLAR_VERSION, version.as_str()),
            Err(Crash) => reply::internal_server_error(),
        },
    };
    if request.method() == Method::HEAD {
        *reply.body_mut() = Bytes::new();
    }
    reply
}

/// The version that the request names, the current one if it names none, `None` if it is not served.
fn choose_version(state: &State, headers: &HeaderMap) -> Option<ApiVersion> {
    match headers.get(POLAR_VERSION) {
        Some(sent) if !sent.is_empty() => {
            state.versions.iter().find(|version| sent == version.as_str()).copied()
        }
        _ => Some(state.current_version),
    }
}

/// Answers browsers that ask first, and marks every other answer as fit for scripts.
fn shared(state: &mut State, request: &Request<Bytes>, version: ApiVersion) -> Result<Reply, Crash> {
    if let Some(reply) = cors::preflight(request.method(), request.headers()) {
        return Ok(reply);
    }
    let reply = measured(state, request, version)?;
    Ok(cors::shared(reply, request.headers()))
}

/// Refuses a body whose length is not told, or is too large.
fn measured(state: &mut State, request: &Request<Bytes>, version: ApiVersion) -> Result<Reply, Crash> {
    let has_body = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    match request.headers().get(CONTENT_LENGTH) {
        None if has_body => return Ok(reply::length_required()),
        Some(length) if length.to_str().ok().and_then(|text| text.parse().ok()).unwrap_or(0) > MAX_BODY => {
            return Ok(reply::body_too_large(MAX_BODY));
        }
        _ => {}
    }
    let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
    match path.strip_prefix("/api/v1") {
        None => limited(state, request, version, &path),
        Some(rest) => {
            let reply = limited(state, request, version, &format!("/v1{rest}"))?;
            let notice = "The API root has moved from /api/v1 to /v1. Please update your integration.";
            Ok(with(reply, DEPRECATION, notice))
        }
    }
}

/// Counts the request, then finds out who sends it.
fn limited(
    state: &mut State,
    request: &Request<Bytes>,
    version: ApiVersion,
    path: &str,
) -> Result<Reply, Crash> {
    let now = state.now();
    let token = bearer(request.headers().get(AUTHORIZATION));
    let address = request.headers().get(CLIENT_ADDRESS).and_then(|address| address.to_str().ok());
    let address = address.unwrap_or(SOME_ADDRESS);
    if let Some(seconds) = state.rates.check(state.environment, path, token, address, now) {
        return Ok(reply::too_many_requests(seconds));
    }
    let Some(token) = token else { return routed(state, request, version, path, None) };
    let Some(caller) = state.caller(token) else {
        state.rates.forget(token);
        return Ok(reply::invalid_token());
    };
    let identity = state.rate_identity(&caller.subject);
    state.rates.learn(token, identity, now);
    routed(state, request, version, path, Some(&caller))
}

/// Runs the endpoint; its answer gets the headers of the application itself.
fn routed(
    state: &mut State,
    request: &Request<Bytes>,
    version: ApiVersion,
    path: &str,
    caller: Option<&super::tokens::Caller>,
) -> Result<Reply, Crash> {
    let address = |path: &str| absolute(request, path);
    let outcome = routes::route(request.method(), path, address)
        .and_then(|target| operations::run(state, request, version, &target, caller));
    let mut reply = match outcome {
        Ok(reply) => reply,
        Err(problem) => problem.into_reply()?,
    };
    if !reply.headers().contains_key(CACHE_CONTROL) {
        reply = with(reply, CACHE_CONTROL, "private, no-store");
    }
    Ok(if state.environment == Environment::Sandbox { with(reply, SANDBOX, "1") } else { reply })
}

/// The address of `path` on the server that `request` was sent to, with the same query.
fn absolute(request: &Request<Bytes>, path: &str) -> String {
    let uri: &Uri = request.uri();
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(http::uri::Authority::as_str)).unwrap_or(SOME_ADDRESS);
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}://{host}{path}{query}", uri.scheme_str().unwrap_or("http"))
}

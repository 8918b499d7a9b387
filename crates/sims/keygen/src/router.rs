//! Everything before a call is executed, in this order: rate limit, media types, body, account, version, signature,
//! environment; the handlers check credential, parameters and permission.

use anykey_core::Timestamp;
use anykey_sim_kit::{forwarded_for, path_segments};
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{Request, Response, StatusCode};
use serde_json::Value;

use super::answer::{Answer, add_allowance};
use super::problem::{Outcome, Problem};
use super::signature::{Accepted, Signed, host, target};
use super::state::State;

const JSON_API: &str = "application/vnd.api+json";
const JSON: &str = "application/json";
/// The address of callers that no header names.
const UNKNOWN_ADDRESS: &str = "203.0.113.7";
/// The simulated behaviour is that of 1.8, whatever is asked for.
const VERSIONS: &[&str] = &["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8"];

impl State {
    /// The answer to a request. Beyond the rate limit nothing else is looked at, and the answer is neither signed nor
    /// in the account's media type.
    pub(super) fn answer(&mut self, request: &Request<Bytes>, now: Timestamp) -> Response<Bytes> {
        let allowance = self.quirks.rate_limit.map(|limit| {
            let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
            let address = forwarded_for(request.headers()).unwrap_or(UNKNOWN_ADDRESS);
            let caller = format!("{address} {}", header(AUTHORIZATION).unwrap_or_default());
            self.limiter.admit(caller, limit, now)
        });
        let mut response = match allowance {
            Some(allowance) if allowance.is_exceeded => {
                let problem = Problem::early(
                    StatusCode::TOO_MANY_REQUESTS,
                    "Too many requests",
                    "Throttle limit has been reached for your IP address",
                    "TOO_MANY_REQUESTS",
                );
                Answer::problem(problem, String::new()).into_response(JSON_API, &self.quirks)
            }
            _ => self.admitted(request, now),
        };
        if let Some(allowance) = allowance {
            add_allowance(&mut response, allowance, now);
        }
        response
    }

    /// The answer within the rate limit, signed with the account's key unless it comes from before the application.
    fn admitted(&mut self, request: &Request<Bytes>, now: Timestamp) -> Response<Bytes> {
        let request_id = self.ids.uuid();
        let (account, outcome) = match self.routed(request) {
            Ok((account, segments, body)) => {
                let outcome = self.run(&account, &segments, body, request, now);
                (Some(account), outcome)
            }
            Err(problem) => (None, Err(problem)),
        };
        let answer = outcome.unwrap_or_else(|problem| Answer::problem(problem, request_id));
        let is_signed = answer.is_signed && !self.quirks.unsigned;
        let mut response = answer.into_response(media_type(request), &self.quirks);
        let account = account.and_then(|id| self.accounts.iter().find(|account| account.id == id));
        if let Some(account) = account.filter(|_| is_signed) {
            let (parts, body) = response.into_parts();
            let mut headers = parts.headers.clone();
            let host = host(request.uri(), request.headers(), self.quirks.signs_port);
            let signed = Signed {
                method: request.method().as_str(),
                target: target(request.uri()),
                host: &host,
                body: &body,
            };
            account.sign(&mut headers, &signed, now);
            response = Response::from_parts(parts, body);
            *response.headers_mut() = headers;
        }
        response
    }

    /// The account's id, the segments after it, and the body.
    ///
    /// # Errors
    ///
    /// 400 for a media type or a body that cannot be read, 404 for an unknown account; none of them is signed.
    fn routed(&self, request: &Request<Bytes>) -> Outcome<(String, Vec<String>, Value)> {
        check_media_types(request)?;
        let body = read_body(request)?;
        let segments = path_segments(request.uri());
        let mut segments = segments.into_iter();
        if segments.next().as_deref() != Some("v1") {
            return Err(Problem::unknown_endpoint().unsigned());
        }
        let rest: Vec<_> = segments.collect();
        let (account, rest) = match rest.as_slice() {
            [word, account, rest @ ..] if word == "accounts" => {
                let found = self.accounts.iter().find(|found| found.id == *account || found.slug == *account);
                (found.ok_or_else(|| Problem::not_found("account", account).unsigned())?, rest.to_vec())
            }
            _ => match self.accounts.first() {
                Some(account) if self.quirks.implied_account => (account, rest),
                _ => return Err(Problem::unknown_endpoint().unsigned()),
            },
        };
        Ok((account.id.clone(), rest, body))
    }

    /// # Errors
    ///
    /// 400 for an unknown version, for a signature that is not available and for an environment; then those of the
    /// call.
    fn run(
        &mut self,
        account: &str,
        segments: &[String],
        body: Value,
        request: &Request<Bytes>,
        now: Timestamp,
    ) -> Outcome<Answer> {
        let version = request.headers().get("keygen-version").and_then(|value| value.to_str().ok());
        if version.is_some_and(|version| !VERSIONS.contains(&version)) {
            let detail = "unsupported API version requested";
            return Err(Problem::bad_request(detail, Some("INVALID_API_VERSION"), None).unsigned());
        }
        match Accepted::by(request.headers(), account) {
            Accepted::Yes => {}
            Accepted::WrongKeyId => {
                let detail = "invalid accept-signature header (keyid not found)";
                return Err(Problem::bad_request(detail, None, None).unsigned());
            }
            Accepted::No(detail) => return Err(Problem::bad_request(detail, None, None).unsigned()),
        }
        if !self.quirks.environments && request.headers().contains_key("keygen-environment") {
            let detail = "is unsupported";
            let source = Some(("header", "Keygen-Environment"));
            return Err(Problem::bad_request(detail, Some("ENVIRONMENT_NOT_SUPPORTED"), source));
        }
        let unknown = || Problem::not_found("account", account).unsigned();
        self.call(account, now).ok_or_else(unknown)?.dispatch(segments, body, request)
    }
}

fn media_type(request: &Request<Bytes>) -> &'static str {
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accept.contains(JSON) && !accept.contains(JSON_API) { JSON } else { JSON_API }
}

/// # Errors
///
/// 400 `MIME_TYPE_INVALID`. A body without a content type is read as JSON, and so is a form.
fn check_media_types(request: &Request<Bytes>) -> Outcome<()> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let accepts = |accept: &str| {
        accept.split(',').any(|part| {
            let essence = part.split(';').next().unwrap_or_default().trim();
            [JSON_API, JSON, "*/*", "application/octet-stream"].contains(&essence)
        })
    };
    let is_readable = |name: &str| {
        let essence = name.split(';').next().unwrap_or_default().trim();
        [JSON_API, JSON, "text/plain", "application/x-www-form-urlencoded"].contains(&essence)
    };
    let is_fine = header(ACCEPT).is_none_or(accepts)
        && (request.body().is_empty() || header(CONTENT_TYPE).is_none_or(is_readable));
    if is_fine {
        return Ok(());
    }
    let detail = "The content type of the request or the accepted one is not supported";
    Err(Problem::early(StatusCode::BAD_REQUEST, "Bad request", detail, "MIME_TYPE_INVALID"))
}

fn read_body(request: &Request<Bytes>) -> Outcome<Value> {
    if request.body().is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    serde_json::from_slice(request.body()).map_err(|_| {
        let detail =
            "The request could not be completed because it contains invalid JSON (check formatting/encoding)";
        Problem::early(StatusCode::BAD_REQUEST, "Bad request", detail, "JSON_INVALID")
    })
}

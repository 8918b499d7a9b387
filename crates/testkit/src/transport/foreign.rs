//! Answers that are not a vendor's.

use super::Answer;

/// An answer of something between an app and a vendor; see [`foreign_answers`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ForeignAnswer {
    /// What answers so, for the message of a failed test.
    pub name: &'static str,
    /// The answer.
    pub answer: Answer,
}

/// Answers of gateways, proxies, web frameworks, filters and portals, which are never a vendor's: an adapter must
/// not read a refusal, or a seat that is free, out of any of them.
///
/// The bodies are written after the forms that such software has by default; none is a copy. More may be added in
/// any version.
///
/// ```
/// use anykey_testkit::transport::foreign_answers;
///
/// assert!(foreign_answers().len() >= 30);
/// ```
///
/// ```
/// use anykey_core::HttpTransport;
/// use anykey_testkit::transport::{ScriptedTransport, foreign_answers};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// // What an adapter sees when each of them answers in the vendor's place.
/// for foreign in foreign_answers() {
///     let network = ScriptedTransport::new().then(foreign.answer.clone());
///     let request = http::Request::get("https://api.example.com/license_keys").body("".into()).unwrap();
///     assert!(network.send(request).await.is_ok(), "{}", foreign.name);
/// }
/// # });
/// ```
#[must_use]
pub fn foreign_answers() -> Vec<ForeignAnswer> {
    let json = JSON.iter().map(|(name, status, body)| (*name, Answer::json(*status, *body)));
    let pages = PAGES.iter().map(|(name, status, page)| (*name, Answer::html(*status, *page)));
    let empty = EMPTY.iter().map(|(name, status)| (*name, Answer::new(*status)));
    json.chain(pages).chain(empty).map(|(name, answer)| ForeignAnswer { name, answer }).collect()
}

/// Name, status and body of answers in JSON.
const JSON: &[(&str, u16, &str)] = &[
    ("a cloud gateway without a route", 403, r#"{"message":"Missing Authentication Token"}"#),
    ("a cloud gateway's filter", 403, r#"{"message":"Forbidden"}"#),
    ("a cloud gateway's authorizer", 401, r#"{"message":"Unauthorized"}"#),
    ("a cloud gateway's policy", 403, r#"{"Message":"User is not authorized to access this resource"}"#),
    ("a cloud gateway's schema check", 400, r#"{"message":"Invalid request body"}"#),
    (
        "a load balancer's rule",
        403,
        r#"{"error":{"code":403,"message":"Forbidden","status":"PERMISSION_DENIED"}}"#,
    ),
    (
        "a cloud API without a method",
        404,
        r#"{"error":{"code":404,"message":"Method not found.","status":"NOT_FOUND"}}"#,
    ),
    ("an API manager without a route", 404, r#"{"message":"no Route matched with those values"}"#),
    ("an API manager without a key", 401, r#"{"message":"No API key found in request"}"#),
    ("an API manager's list of addresses", 403, r#"{"message":"Your IP address is not allowed"}"#),
    ("an API manager with a request id", 404, r#"{"message":"no Route matched","request_id":"7b1e2f"}"#),
    ("another API manager", 403, r#"{"error":"Access to this API has been disallowed"}"#),
    ("an API manager in statusCode", 404, r#"{"statusCode":404,"message":"Resource not found"}"#),
    (
        "an API manager's subscription",
        401,
        r#"{"statusCode":401,"message":"Access denied due to missing subscription key."}"#,
    ),
    (
        "an API manager's fault",
        403,
        r#"{"fault":{"faultstring":"Denied by policy","detail":{"errorcode":"policy.denied"}}}"#,
    ),
    (
        "an API manager's code",
        403,
        r#"{"code":"900908","message":"Resource forbidden","description":"No subscription"}"#,
    ),
    ("a company's filter", 403, r#"{"code":"URL_BLOCKED","message":"Blocked by your organization"}"#),
    (
        "a company's filter with a reason",
        403,
        r#"{"error":"blocked","reason":"category: software licensing"}"#,
    ),
    (
        "a filter in words about licenses",
        403,
        r#"{"error":"License expired","message":"The filter's license has expired"}"#,
    ),
    (
        "a filter's inactive license",
        403,
        r#"{"code":"LICENSE_INACTIVE","message":"License is not active for this device"}"#,
    ),
    ("a bot check", 403, r#"{"action":"challenge","cray":"8f0a"}"#),
    ("a CDN's rule", 403, r#"{"success":false,"errors":[{"code":1020,"message":"Access denied"}]}"#),
    (
        "an edge platform without a deployment",
        404,
        r#"{"error":{"code":"DEPLOYMENT_NOT_FOUND","message":"Not here"}}"#,
    ),
    ("a platform without an app", 404, r#"{"status":"error","code":404,"message":"Application not found"}"#),
    (
        "a framework in Java",
        404,
        r#"{"timestamp":"2026-11-27T22:00:00Z","status":404,"error":"Not Found","path":"/x"}"#,
    ),
    (
        "a framework in Java that forbids",
        403,
        r#"{"timestamp":"2026-11-27T22:00:00Z","status":403,"error":"Forbidden","path":"/x"}"#,
    ),
    ("a framework in Python", 404, r#"{"detail":"Not found."}"#),
    ("another framework in Python", 404, r#"{"detail":"Not Found"}"#),
    (
        "a framework in Python that forbids",
        403,
        r#"{"detail":"Authentication credentials were not provided."}"#,
    ),
    ("a framework in PHP", 404, r#"{"message":"The route licenses/validate could not be found."}"#),
    ("a framework in PHP with an expired page", 419, r#"{"message":"CSRF token mismatch."}"#),
    (
        "a framework in Node",
        404,
        r#"{"statusCode":404,"message":"Cannot POST /licenses/validate","error":"Not Found"}"#,
    ),
    (
        "a framework in Node with a code",
        404,
        r#"{"code":"NOT_FOUND","message":"Route POST:/licenses/validate not found"}"#,
    ),
    ("a framework in Node with a code alone", 404, r#"{"code":"NOT_FOUND"}"#),
    ("a framework in Ruby", 404, r#"{"status":404,"error":"Not Found"}"#),
    (
        "a framework in .NET",
        404,
        r#"{"type":"about:blank","title":"Not Found","status":404,"traceId":"00-1"}"#,
    ),
    (
        "a framework that validates",
        422,
        r#"{"errors":{"key":["is invalid"]},"message":"The given data was invalid."}"#,
    ),
    ("a method that is not allowed", 405, r#"{"error":"method_not_allowed"}"#),
    ("a conflict of nobody", 409, r#"{"error":"conflict"}"#),
    ("a tombstone", 410, r#"{"error":"gone"}"#),
    ("a request to pay", 402, r#"{"error":{"code":"402","message":"PAYMENT_REQUIRED"}}"#),
    ("a legal block", 451, r#"{"message":"Unavailable For Legal Reasons"}"#),
    ("a list", 403, r#"["INACTIVE_LICENSE_KEY","License key is not active"]"#),
    ("a list that says yes", 200, "[true]"),
    ("a bare word", 404, r#""Not found""#),
    ("an empty object", 404, "{}"),
    ("null", 403, "null"),
    ("a success of nobody", 200, r#"{"status":"ok"}"#),
    ("a job of a queue", 200, r#"{"id":"7b1e2f","message":"accepted"}"#),
    (
        "a record of nobody",
        201,
        r#"{"id":"12d05c40-45a3-4c19-9899-202fd20f0841","created_at":"2026-11-27T22:00:00Z","status":"queued"}"#,
    ),
    ("a health check", 200, r#"{"status":"granted","healthy":true}"#),
    ("a time-out in a success", 200, r#"{"message":"Endpoint request timed out"}"#),
    ("a failure in a success", 200, r#"{"success":false,"error":"Not found"}"#),
];

/// Name, status and body of pages.
const PAGES: &[(&str, u16, &str)] = &[
    ("a portal's page", 200, "<!doctype html><title>Welcome</title><form>Sign in to go online</form>"),
    ("a portal's page after 511", 511, "<html><body>Accept the terms first</body></html>"),
    ("a proxy's page", 403, "<html><h1>Access denied</h1>The site is blocked by policy</html>"),
    ("a web server's page", 404, "<html><head><title>404 Not Found</title></head></html>"),
    ("a page in words about licenses", 404, "<html>License key not found. License key has expired.</html>"),
    ("a CDN's page", 403, "<html>Attention required</html>"),
    ("a page about the length", 411, "<html>Length Required</html>"),
];

/// Name and status of answers without a body.
const EMPTY: &[(&str, u16)] = &[
    ("an empty 200", 200),
    ("an empty 400", 400),
    ("an empty 403", 403),
    ("an empty 404", 404),
    ("an empty 410", 410),
    ("an empty 422", 422),
];

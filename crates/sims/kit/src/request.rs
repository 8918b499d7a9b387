use http::header::AUTHORIZATION;
use http::{HeaderMap, Uri};
use percent_encoding::percent_decode_str;

/// The segments of a path, decoded after they were separated: an encoded slash is part of its segment.
///
/// ```
/// use http::Uri;
///
/// let uri = Uri::from_static("https://api.example.com/keys/..%2F1?page=2");
/// assert_eq!(anykey_sim_kit::path_segments(&uri), ["keys", "../1"]);
/// ```
#[must_use]
pub fn path_segments(uri: &Uri) -> Vec<String> {
    let path = uri.path().strip_prefix('/').unwrap_or_default();
    let decoded = path.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy());
    decoded.map(std::borrow::Cow::into_owned).collect()
}

/// The bearer token of the header `Authorization`; `None` for an empty one, or another scheme.
///
/// ```
/// use http::HeaderMap;
/// use http::header::{AUTHORIZATION, HeaderValue};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(AUTHORIZATION, HeaderValue::from_static("bearer  t-1"));
/// assert_eq!(anykey_sim_kit::bearer_token(&headers), Some("t-1"));
/// ```
#[must_use]
pub fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The client address according to the header `X-Forwarded-For`: the first of its list.
#[must_use]
pub fn forwarded_for(headers: &HeaderMap) -> Option<&str> {
    let chain = headers.get("x-forwarded-for")?.to_str().ok()?;
    chain.split(',').next().map(str::trim)
}

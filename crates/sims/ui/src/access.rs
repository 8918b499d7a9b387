//! Who may use the page: only a browser on this machine that was given the address.

use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Method, Uri};
use rand::RngExt as _;
use subtle::ConstantTimeEq as _;

/// Everything comes from the page itself, and nothing from scripts or styles inside of it.
pub(crate) const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The secret part of the page's address: 128 random bits.
#[derive(Clone)]
pub(crate) struct PathToken(String);

impl PathToken {
    pub(crate) fn random() -> Self {
        Self(format!("{:032x}", rand::rng().random::<u128>()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    fn begins(&self, uri: &Uri) -> bool {
        let first = uri.path().split('/').nth(1).unwrap_or_default();
        first.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is for another host, so that a page of another site may read the answer.
    ForeignHost,
    /// The path does not begin with the token.
    NoToken,
    /// A page of another site sent it.
    ForeignOrigin,
}

/// # Errors
///
/// Why the request is refused.
pub(crate) fn check(
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    token: &PathToken,
) -> Result<(), Refused> {
    let host = header(headers, HOST.as_str()).filter(|host| is_loopback(host)).ok_or(Refused::ForeignHost)?;
    if !token.begins(uri) {
        return Err(Refused::NoToken);
    }
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    if is_read || is_same_origin(headers, host) { Ok(()) } else { Err(Refused::ForeignOrigin) }
}

/// A form of a page without referrer sends the origin `null`; then `Sec-Fetch-Site` decides, which scripts cannot set.
fn is_same_origin(headers: &HeaderMap, host: &str) -> bool {
    let site = header(headers, "sec-fetch-site");
    match header(headers, ORIGIN.as_str()) {
        None | Some("null") => site == Some("same-origin"),
        Some(origin) => {
            origin.strip_prefix("http://") == Some(host) && site.is_none_or(|site| site == "same-origin")
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        token: &PathToken,
    ) -> Result<(), Refused> {
        let headers = headers.iter().map(|(name, value)| {
            (http::HeaderName::from_static(name), http::HeaderValue::from_str(value).unwrap())
        });
        check(&method, &path.parse().unwrap(), &headers.collect(), token)
    }

    #[test]
    fn tokens_have_128_bits_and_differ() {
        let (one, other) = (PathToken::random(), PathToken::random());
        assert_eq!((one.as_str().len(), other.as_str().len()), (32, 32));
        assert_ne!(one.as_str(), other.as_str());
    }

    #[test]
    fn only_loopback_hosts_are_served() {
        let token = PathToken::random();
        let path = format!("/{}/", token.as_str());
        for host in ["127.0.0.1:8791", "localhost:8791", "[::1]:8791", "localhost"] {
            assert_eq!(checked(Method::GET, &path, &[("host", host)], &token), Ok(()), "{host}");
        }
        for host in
            ["evil.example", "127.0.0.1.evil.example:8791", "localhost.evil.example", "127.0.0.1:x@evil", ""]
        {
            let refused = checked(Method::GET, &path, &[("host", host)], &token);
            assert_eq!(refused, Err(Refused::ForeignHost), "{host}");
        }
        assert_eq!(checked(Method::GET, &path, &[], &token), Err(Refused::ForeignHost));
    }

    #[test]
    fn the_path_begins_with_the_whole_token() {
        let token = PathToken::random();
        let host = [("host", "127.0.0.1:1")];
        for path in [
            "/",
            "/style.css",
            &format!("/x{}/", token.as_str()),
            &format!("/{}", token.as_str().get(1..).unwrap()),
        ] {
            assert_eq!(checked(Method::GET, path, &host, &token), Err(Refused::NoToken), "{path}");
        }
    }

    #[test]
    fn only_the_page_itself_changes_anything() {
        let token = PathToken::random();
        let path = format!("/{}/clock", token.as_str());
        let host = ("host", "127.0.0.1:8791");
        for headers in [
            &[host, ("origin", "http://127.0.0.1:8791")][..],
            &[host, ("origin", "http://127.0.0.1:8791"), ("sec-fetch-site", "same-origin")],
            &[host, ("origin", "null"), ("sec-fetch-site", "same-origin")],
        ] {
            assert_eq!(checked(Method::POST, &path, headers, &token), Ok(()), "{headers:?}");
        }
        for headers in [
            &[host][..],
            &[host, ("origin", "null")],
            &[host, ("origin", "null"), ("sec-fetch-site", "cross-site")],
            &[host, ("origin", "https://evil.example")],
            &[host, ("origin", "http://127.0.0.1:1234")],
            &[host, ("origin", "http://127.0.0.1:8791"), ("sec-fetch-site", "same-site")],
            &[host, ("sec-fetch-site", "none")],
        ] {
            assert_eq!(
                checked(Method::POST, &path, headers, &token),
                Err(Refused::ForeignOrigin),
                "{headers:?}"
            );
        }
    }
}

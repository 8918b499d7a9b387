//! URLs in errors and traces.

use url::{Host, Url};

/// A URL as it may be printed: scheme, host and port. User information, path, query and fragment are left out, and
/// so is a name without a dot, which may be a token that was pasted in place of a host.
pub(crate) fn shown(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(name)) if name != "localhost" && !name.contains('.') => {
            format!("{}://[redacted]", url.scheme())
        }
        Some(_) => url.origin().ascii_serialization(),
        None => "[redacted]".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_place_is_shown() {
        for (url, expected) in [
            ("https://api.acme.test/v1", "https://api.acme.test"),
            ("https://user:SECRET@api.acme.test:8443/SECRET?x=SECRET#SECRET", "https://api.acme.test:8443"),
            ("http://127.0.0.1:1234/", "http://127.0.0.1:1234"),
            ("http://[::1]:1/", "http://[::1]:1"),
            ("http://localhost/", "http://localhost"),
            ("https://acme_oat_SECRET/", "https://[redacted]"),
            ("mailto:SECRET", "[redacted]"),
        ] {
            assert_eq!(shown(&url.parse().unwrap()), expected);
        }
    }
}

//! The proxy that the environment chooses.
//!
//! The transports' libraries ignore a variable that they cannot read and connect directly, past a company's proxy. So
//! it is read here as well, and an unreadable one is an error.

use std::env;

use http::Uri;

use crate::{TransportError, TransportErrorKind};

/// The variables that choose a proxy, in the order in which reqwest and hyper-util look at them. The same for plain
/// http.
const FOR_HTTPS: &[&str] = &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const FOR_HTTP: &[&str] = &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// The proxy that the environment chooses, by the variable's name; `None` without one.
///
/// # Errors
///
/// A sentence that names the variable which is no proxy's URL. The libraries below would pass it over and connect
/// without the proxy.
pub(crate) fn proxy_variable(is_https: bool) -> Result<Option<&'static str>, String> {
    chosen(is_https, |name| env::var(name).ok(), env::var_os("REQUEST_METHOD").is_some())
}

/// Refuses an environment whose proxy cannot be understood.
///
/// # Errors
///
/// [`Refused`](TransportErrorKind::Refused), naming the variable.
pub(crate) fn require_known_proxies(allow_plain_http: bool) -> Result<(), TransportError> {
    let schemes: &[bool] = if allow_plain_http { &[true, false] } else { &[true] };
    for is_https in schemes {
        proxy_variable(*is_https)
            .map_err(|why| TransportError::new(TransportErrorKind::Refused).because(why))?;
    }
    Ok(())
}

/// The variable that counts. `read` reads a variable; `is_cgi` is whether the process serves CGI requests, where
/// `HTTP_PROXY` may be a header of a visitor.
fn chosen(
    is_https: bool,
    read: impl Fn(&str) -> Option<String>,
    is_cgi: bool,
) -> Result<Option<&'static str>, String> {
    let names = if is_https { FOR_HTTPS } else { FOR_HTTP };
    // A CGI request's header `Proxy` arrives as HTTP_PROXY, so nobody reads it there.
    let names = names.iter().filter(|name| !(is_cgi && name.eq_ignore_ascii_case("HTTP_PROXY")));
    let set = names.filter_map(|name| Some((*name, read(name).filter(|value| !value.is_empty())?)));
    match set.into_iter().next() {
        None => Ok(None),
        Some((name, value)) if is_a_proxy(&value) => Ok(Some(name)),
        Some((name, _)) => Err(format!(
            "the environment variable {name} is no proxy's URL such as http://proxy:3128 or socks5://proxy:1080; \
             correct or remove it"
        )),
    }
}

/// Whether a proxy can be read from `value` by reqwest and hyper-util.
fn is_a_proxy(value: &str) -> bool {
    let Ok(uri) = value.parse::<Uri>() else { return false };
    let is_known = uri
        .scheme_str()
        .is_none_or(|scheme| ["http", "https", "socks4", "socks4a", "socks5", "socks5h"].contains(&scheme));
    is_known && uri.authority().is_some_and(|authority| !authority.host().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)], is_https: bool, is_cgi: bool) -> Result<Option<&'static str>, String> {
        let find =
            |name: &str| set.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned());
        chosen(is_https, find, is_cgi)
    }

    #[test]
    fn the_first_variable_that_is_set_chooses() {
        let set = [
            ("ALL_PROXY", "socks5h://u:p@127.0.0.1:1080"),
            ("https_proxy", "proxy:3128"),
            ("HTTPS_PROXY", ""),
        ];
        assert_eq!(read(&set, true, false), Ok(Some("https_proxy")));
        assert_eq!(read(&set, false, false), Ok(Some("ALL_PROXY")));
        assert_eq!(read(&[], true, false), Ok(None));
        assert_eq!(read(&[("HTTP_PROXY", "http://p")], false, true), Ok(None));
        assert_eq!(read(&[("HTTP_PROXY", "http://p")], false, false), Ok(Some("HTTP_PROXY")));
        assert_eq!(read(&[("HTTP_PROXY", "http://p")], true, false), Ok(None));
    }

    #[test]
    fn a_value_that_is_no_proxy_is_an_error_that_names_the_variable() {
        for value in [
            "socks://SECRET:1080",
            "http://",
            "http:///SECRET",
            "SECRET SECRET",
            "ftp://SECRET",
            "http//SECRET",
        ] {
            let error =
                read(&[("HTTPS_PROXY", value), ("ALL_PROXY", "http://proxy")], true, false).unwrap_err();
            assert!(error.contains("HTTPS_PROXY") && !error.contains("SECRET"), "{value}: {error}");
        }
        for value in
            ["http://proxy", "proxy:3128", "proxy", "https://u:p@[::1]:1", "socks4a://proxy:1", "socks5://h"]
        {
            assert_eq!(read(&[("HTTPS_PROXY", value)], true, false), Ok(Some("HTTPS_PROXY")), "{value}");
        }
    }
}

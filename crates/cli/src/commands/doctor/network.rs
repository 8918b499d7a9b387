use url::Url;

use super::finding::Finding;

/// In the order in which they count for requests over TLS.
const VARIABLES: [&str; 8] = [
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "NO_PROXY",
    "no_proxy",
];

/// The proxies that the environment sets, one line each.
pub(super) fn proxies() -> Vec<Finding> {
    let set = VARIABLES.iter().filter_map(|name| Some((*name, std::env::var(name).ok()?)));
    set.filter(|(_, value)| !value.is_empty()).map(|(name, value)| proxy(name, &value)).collect()
}

fn proxy(name: &str, value: &str) -> Finding {
    if name.eq_ignore_ascii_case("no_proxy") {
        return Finding::good(None, "proxy", format!("{name} is set: its hosts are reached directly"));
    }
    let url = if value.contains("://") { Url::parse(value) } else { Url::parse(&format!("http://{value}")) };
    let Some((scheme, host)) = url.as_ref().ok().and_then(|url| Some((url.scheme(), url.host_str()?))) else {
        let found = format!("{name} is no address");
        return Finding::warning(None, "proxy", found, "set it as http://HOST:PORT or socks5h://HOST:PORT");
    };
    match scheme {
        "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h" => {
            Finding::good(None, "proxy", format!("{name} leads through {scheme}://{host}"))
        }
        _ => Finding::warning(
            None,
            "proxy",
            format!("{name} has the scheme {scheme}, which is not known"),
            "set it as http://HOST:PORT or socks5h://HOST:PORT",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, value: &str) -> String {
        serde_json::to_string(&proxy(name, value)).unwrap()
    }

    #[test]
    fn a_proxy_is_shown_without_its_password() {
        let text = shown("HTTPS_PROXY", "socks5h://ada:planted@proxy.example:1080");
        assert!(text.contains("socks5h://proxy.example") && !text.contains("planted"), "{text}");
        assert!(shown("https_proxy", "proxy.example:3128").contains("http://proxy.example"));
    }

    #[test]
    fn what_is_no_proxy_is_a_warning_that_does_not_repeat_it() {
        for value in ["ftp://planted.example", "http://", "://planted"] {
            let text = shown("ALL_PROXY", value);
            assert!(text.contains("warning") && !text.contains("planted"), "{text}");
        }
    }
}

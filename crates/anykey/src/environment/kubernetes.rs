//! The variables that Kubernetes sets in every container of a namespace for each of its services.
//!
//! A service called `anykey` or `anykey-…` makes variables that begin like ours. Their shapes are those of Kubernetes'
//! documentation of service environment variables (read November 2026):
//!
//! | name | value |
//! |---|---|
//! | `ANYKEY_SERVICE_HOST` | an IP address |
//! | `ANYKEY_SERVICE_PORT`, `ANYKEY_SERVICE_PORT_HTTP` | a port |
//! | `ANYKEY_PORT`, `ANYKEY_PORT_80_TCP` | `tcp://10.0.0.1:80` |
//! | `ANYKEY_PORT_80_TCP_PROTO` | `tcp` |
//! | `ANYKEY_PORT_80_TCP_PORT` | `80` |
//! | `ANYKEY_PORT_80_TCP_ADDR` | an IP address |

use std::net::{IpAddr, SocketAddr};

const PROTOCOLS: [&str; 3] = ["tcp", "udp", "sctp"];

/// Whether Kubernetes sets `variable` to `value` for a service called `anykey` or `anykey-…`.
pub(super) fn sets(variable: &str, value: &str) -> bool {
    let Some(rest) = variable.strip_prefix("ANYKEY_") else { return false };
    // The service's name may go on, and may itself hold the words that follow it.
    let after = |marker: &str| starts_of(rest, marker).map(str::to_owned).collect::<Vec<_>>();
    let host = after("SERVICE_HOST").iter().any(|rest| rest.is_empty()) && is_address(value);
    let service_port =
        after("SERVICE_PORT").iter().any(|rest| rest.is_empty() || is_port_name(rest)) && is_port(value);
    let port = after("PORT").iter().any(|rest| is_port_variable(rest, value));
    host || service_port || port
}

/// What follows `marker` in `rest`, wherever it stands as whole words.
fn starts_of<'a>(rest: &'a str, marker: &str) -> impl Iterator<Item = &'a str> {
    let marker = marker.to_owned();
    let boundaries = rest.match_indices('_').map(|(at, _)| at.saturating_add(1));
    let words = std::iter::once(0).chain(boundaries).filter_map(|at| rest.get(at..));
    words.filter_map(move |words| words.strip_prefix(&*marker))
}

/// `_HTTP`: the name of a port in capitals.
fn is_port_name(rest: &str) -> bool {
    rest.strip_prefix('_').is_some_and(|name| {
        let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        !name.is_empty() && name.bytes().all(is_part)
    })
}

/// What follows `PORT`: nothing, `_80_TCP`, or that with `_PROTO`, `_PORT` or `_ADDR`.
fn is_port_variable(rest: &str, value: &str) -> bool {
    if rest.is_empty() {
        return is_endpoint(value, None);
    }
    let mut words = rest.split('_').skip(1);
    let (Some(port), Some(protocol), detail, None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return false;
    };
    let protocol = PROTOCOLS.into_iter().find(|known| known.eq_ignore_ascii_case(protocol));
    let Some(protocol) = protocol.filter(|_| is_port(port)) else { return false };
    match detail {
        None => is_endpoint(value, Some((protocol, port))),
        Some("PROTO") => value == protocol,
        Some("PORT") => value == port,
        Some("ADDR") => is_address(value),
        Some(_) => false,
    }
}

/// `tcp://10.0.0.1:80`, of this protocol and port if they are told.
fn is_endpoint(value: &str, of: Option<(&str, &str)>) -> bool {
    let Some((protocol, address)) = value.split_once("://") else { return false };
    let Some((host, port)) = address.rsplit_once(':') else { return false };
    let is_socket = address.parse::<SocketAddr>().is_ok() || (is_address(host) && is_port(port));
    let is_that = of.is_none_or(|expected| expected == (protocol, port));
    PROTOCOLS.contains(&protocol) && is_socket && is_that
}

fn is_address(value: &str) -> bool {
    value.parse::<IpAddr>().is_ok()
}

fn is_port(value: &str) -> bool {
    value.parse::<u16>().is_ok_and(|port| port > 0) && value.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::sets;

    #[test]
    fn every_shape_of_a_service_is_known() {
        for (variable, value) in [
            ("ANYKEY_SERVICE_HOST", "10.0.0.1"),
            ("ANYKEY_SERVICE_HOST", "fd00::1"),
            ("ANYKEY_SERVICE_PORT", "80"),
            ("ANYKEY_SERVICE_PORT_HTTP", "80"),
            ("ANYKEY_SERVICE_PORT_HTTP_ADMIN", "8080"),
            ("ANYKEY_PORT", "tcp://10.0.0.1:80"),
            ("ANYKEY_PORT", "tcp://[fd00::1]:80"),
            ("ANYKEY_PORT", "udp://10.0.0.1:53"),
            ("ANYKEY_PORT_80_TCP", "tcp://10.0.0.1:80"),
            ("ANYKEY_PORT_80_TCP_PROTO", "tcp"),
            ("ANYKEY_PORT_80_TCP_PORT", "80"),
            ("ANYKEY_PORT_80_TCP_ADDR", "10.0.0.1"),
            ("ANYKEY_PORT_53_UDP", "udp://10.0.0.1:53"),
            ("ANYKEY_PORT_36412_SCTP_PROTO", "sctp"),
            ("ANYKEY_GATEWAY_SERVICE_HOST", "10.0.0.1"),
            ("ANYKEY_GATEWAY_SERVICE_PORT", "80"),
            ("ANYKEY_WEB_2_PORT", "tcp://10.0.0.1:80"),
            ("ANYKEY_SERVICE_PORT_443_TCP", "tcp://10.0.0.1:443"),
            ("ANYKEY_TOKEN_PORT_443_TCP_ADDR", "10.0.0.1"),
        ] {
            assert!(sets(variable, value), "{variable}={value}");
        }
    }

    #[test]
    fn a_like_name_or_another_value_is_not() {
        for (variable, value) in [
            ("ANYKEY_PORT", "8080"),
            ("ANYKEY_PORT", "http://10.0.0.1:80"),
            ("ANYKEY_PORT", "tcp://shop.example:80"),
            ("ANYKEY_SERVICE_HOST", "api.example"),
            ("ANYKEY_SERVICE_HOSTS", "10.0.0.1"),
            ("ANYKEY_SERVICE_PORT", "http"),
            ("ANYKEY_SERVICE_PORT", "0"),
            ("ANYKEY_PORT_80_TCP", "tcp://10.0.0.1:81"),
            ("ANYKEY_PORT_80_TCP_PROTO", "udp"),
            ("ANYKEY_PORT_80_TCP_NAME", "x"),
            ("ANYKEY_PORT_80_TCP_ADDR_2", "10.0.0.1"),
            ("ANYKEY_PORT_HTTP_TCP", "tcp://10.0.0.1:80"),
            ("ANYKEY_TOKEN", "10.0.0.1"),
            ("ANYKEY_BASE_URL", "tcp://10.0.0.1:80"),
            ("ANYKEYS_PORT", "tcp://10.0.0.1:80"),
            ("SHOP_PORT", "tcp://10.0.0.1:80"),
        ] {
            assert!(!sets(variable, value), "{variable}={value}");
        }
    }
}

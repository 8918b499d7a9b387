//! Which hosts are this machine.

use url::{Host, Url};

/// Whether `url` points to this very machine: `localhost`, `127.0.0.0/8` or `::1`.
///
/// Plain http is safe there and nowhere else.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The same for the host of a URL as it is written there.
#[cfg(feature = "hyper")]
pub(crate) fn is_loopback_host(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

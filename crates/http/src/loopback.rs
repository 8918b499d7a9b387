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

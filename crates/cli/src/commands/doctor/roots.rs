//! Which certificates are trusted.

use super::finding::Finding;

const CHECK: &str = "TLS roots";

/// The root certificates that connections are verified with. Without any it is a fault where TLS is needed.
#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
pub(super) fn examine(is_needed: bool) -> Finding {
    let loaded = rustls_native_certs::load_native_certs();
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let variables: Vec<_> = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().filter(is_set).collect();
    let error = loaded.errors.first().map(ToString::to_string);
    finding(&variables, loaded.certs.len(), error.as_deref(), is_needed)
}

#[cfg(not(all(unix, not(target_vendor = "apple"), not(target_os = "android"))))]
pub(super) fn examine(_: bool) -> Finding {
    Finding::good(None, CHECK, "the operating system verifies certificates itself".to_owned())
}

#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
fn finding(variables: &[&str], count: usize, error: Option<&str>, is_needed: bool) -> Finding {
    use crate::exit::Exit;

    let (origin, remedy) = match variables {
        [] => (
            "in the system's store".to_owned(),
            "install the system's root certificates (package `ca-certificates`), or name a PEM file in SSL_CERT_FILE",
        ),
        names => {
            let names = names.join(" and ");
            (
                format!("where {names} says"),
                "name readable PEM files there, or unset the variable to use the system's store",
            )
        }
    };
    let certificates = if count == 1 { "certificate" } else { "certificates" };
    let found = format!("{count} {certificates} {origin}");
    let found = match error {
        None => found,
        Some(error) => format!("{found}; {error}"),
    };
    match (count, error) {
        (0, _) if is_needed => {
            let found = format!("{found}: no vendor can be reached");
            Finding::failure(None, CHECK, found, Exit::Usage, remedy)
        }
        (0, _) | (_, Some(_)) => Finding::warning(None, CHECK, found, remedy),
        (_, None) => Finding::good(None, CHECK, found),
    }
}

#[cfg(all(test, unix, not(target_vendor = "apple"), not(target_os = "android")))]
mod tests {
    use super::*;

    #[test]
    fn an_empty_set_is_a_fault_where_it_is_needed() {
        let text = |variables: &[&str], count, error, is_needed| {
            serde_json::to_string(&finding(variables, count, error, is_needed)).unwrap()
        };
        assert!(text(&[], 140, None, true).contains("140 certificates in the system's store"));
        assert!(text(&[], 0, None, true).contains("\"wrong\""));
        assert!(text(&[], 0, None, false).contains("\"warning\""));
        let partly = text(&["SSL_CERT_FILE", "SSL_CERT_DIR"], 1, Some("cannot be read"), true);
        assert!(
            partly.contains("\"warning\"") && partly.contains("SSL_CERT_FILE and SSL_CERT_DIR"),
            "{partly}"
        );
    }
}

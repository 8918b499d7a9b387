//! The signatures of answers and of webhooks.
//!
//! Both are Ed25519 signatures over method and target, host, date and digest. `Keygen-Date` and `Keygen-Digest`
//! repeat what is signed, since proxies rewrite `Date` (the crate `keygen-rs`, 2026).

use anykey_core::Timestamp;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use super::account::Account;

/// The host of a request without its port, as the vendor's server signs it; with it if `with_port`.
pub(super) fn host(uri: &Uri, headers: &HeaderMap, with_port: bool) -> String {
    let header = headers.get(http::header::HOST).and_then(|value| value.to_str().ok());
    let authority = header.or_else(|| uri.authority().map(http::uri::Authority::as_str)).unwrap_or_default();
    let without_port =
        authority.rsplit_once(':').filter(|(host, _)| !host.ends_with(':')).map(|(host, _)| host);
    if with_port { authority } else { without_port.unwrap_or(authority) }.to_owned()
}

/// The path and the query of a URL, byte for byte as they were sent; `/` for an empty path.
pub(super) fn target(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
}

/// What is signed.
pub(super) struct Signed<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    pub(super) host: &'a str,
    pub(super) body: &'a [u8],
}

impl Account {
    /// Adds `Date`, `Digest` and the signature, and copies of the first two.
    pub(super) fn sign(&self, headers: &mut HeaderMap, signed: &Signed<'_>, now: Timestamp) {
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let digest = ring::digest::digest(&ring::digest::SHA256, signed.body);
        let digest = format!("sha-256={}", BASE64_STANDARD.encode(digest));
        let Signed { method, target, host, .. } = signed;
        let text = format!(
            "(request-target): {} {target}\nhost: {host}\ndate: {date}\ndigest: {digest}",
            method.to_ascii_lowercase()
        );
        let signature = BASE64_STANDARD.encode(self.signing_key.sign(text.as_bytes()));
        let signature = format!(
            "keyid=\"{}\", algorithm=\"ed25519\", signature=\"{signature}\", headers=\"(request-target) host date \
             digest\"",
            self.id
        );
        let rows = [
            ("date", &date),
            ("digest", &digest),
            ("keygen-signature", &signature),
            ("keygen-date", &date),
            ("keygen-digest", &digest),
        ];
        for (name, value) in rows {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

/// Whether the header `Keygen-Accept-Signature` asks for the algorithm that is simulated.
pub(super) enum Accepted {
    Yes,
    /// The key id is not the account's: an error without a signature.
    WrongKeyId,
    /// Malformed, or another algorithm.
    No(&'static str),
}

impl Accepted {
    pub(super) fn by(headers: &HeaderMap, account: &str) -> Self {
        let Some(header) = headers.get("keygen-accept-signature") else { return Self::Yes };
        let header = header.to_str().unwrap_or_default();
        let value = |name: &str| {
            let parts = header.split(',').filter_map(|part| part.trim().split_once('='));
            parts.into_iter().find(|(found, _)| *found == name).map(|(_, value)| value.trim_matches('"'))
        };
        match (value("algorithm"), value("keyid")) {
            (None, _) => Self::No("invalid accept-signature header (malformed)"),
            (Some("ed25519"), Some(id)) if !id.is_empty() && id != account => Self::WrongKeyId,
            (Some("ed25519"), _) => Self::Yes,
            _ => Self::No("invalid accept-signature header (unsupported algorithm)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::Ed25519KeyPair;

    use super::*;

    fn account() -> Account {
        let seed: Vec<u8> = (0..32).collect();
        let key = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
        Account::new("11111111-1111-4111-8111-111111111111".into(), "demo".into(), key)
    }

    fn signed(target: &str, host: &str, body: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let signed = Signed { method: "POST", target, host, body: body.as_bytes() };
        account().sign(&mut headers, &signed, "2026-01-01T00:00:00Z".parse().unwrap());
        headers
    }

    /// Computed with another implementation.
    #[test]
    fn the_signature_equals_an_independently_computed_one() {
        assert_eq!(
            account().public_key(),
            "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
        );
        let body = r#"{"data":null,"meta":{"ts":"2026-01-01T00:00:00.000Z","valid":false,"detail":"does not exist","code":"NOT_FOUND"}}"#;
        let target = "/v1/accounts/11111111-1111-4111-8111-111111111111/licenses/actions/validate-key";
        let headers = signed(target, "api.keygen.sh", body);
        assert_eq!(headers["keygen-digest"], "sha-256=Rcb45sHi63q4XRW6MKKE5JYpTiQtkjtr8LXF2wkNFkw=");
        let signature =
            "eVPOSZS769h4hnE020KZBuxZ8P5xs//YorGxXz7MLjV59YHeqDqTPULD59qTEowgFxQz071uTXSYmpEoE/YvDA==";
        assert!(headers["keygen-signature"].to_str().unwrap().contains(signature));
    }

    #[test]
    fn the_signature_of_a_webhook_equals_an_independently_computed_one() {
        let body = r#"{"data":{"id":"22222222-2222-4222-8222-222222222222","type":"webhook-events","attributes":{"event":"license.created","payload":"{}"}}}"#;
        let headers = signed("/hooks/keygen?src=1", "example.com", body);
        assert_eq!(headers["digest"], "sha-256=k40v+/zm8guDn7Mtl3DSTcWUdUAoUbZoY0Z30ibqgBw=");
        let signature =
            "qB8DteqI55Ov7inB0WuspYvbzQvszeWGQuPQ6F205MJXeaYjN68rEbaUcXhh3k57zF/g9JmJEZWYQF5sZD4aBA==";
        assert!(headers["keygen-signature"].to_str().unwrap().contains(signature));
    }

    #[test]
    fn the_host_has_no_port() {
        let host = |text: &str, port| host(&text.parse().unwrap(), &HeaderMap::new(), port);
        assert_eq!(host("http://127.0.0.1:8080/v1", false), "127.0.0.1");
        assert_eq!(host("https://api.keygen.sh/v1", false), "api.keygen.sh");
        assert_eq!(host("http://127.0.0.1:8080/v1", true), "127.0.0.1:8080");
    }
}

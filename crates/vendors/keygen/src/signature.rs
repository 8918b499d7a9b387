//! The signatures of answers and deliveries: Ed25519 over method, path, host, date and the digest of the body.
//!
//! The same scheme signs answers of the API and deliveries of webhooks. Only `ed25519` is accepted, which is the
//! default (server's code, June 2026).

use data_encoding::BASE64;
use http::HeaderMap;
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, UnparsedPublicKey};

/// The account's key. `Debug` does not print it, to keep logs short; it is no secret.
#[derive(Clone, Copy)]
pub(crate) struct PublicKey([u8; 32]);

/// What a signature is about, except for the headers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'a> {
    /// In lower case.
    pub(crate) method: &'a str,
    /// Path and query as they were sent.
    pub(crate) target: &'a str,
    /// Without a port.
    pub(crate) host: &'a str,
    /// The bytes of the body; the signature covers their digest.
    pub(crate) body: &'a [u8],
}

/// Why a message is not authentic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The header with this name is absent.
    Missing(&'static str),
    /// The header is not what Keygen writes, or names another algorithm.
    Malformed(&'static str),
    /// The header is there twice, so that two readers could verify different ones.
    Repeated(&'static str),
    /// The digest is not that of the body, or the signature is not one of this key.
    Mismatch,
}

/// Algorithm, covered parts and signature.
const SIGNATURE: &str = "keygen-signature";
/// The time of sending, as an HTTP date.
const DATE: &str = "date";
/// SHA-256 of the body, in Base64.
const DIGEST: &str = "digest";

impl PublicKey {
    /// The key with these 32 bytes.
    pub(crate) const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Verifies a signature of `message`.
    pub(crate) fn is_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, signature).is_ok()
    }

    /// Verifies the headers of an answer or delivery, and returns its date.
    ///
    /// Proxies rewrite `Date`, and Keygen sends copies of both headers under names of its own, which come first.
    pub(crate) fn verify<'h>(&self, headers: &'h HeaderMap, message: &Message<'_>) -> Result<&'h str, Fault> {
        let header = text(headers, SIGNATURE)?;
        let value = |name: &str| {
            header.split(',').find_map(|part| {
                let (found, value) = part.trim().split_once('=')?;
                (found == name).then(|| value.trim_matches('"'))
            })
        };
        if value("algorithm") != Some("ed25519")
            || value("headers") != Some("(request-target) host date digest")
        {
            return Err(Fault::Malformed(SIGNATURE));
        }
        let signature = value("signature").and_then(|text| BASE64.decode(text.as_bytes()).ok());
        let signature = signature.ok_or(Fault::Malformed(SIGNATURE))?;
        let date = either(headers, "keygen-date", DATE)?;
        let sent_digest = either(headers, "keygen-digest", DIGEST)?;
        let actual = format!("sha-256={}", BASE64.encode(digest(&SHA256, message.body).as_ref()));
        if sent_digest != actual {
            return Err(Fault::Mismatch);
        }
        let Message { method, target, host, .. } = message;
        let signed =
            format!("(request-target): {method} {target}\nhost: {host}\ndate: {date}\ndigest: {actual}");
        if self.is_signed(signed.as_bytes(), &signature) { Ok(date) } else { Err(Fault::Mismatch) }
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PublicKey")
    }
}

/// The header `first`, or `second` where there is none. A malformed first one is an error, so that it does not fall
/// back silently.
fn either<'h>(headers: &'h HeaderMap, first: &'static str, second: &'static str) -> Result<&'h str, Fault> {
    match text(headers, first) {
        Err(Fault::Missing(_)) => text(headers, second),
        found => found,
    }
}

/// The only value of a header, as text.
fn text<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<&'h str, Fault> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Err(Fault::Missing(name)),
        (Some(_), Some(_)) => Err(Fault::Repeated(name)),
        (Some(value), None) => value.to_str().map_err(|_| Fault::Malformed(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
    const BODY: &str = r#"{"data":null,"meta":{"ts":"2026-01-01T00:00:00.000Z","valid":false,"detail":"does not exist","code":"NOT_FOUND"}}"#;
    const DATED: &str = "Thu, 01 Jan 2026 00:00:00 GMT";

    fn headers() -> HeaderMap {
        let mut headers = HeaderMap::new();
        let signature = "keyid=\"11111111-1111-4111-8111-111111111111\", algorithm=\"ed25519\", signature=\"eVPOSZS769h4hnE020KZBuxZ8P5xs//YorGxXz7MLjV59YHeqDqTPULD59qTEowgFxQz071uTXSYmpEoE/YvDA==\", headers=\"(request-target) host date digest\"";
        headers.insert("keygen-signature", signature.parse().unwrap());
        headers.insert("keygen-date", DATED.parse().unwrap());
        headers
            .insert("keygen-digest", "sha-256=Rcb45sHi63q4XRW6MKKE5JYpTiQtkjtr8LXF2wkNFkw=".parse().unwrap());
        headers
    }

    fn verify(headers: &HeaderMap, host: &str, body: &str) -> Result<String, Fault> {
        let target = "/v1/accounts/11111111-1111-4111-8111-111111111111/licenses/actions/validate-key";
        let message = Message { method: "post", target, host, body: body.as_bytes() };
        let key = PublicKey::new(crate::credential::public_key(KEY).unwrap());
        key.verify(headers, &message).map(str::to_owned)
    }

    /// The signature was made with another implementation.
    #[test]
    fn the_worked_example_is_authentic_and_nothing_else() {
        assert_eq!(verify(&headers(), "api.keygen.sh", BODY).unwrap(), DATED);
        let mut rewritten = headers();
        rewritten.insert("date", "Fri, 02 Jan 2026 00:00:00 GMT".parse().unwrap());
        assert_eq!(verify(&rewritten, "api.keygen.sh", BODY).unwrap(), DATED);
        assert_eq!(verify(&headers(), "api.keygen.sh:8080", BODY), Err(Fault::Mismatch));
        assert_eq!(verify(&headers(), "api.keygen.sh", "{}"), Err(Fault::Mismatch));
        let mut without = headers();
        without.remove("keygen-signature");
        assert_eq!(verify(&without, "api.keygen.sh", BODY), Err(Fault::Missing(SIGNATURE)));
        let mut twice = headers();
        twice.append("keygen-signature", "x".parse().unwrap());
        assert_eq!(verify(&twice, "api.keygen.sh", BODY), Err(Fault::Repeated(SIGNATURE)));
        let mut other = headers();
        other.insert("keygen-signature", "algorithm=\"rsa-sha256\"".parse().unwrap());
        assert_eq!(verify(&other, "api.keygen.sh", BODY), Err(Fault::Malformed(SIGNATURE)));
    }
}

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, NotAuthentic, Operation, Result, Timestamp};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use hmac::Mac;
use http::HeaderMap;
use sha2::{Digest, Sha256};

use crate::verifier::text;
use crate::{Authentic, SigningKey};

/// Verifies deliveries that are signed by nothing but a header with the HMAC-SHA-256 of the body, in hexadecimal
/// digits, as Lemon Squeezy sends them. For authors of receivers.
///
/// Such a delivery has neither an id nor a time. Its id is the SHA-256 of the body, which is the same in each retry,
/// and its time is that of its arrival. A replayed delivery is recognized by its id only, so keep ids for as long as a
/// replay would do harm.
///
/// ```
/// use anykey_core::{HeaderMap, SecretString, Timestamp};
/// use anykey_webhook::{BodyVerifier, SigningKey};
///
/// let secret = SecretString::from("ls_signing_secret");
/// let verifier = BodyVerifier::requiring("x-signature", [SigningKey::literal(&secret)])?;
/// let mut headers = HeaderMap::new();
/// headers.insert("x-signature", "00".repeat(32).parse().unwrap());
/// assert!(verifier.verify(&headers, b"{}", Timestamp::UNIX_EPOCH).is_err());
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct BodyVerifier {
    header: &'static str,
    keys: Vec<SigningKey>,
}

impl BodyVerifier {
    /// Accepts a signature by any of `keys` in `header`, whose name is in lower case.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when there is no key, and the error of the first key that is unusable.
    pub fn requiring(
        header: &'static str,
        keys: impl IntoIterator<Item = Result<SigningKey>>,
    ) -> Result<Self> {
        let keys: Vec<SigningKey> = keys.into_iter().collect::<Result<_>>()?;
        if keys.is_empty() {
            return Err(Error::new(ErrorKind::Config, "there is no webhook secret; give at least one")
                .with_operation(Operation::Configure));
        }
        Ok(Self { header, keys })
    }

    /// Verifies that one of the keys signed `body`.
    ///
    /// # Errors
    ///
    /// [`NotAuthentic`], with what is missing or wrong.
    pub fn verify(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Authentic, NotAuthentic> {
        let signature = text(headers, self.header)?;
        let signature = HEXLOWER_PERMISSIVE
            .decode(signature.as_bytes())
            .map_err(|_| NotAuthentic::MalformedHeader(self.header))?;
        let is_signed = self.keys.iter().filter_map(SigningKey::code).any(|mut code| {
            code.update(body);
            code.verify_slice(&signature).is_ok()
        });
        if !is_signed {
            return Err(NotAuthentic::SignatureMismatch);
        }
        let id = HEXLOWER.encode(&Sha256::digest(body));
        Ok(Authentic { id: id.into(), sent_at: now })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"meta":{"event_name":"license_key_updated"},"data":{"type":"license-keys","id":"1","attributes":{"status":"active"}}}"#;
    /// Computed with two other implementations.
    const SIGNATURE: &str = "a09e005681b1463788b206db2efd5a898c484a48cab09a4994d3430fe6e40e37";

    fn verifier(secrets: &[&str]) -> BodyVerifier {
        let keys = secrets.iter().map(|secret| SigningKey::literal(&(*secret).into()));
        BodyVerifier::requiring("x-signature", keys).unwrap()
    }

    fn verify(signatures: &[&str], body: &[u8]) -> Result<Authentic, NotAuthentic> {
        let mut headers = HeaderMap::new();
        for signature in signatures {
            headers.append("x-signature", signature.parse().unwrap());
        }
        verifier(&["another-signing-secret", "ls_signing_secret"]).verify(
            &headers,
            body,
            Timestamp::UNIX_EPOCH,
        )
    }

    #[test]
    fn the_worked_example_is_authentic_by_any_of_the_keys() {
        let authentic = verify(&[SIGNATURE], BODY).unwrap();
        assert_eq!((authentic.id.len(), authentic.sent_at), (64, Timestamp::UNIX_EPOCH));
        assert_eq!(
            verify(&[&SIGNATURE.to_uppercase()], BODY).unwrap(),
            authentic,
            "the same body, the same id"
        );
    }

    #[test]
    fn everything_else_is_not() {
        use NotAuthentic::{MalformedHeader, MissingHeader, RepeatedHeader, SignatureMismatch};
        let name = "x-signature";
        for (signatures, body, expected) in [
            (&[][..], BODY, MissingHeader(name)),
            (&[SIGNATURE, SIGNATURE], BODY, RepeatedHeader(name)),
            (&["sha256=00"], BODY, MalformedHeader(name)),
            (&["abc"], BODY, MalformedHeader(name)),
            (&[""], BODY, MalformedHeader(name)),
            (&["00"], BODY, SignatureMismatch),
            (&[SIGNATURE], b"{}", SignatureMismatch),
        ] {
            assert_eq!(verify(signatures, body), Err(expected), "{signatures:?}");
        }
    }
}

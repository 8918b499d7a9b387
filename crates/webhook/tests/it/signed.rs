//! Deliveries signed by another implementation.

use anykey_core::{HeaderMap, NotAuthentic, SecretString, Timestamp};
use anykey_webhook::{Authentic, SigningKey, Verifier};
use http::HeaderValue;
use standardwebhooks::Webhook;

pub(crate) const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub(crate) const OTHER_SECRET: &str = "whsec_Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=";
pub(crate) const ID: &str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
pub(crate) const SENT_AT: i64 = 1_790_000_000;
pub(crate) const BODY: &str = r#"{"type":"a.b","timestamp":"2026-09-21T13:33:20Z","data":{"n":1.0}}"#;

pub(crate) struct Signed {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn signature(secret: &str, id: &str, sent_at: i64, body: &str) -> String {
    Webhook::new(secret).unwrap().sign(id, sent_at, body.as_bytes()).unwrap()
}

pub(crate) fn signed() -> Signed {
    let mut signed = Signed { headers: HeaderMap::new(), body: BODY.as_bytes().to_vec() };
    signed.set("webhook-id", ID);
    signed.set("webhook-timestamp", &SENT_AT.to_string());
    signed.set("webhook-signature", &signature(SECRET, ID, SENT_AT, BODY));
    signed
}

pub(crate) fn verifier(secrets: &[&str]) -> Verifier {
    Verifier::new(secrets.iter().map(|secret| SigningKey::standard(&SecretString::from(*secret)).unwrap()))
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

impl Signed {
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }

    pub(crate) fn verify(&self) -> Result<Authentic, NotAuthentic> {
        self.verify_with(&[SECRET])
    }

    pub(crate) fn verify_with(&self, secrets: &[&str]) -> Result<Authentic, NotAuthentic> {
        verifier(secrets).verify(&self.headers, &self.body, at(SENT_AT))
    }
}

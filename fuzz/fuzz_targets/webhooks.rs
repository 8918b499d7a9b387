#![no_main]

use anykey::{Environment, HeaderMap, SecretString, Timestamp, WebhookError, WebhookReceiver};
use anykey_creem::CreemWebhooks;
use anykey_dodo::DodoWebhooks;
use anykey_keygen::KeygenWebhooks;
use anykey_lemonsqueezy::LemonSqueezyWebhooks;
use anykey_polar::PolarWebhooks;
use data_encoding::{BASE64, HEXLOWER};
use http::{HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair};
use standardwebhooks::Webhook;

const SECRET: &str = "whsec_ZXhhbXBsZS1vbmx5LXdlYmhvb2stc2Vj";

fuzz_target!(|input: (i32, &str)| {
    let (sent_at, body) = (i64::from(input.0), input.1.as_bytes());
    let signing_key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let mut headers = HeaderMap::new();
    let mut add = |name: &'static str, value: String| {
        headers.insert(HeaderName::from_static(name), HeaderValue::try_from(value).unwrap());
    };
    add("webhook-id", "msg_1".to_owned());
    add("webhook-timestamp", sent_at.to_string());
    add("webhook-signature", Webhook::new(SECRET).unwrap().sign("msg_1", sent_at, body).unwrap());
    add("x-signature", of_the_body(body));
    for (name, value) in of_the_request(&signing_key, sent_at, body) {
        add(name, value);
    }
    let now = Timestamp::from_second(sent_at).unwrap();
    let secret = || [SecretString::from(SECRET)];
    let public_key = HEXLOWER.encode(signing_key.public_key().as_ref());
    let receivers: [Box<dyn WebhookReceiver>; 5] = [
        Box::new(CreemWebhooks::new(Environment::Live, secret()).unwrap()),
        Box::new(DodoWebhooks::new(secret()).unwrap()),
        Box::new(KeygenWebhooks::new(&public_key, "https://app.example/hook").unwrap()),
        Box::new(LemonSqueezyWebhooks::new("1", Environment::Live, secret()).unwrap()),
        Box::new(PolarWebhooks::new(secret()).unwrap()),
    ];
    for receiver in receivers {
        match receiver.verify(&headers, body, now) {
            Ok(event) => assert_eq!(event.raw.expose(), body),
            Err(WebhookError::Unreadable(delivery)) => assert_eq!(delivery.body().expose(), body),
            Err(error) => assert!(error.is_authentic() || sent_at < 0),
        }
    }
});

fn of_the_body(body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    HEXLOWER.encode(hmac::sign(&key, body).as_ref())
}

/// Of a signature over method, path, host, date and digest. There are no dates before 1970.
fn of_the_request(key: &Ed25519KeyPair, sent_at: i64, body: &[u8]) -> [(&'static str, String); 3] {
    let sent_at = std::time::Duration::from_secs(sent_at.try_into().unwrap_or_default());
    let date = httpdate::fmt_http_date(std::time::UNIX_EPOCH + sent_at);
    let digest = format!("sha-256={}", BASE64.encode(digest(&SHA256, body).as_ref()));
    let signed = format!("(request-target): post /hook\nhost: app.example\ndate: {date}\ndigest: {digest}");
    let signature = BASE64.encode(key.sign(signed.as_bytes()).as_ref());
    let signature = format!(
        "keyid=\"a\", algorithm=\"ed25519\", signature=\"{signature}\", headers=\"(request-target) host date digest\""
    );
    [("date", date), ("digest", digest), ("keygen-signature", signature)]
}

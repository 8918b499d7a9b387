#![no_main]

use anykey::{Environment, HeaderMap, SecretString, Timestamp, WebhookError, WebhookReceiver};
use anykey_creem::CreemWebhooks;
use anykey_dodo::DodoWebhooks;
use anykey_polar::PolarWebhooks;
use http::HeaderValue;
use libfuzzer_sys::fuzz_target;
use standardwebhooks::Webhook;

const SECRET: &str = "whsec_ZXhhbXBsZS1vbmx5LXdlYmhvb2stc2VjcmV0LTAwMDE=";

fuzz_target!(|input: (i32, &str)| {
    let (sent_at, body) = (i64::from(input.0), input.1.as_bytes());
    let signature = Webhook::new(SECRET).unwrap().sign("msg_1", sent_at, body).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", HeaderValue::from_static("msg_1"));
    headers.insert("webhook-timestamp", HeaderValue::from(sent_at));
    headers.insert("webhook-signature", HeaderValue::from_str(&signature).unwrap());
    let now = Timestamp::from_second(sent_at).unwrap();
    let secret = || [SecretString::from(SECRET)];
    let receivers: [Box<dyn WebhookReceiver>; 3] = [
        Box::new(CreemWebhooks::new(Environment::Live, secret()).unwrap()),
        Box::new(DodoWebhooks::new(secret()).unwrap()),
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

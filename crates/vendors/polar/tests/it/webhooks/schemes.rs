//! Two ways to sign under one prefix.

use anykey_core::{ErrorKind, NotAuthentic, SecretString, WebhookError, WebhookReceiver};
use anykey_polar::PolarWebhooks;

use super::signed::{SECRET, SENT_AT, at, headers, received, receiver, signature};

const BODY: &str = r#"{"type":"benefit_grant.created","timestamp":"2026-09-21T13:33:20.000000Z","data":{"id":"d322132c-a9d0-4e0d-b8d3-d81ad021a3a9"}}"#;

const OLDER_SECRET: &str = "polar_whs_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK";
const STANDARD_SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Secret, scheme's own signature; made once with another implementation.
const VECTORS: [(&str, &str); 3] = [
    (SECRET, "v1,XrmND4HC6n1ijZy7AZz+I0qB3UCxRe9h9Rny+xDX/j0="),
    (OLDER_SECRET, "v1,GyvlCiYPwphkyQ/0QQd5ElChmu5+13CfVTfmddgQu7E="),
    (STANDARD_SECRET, "v1,gREsSMl+SQmimZvViOsN9kMIo+bOh+A8eIlH59a8J/U="),
];

fn verify(receiver: &PolarWebhooks, signature: &str) -> Result<(), WebhookError> {
    receiver.verify(&headers(signature), BODY.as_bytes(), at(SENT_AT)).map(drop)
}

#[test]
fn both_schemes_are_tried_for_every_secret() {
    for (secret, signature) in VECTORS {
        verify(&receiver(&[secret]), signature).unwrap();
        verify(&receiver(&["another secret, long enough", secret]), signature).unwrap();
        for (other, _) in VECTORS.into_iter().filter(|(other, _)| *other != secret) {
            let error = verify(&receiver(&[other]), signature).unwrap_err();
            assert_eq!(error, NotAuthentic::SignatureMismatch.into(), "{other}");
        }
    }
}

#[test]
fn a_secret_of_the_sellers_own_is_its_text_whatever_it_looks_like() {
    for secret in [STANDARD_SECRET, "whsec_but this is no base64 at all", "correct horse battery staple"] {
        verify(&receiver(&[secret]), &signature(secret.as_bytes(), BODY)).unwrap();
        let without_prefix = secret.trim_start_matches("whsec_");
        if without_prefix != secret {
            let wrong = verify(&receiver(&[secret]), &signature(without_prefix.as_bytes(), BODY));
            assert_eq!(wrong, Err(NotAuthentic::SignatureMismatch.into()));
        }
    }
}

#[test]
fn what_polar_listen_relays_is_signed_with_the_organizations_id() {
    let receiver = PolarWebhooks::for_polar_listen("57A10A51-653a-449f-a259-1c70a3bbc826").unwrap();
    let relayed = signature(b"57a10a51653a449fa2591c70a3bbc826", BODY);
    verify(&receiver, &relayed).unwrap();
    let error = PolarWebhooks::for_polar_listen("planted").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(!format!("{error} {error:?}").contains("planted"));
}

#[test]
fn no_secret_and_a_short_one_are_mistakes_in_the_configuration() {
    for secrets in [vec![], vec![SecretString::from("")], vec![SecretString::from("planted")]] {
        let error = PolarWebhooks::new(secrets).unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some("polar")));
        assert!(!format!("{error} {error:?}").contains("planted"));
    }
    assert!(!format!("{:?}", receiver(&[SECRET])).contains("ovyN6c"));
}

#[test]
fn what_is_authentic_but_no_json_keeps_its_bytes() {
    for body in [
        "",
        "payload=x",
        "[]",
        r#"{"type":"benefit_grant.created"}"#,
        r#"{"type":"benefit_grant.created","data":7}"#,
    ] {
        let Err(WebhookError::Unreadable(delivery)) = received(body) else { panic!("{body}") };
        assert_eq!(delivery.body().expose(), body.as_bytes());
    }
}

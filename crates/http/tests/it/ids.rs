use anykey_core::{ErrorKind, Operation};
use anykey_http::{ApiRequest, BearerToken, PathSegment, redact};

use crate::support::{Script, status};

async fn path_of(id: &str) -> String {
    let script = Script::new([status(200)]);
    let segment = PathSegment::new("license key id", id).unwrap();
    let request =
        ApiRequest::get(Operation::Get).path(&["license_keys"]).segment(segment).path(&["instances"]);
    script.client().send(request).await.unwrap();
    script.request(0).uri().path().to_owned()
}

#[tokio::test]
async fn ids_are_one_encoded_segment() {
    assert_eq!(path_of("lic_bL8HwBAM-fu.Q~1").await, "/v1/license_keys/lic_bL8HwBAM-fu.Q~1/instances");
    assert_eq!(path_of("a b;c=d&e+f@g:h").await, "/v1/license_keys/a%20b%3Bc%3Dd%26e%2Bf%40g%3Ah/instances");
    assert_eq!(path_of("...").await, "/v1/license_keys/.../instances");
    assert_eq!(path_of("\"<>[]^`{|}").await, "/v1/license_keys/%22%3C%3E%5B%5D%5E%60%7B%7C%7D/instances");
}

#[test]
fn ids_that_could_mean_another_endpoint_are_refused() {
    let long = "x".repeat(513);
    let secret = "SECRET";
    let escapes = [
        "",
        ".",
        "..",
        "../SECRET",
        "SECRET/..",
        "SECRET\\x",
        "SECRET?x",
        "SECRET#x",
        "%2e%2e",
        "SECRET%2Fx",
        "SECRET\n",
        "SECRET\0",
        "SECRET\u{7f}",
        "SECRETé",
        "SECRET\u{ff0f}",
        &long,
    ];
    for id in escapes {
        let error = PathSegment::new("license key id", id).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id:?}");
        assert!(error.message().starts_with("the license key id "), "{error}");
        assert!(!format!("{error} {error:?}").contains(secret), "{error:?}");
    }
    assert!(PathSegment::new("license key id", &"x".repeat(512)).is_ok());
}

#[test]
fn tokens_that_no_header_can_carry_are_refused() {
    for token in
        ["", " ", "\n", "SECRET\n", " SECRET", "Bearer SECRET", "SECRET\0", "SECRETé", "SEC\u{7f}RET"]
    {
        let error = BearerToken::new(token).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{token:?}");
        assert!(!format!("{error} {error:?}").contains("SEC"), "{error:?}");
    }
    let hint = BearerToken::new("SECRET\n").unwrap_err();
    assert!(hint.message().contains("line break"), "{hint}");
    assert!(BearerToken::new("acme_oat_Abc-123._~+/=").is_ok());
}

#[test]
fn redaction_masks_every_occurrence_in_any_case() {
    assert_eq!(redact("KEY-1 key-1 Key-1x", &["Key-1"]), "[redacted] [redacted] [redacted]x");
    assert_eq!(
        redact("abcd-ef abcd", &["abcd", "abcd-ef"]),
        "[redacted] [redacted]",
        "the longer secret first"
    );
    assert_eq!(redact("plain", &[""]), "plain");
    assert_eq!(redact("é KEYS é", &["keys"]), "é [redacted] é");
    assert_eq!(redact(" two\r\nlines\t", &[]), "two  lines");
}

#[test]
fn a_secret_of_one_to_three_characters_garbles_no_sentence() {
    for secret in ["e", "a", "no", "KEY"] {
        assert_eq!(redact("A license key has no seat left.", &[secret]), "A license key has no seat left.");
    }
    for quoted in ["\"e\"", "'E'", "`e`", "“e”", "<e>"] {
        let text = redact(&format!("No license key {quoted} here."), &["e"]);
        assert!(text.contains("[redacted]") && text.starts_with("No license key "), "{text}");
    }
}

#[test]
fn redaction_shortens_after_masking() {
    let long = "x".repeat(295) + "SECRET-SECRET" + &"y".repeat(500);
    let text = redact(&long, &["SECRET-SECRET"]);
    assert_eq!(text.chars().count(), 300);
    assert!(!text.contains("SEC") && text.ends_with('…'), "{text}");
    assert_eq!(redact(&"é".repeat(300), &[]), "é".repeat(300));
    assert_eq!(redact(&"é".repeat(301), &[]).chars().count(), 300);
}

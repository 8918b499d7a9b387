//! The configuration: any text, and any value in any field.

use anykey::{Config, ErrorKind, Providers, Registry};
use anykey_tests::TestSecrets;
use proptest::prelude::*;

const SECRET: &str = "planted-secret-8c1f";

/// The fields of a few known words: another word is shown, since it is a typo. No other field's text is.
const WORDS: [&str; 4] = ["provider", "default", "environment", "license_keys"];

/// Opens what `text` says.
fn open(text: &str) {
    let secrets = TestSecrets::new(&[("TOKEN", SECRET)]);
    let registry = Registry::builtin().with_secrets(secrets);
    let opened = Config::from_toml(text).and_then(|config| Providers::open_with(&registry, &config));
    if let Err(error) = opened {
        assert_eq!(error.kind(), ErrorKind::Config, "{error:?} of {text}");
        let is_a_word = WORDS.iter().any(|field| text.contains(&format!("{field} = \"{SECRET}")));
        assert!(is_a_word || !format!("{error} {error:?}").contains(SECRET), "{error:?}");
    }
}

fn fields() -> impl Strategy<Value = String> {
    let name = prop::sample::select(
        &[
            "provider",
            "environment",
            "base_url",
            "token",
            "products",
            "raw",
            "pacing",
            "timeout",
            "organization_id",
            "store_id",
            "variants",
            "session_token",
            "api_version",
            "keys",
            "default",
            "providers.main.provider",
            "tokne",
            "license_keys",
        ][..],
    );
    let value = prop_oneof![
        prop::sample::select(
            &[
                "\"live\"",
                "\"sandbox\"",
                "true",
                "0",
                "-1",
                "30",
                "1e400",
                "nan",
                "[]",
                "{}",
                "{ env = \"TOKEN\" }",
                "{ env = \"NOT_SET\" }",
                "{ file = \"/nowhere\" }",
                "\"https://a.b\"",
                "\"http://a.b\"",
                "\"https://u:p@a.b/?q#f\"",
                "\"../x\"",
                "\"57a10a51-653a-449f-a259-1c70a3bbc826\"",
                "\"2026-10\"",
                "\"planted-secret-8c1f\"",
                "9223372036854775807",
                "2026-11-21T12:00:00Z",
                "[[[[]]]]",
            ][..]
        )
        .prop_map(str::to_owned),
        prop::sample::select(Registry::builtin().names().collect::<Vec<_>>())
            .prop_map(|name| format!("{name:?}")),
        any::<String>().prop_map(|text| format!("{text:?}")),
    ];
    prop::collection::vec((name, value), 0..8)
        .prop_map(|fields| fields.iter().map(|(name, value)| format!("{name} = {value}\n")).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_configuration_or_an_error(text in any::<String>()) {
        open(&text);
    }

    #[test]
    fn any_value_in_any_field_is_taken_or_an_error(text in fields()) {
        open(&text);
    }
}

#[test]
fn deep_and_long_configurations_end() {
    for text in [
        format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{}provider = \"memory\"", "# x\n".repeat(100_000)),
        format!("{} = 1", vec!["a"; 100_000].join(".")),
        format!("provider = \"{}\"", "x".repeat(1_000_000)),
    ] {
        open(&text);
    }
}

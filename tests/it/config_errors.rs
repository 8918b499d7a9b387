//! Every way to get a configuration wrong ends in an error that names the place and says what to do.

use anykey::{Config, ErrorKind, Registry};
use anykey_tests::{TestSecrets, provider};

const POLAR: &str = "provider = \"polar\"\norganization_id = \"57a10a51-653a-449f-a259-1c70a3bbc826\"\n";

#[test]
fn what_is_wrong_is_named() {
    let cases = [
        (
            "provider = \"poalr\"",
            "there is no vendor called `poalr`; known are dodo, lemonsqueezy, memory, polar",
        ),
        ("provider = \"dodo\"\ntokn = 1", "unknown field `tokn`"),
        (
            "provider = \"dodo\"\nenvironment = \"staging\"",
            "`environment`: unknown value, expected one of `live`,",
        ),
        (
            "provider = \"dodo\"\ntoken = { env = \"MISSING\" }",
            "`token`: the environment variable MISSING is not set",
        ),
        (
            "provider = \"dodo\"\ntoken = { env = \"EMPTY\" }",
            "`token`: the environment variable EMPTY is empty",
        ),
        (
            "provider = \"dodo\"\ntoken = { file = \"absent/token\" }",
            "`token`: the file absent/token cannot be read",
        ),
        ("provider = \"dodo\"\ntoken = \"planted-secret\"", "write a secret as { env = \"VARIABLE\" }"),
        ("provider = \"dodo\"\nbase_url = \"http://example.com\"", "plain http"),
        ("provider = \"dodo\"\nnetwork = { proxi = \"none\" }", "`network.proxi`: unknown field"),
        (
            "provider = \"dodo\"\nnetwork = { proxy = \"http://u:planted-secret@proxy.test\" }",
            "`network.proxy` holds a user name or password",
        ),
        ("provider = \"dodo\"\nnetwork = { root_certificate = \"absent.pem\" }", "absent.pem cannot be read"),
        ("provider = \"dodo\"\ntoken = { env = \"SPACED\" }", "`token`: the access token holds white space"),
        ("provider = \"polar\"", "`organization_id`"),
        (&format!("{POLAR}session_token = {{ env = \"ORGANIZATION\" }}"), "session_token"),
        (&format!("{POLAR}token = {{ env = \"SESSION\" }}"), "session_token"),
        (
            "provider = \"memory\"\nkeys = [{ code = \"A\", activation_limit = \"x\" }]",
            "`keys[0].activation_limit`",
        ),
    ];
    let secrets = TestSecrets::new(&[
        ("EMPTY", " \n"),
        ("SPACED", "Bearer planted-secret"),
        ("ORGANIZATION", "polar_oat_planted-secret"),
        ("SESSION", "polar_cst_planted-secret"),
    ]);
    for (config, expected) in cases {
        let error = provider(config, &secrets).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{config}: {error}");
        assert!(error.to_string().contains(expected), "{config}: {error}");
        assert!(!format!("{error} {error:?}").contains("planted-secret"), "{config}: {error:?}");
    }
}

#[test]
fn one_wrong_provider_among_several_is_named() {
    let config = Config::from_toml(
        "default = \"a\"\n[providers.a]\nprovider = \"memory\"\n[providers.b]\nprovider = \"dodo\"\ntokn = 1",
    )
    .unwrap();
    let error = anykey::Providers::open(&config).unwrap_err();
    assert!(error.to_string().contains("providers.b"), "{error}");
    assert!(Registry::builtin().build(&config).is_ok(), "the default provider alone is good");
}

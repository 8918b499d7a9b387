//! Every way to get a configuration wrong ends in an error that names the place and says what to do.

use anykey::sim::SimulatedPlane;
use anykey::{Config, ErrorKind, Registry};
use anykey_tests::{TestSecrets, provider, simulations};

/// Asserts that `config` is rejected for what `expected` says.
fn assert_rejected(config: &str, secrets: &TestSecrets, expected: &str) {
    let error = provider(config, secrets).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{config}: {error}");
    assert!(error.to_string().contains(expected), "{config}: {error}");
    assert!(!format!("{error} {error:?}").contains("planted-secret"), "{config}: {error:?}");
}

#[test]
fn what_is_wrong_is_named_at_every_vendor() {
    let of_credentials = [
        ("{ env = \"MISSING\" }", ": the environment variable MISSING is not set"),
        ("{ env = \"EMPTY\" }", ": the environment variable EMPTY is empty"),
        ("{ file = \"absent/token\" }", ": the file absent/token cannot be read"),
        ("\"planted-secret\"", ": write a secret as { env = \"VARIABLE\" }"),
        ("{ env = \"SPACED\" }", " holds white space"),
        ("{ env = \"HEADER\" }", ": the environment variable HEADER begins with a word of the header"),
        ("{ env = \"QUOTED\" }", ": the environment variable QUOTED is in quotes"),
        ("{ env = \"UNSET\" }", ": the environment variable UNSET is the name of a variable"),
    ];
    let of_fields = [
        ("tokn", "1", "unknown field `tokn`"),
        ("environment", "\"staging\"", "`environment`: unknown value, expected one of `live`,"),
        ("base_url", "\"http://example.com\"", "plain http"),
        ("base_url", "\"https://${HOST}\"", "variable"),
        ("products", "[\"\"]", "`products` holds"),
        ("products", "[\"<a-product>\"]", "`products` holds"),
        ("products", "[\" a-product \"]", "`products` holds"),
        ("network", "{ proxi = \"none\" }", "`network.proxi`: unknown field"),
        (
            "network",
            "{ proxy = \"http://u:planted-secret@proxy.test\" }",
            "`network.proxy` holds a user name or password",
        ),
        ("network", "{ root_certificate = \"absent.pem\" }", "absent.pem cannot be read"),
    ];
    let secrets = TestSecrets::new(&[
        ("EMPTY", " \n"),
        ("SPACED", "planted-secret planted-secret"),
        ("HEADER", "Bearer planted-secret"),
        ("QUOTED", "'planted-secret'"),
        ("UNSET", "${planted-secret}"),
    ]);
    for simulation in simulations() {
        let vendor = simulation.vendor.vendor();
        let plane = simulation.device_plane();
        let secrets = secrets.clone().with_those_of(&plane);
        let text = |plane: &SimulatedPlane| format!("provider = \"{vendor}\"\n{}", plane.to_toml());
        assert!(provider(&text(&plane), &secrets).is_ok(), "{vendor}");
        let assert_field_rejected = |field: &str, value: &str, expected: &str| {
            let mut plane = plane.clone();
            plane.fields.remove(field);
            assert_rejected(&format!("{}{field} = {value}", text(&plane)), &secrets, expected);
        };
        for (field, value, expected) in of_fields {
            if field != "environment" || simulation.has_field(field) {
                assert_field_rejected(field, value, expected);
            }
        }
        let credential = simulation.credential_field();
        for (value, expected) in of_credentials {
            assert_field_rejected(&credential, value, expected);
        }
    }
}

#[test]
fn an_unknown_vendor_and_a_wrong_key_are_named() {
    let none = TestSecrets::default();
    let known = Registry::builtin().names().collect::<Vec<_>>().join(", ");
    let expected = format!("there is no vendor called `acme`; known are {known}");
    assert_rejected("provider = \"acme\"", &none, &expected);
    let keys = "provider = \"memory\"\nkeys = [{ code = \"A\", activation_limit = \"x\" }]";
    assert_rejected(keys, &none, "`keys[0].activation_limit`");
}

#[test]
fn one_wrong_provider_among_several_is_named() {
    let config = Config::from_toml(
        "default = \"a\"\n[providers.a]\nprovider = \"memory\"\n[providers.b]\nprovider = \"memory\"\ntokn = 1",
    )
    .unwrap();
    let error = anykey::Providers::open(&config).unwrap_err();
    assert!(error.to_string().contains("providers.b"), "{error}");
    assert!(Registry::builtin().build(&config).is_ok(), "the default provider alone is good");
}

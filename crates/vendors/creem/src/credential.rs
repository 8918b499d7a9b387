//! Checks of a configuration whose mistakes would fail every call or refuse every delivery.
//!
//! All of them are made when the provider or the receiver is built, before the first customer is affected.

#[cfg(feature = "webhooks")]
use anykey_core::adapter;
use anykey_core::{Environment, Error, ErrorKind, Result, SecretString};
use secrecy::ExposeSecret;

/// How API keys of test mode begin. Those of live mode begin with `creem_` alone (documentation, 2026).
const TEST: &str = "creem_test_";
/// How API keys of either mode begin.
const ANY: &str = "creem_";

/// Accepts an API key of the mode of `environment`, and also texts in no known form, since the form is documented by
/// samples only.
///
/// # Errors
///
/// `Config` if `token` is a webhook secret, or an API key of another mode than `environment`. The message does not
/// contain it.
pub(crate) fn check_token(token: &SecretString, environment: Environment) -> Result<()> {
    let text = token.expose_secret();
    let message = if text.starts_with("whsec_") {
        "`token` is a webhook secret; it belongs in `webhook_secrets`"
    } else if environment == Environment::Live && text.starts_with(TEST) {
        "`token` is an API key of test mode and `environment` is `live`"
    } else if environment == Environment::Sandbox && text.starts_with(ANY) && !text.starts_with(TEST) {
        "`token` is an API key of live mode and `environment` is `sandbox`"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Config, message))
}

/// Refuses a text that is not a signing secret, which would otherwise be noticed only when every delivery is refused.
///
/// # Errors
///
/// `Config`. The message does not contain the secret.
#[cfg(feature = "webhooks")]
pub(crate) fn check_webhook_secret(secret: &SecretString) -> Result<()> {
    adapter::check_webhook_secret(secret)?;
    let text = secret.expose_secret();
    let message = if text.starts_with(ANY) {
        "the webhook secret is an API key; copy the signing secret of the webhook"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Config, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_the_other_mode_is_refused_and_not_printed() {
        for (token, environment, named) in [
            ("creem_test_planted", Environment::Live, "test mode"),
            ("creem_planted", Environment::Sandbox, "live mode"),
            ("whsec_planted", Environment::Live, "webhook secret"),
        ] {
            let error = check_token(&token.into(), environment).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains(named), "{error}");
            assert!(!error.to_string().contains("planted"), "{error}");
        }
        for (token, environment) in [
            ("creem_planted", Environment::Live),
            ("creem_test_planted", Environment::Sandbox),
            ("a-key-of-another-form", Environment::Live),
        ] {
            check_token(&token.into(), environment).unwrap();
        }
    }
}

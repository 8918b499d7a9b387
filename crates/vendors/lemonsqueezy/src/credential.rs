//! Checks of a configuration whose mistakes would refuse every key or every delivery.
//!
//! All of them are made when the provider is built, so that an app fails at its start and not at its first customer.

#[cfg(feature = "webhooks")]
use anykey_core::adapter;
use anykey_core::{Error, ErrorKind, Result, SecretString};
use secrecy::ExposeSecret;

/// Accepts a token that can be one. API keys of Lemon Squeezy have no documented form, so only texts that are certainly
/// something else are refused.
///
/// # Errors
///
/// `Config` if `token` is a webhook secret. The message does not contain it.
pub(crate) fn check_token(token: &SecretString) -> Result<()> {
    if token.expose_secret().starts_with("whsec_") {
        let message = "`token` holds a webhook secret; it belongs into `webhook_secrets`";
        return Err(Error::new(ErrorKind::Config, message));
    }
    Ok(())
}

/// Accepts an id of a store, product or variant.
///
/// # Errors
///
/// `Config` if `id`, an entry of `field`, is not an id of a store, product or variant.
pub(crate) fn check_id(field: &'static str, id: &str) -> Result<()> {
    if is_id(id) {
        return Ok(());
    }
    let message =
        format!("`{field}` holds what is no id of Lemon Squeezy: the ids of its records are numbers");
    Err(Error::new(ErrorKind::Config, message))
}

/// Whether `id` is a number as Lemon Squeezy writes its ids, which are counted from 1. Leading zeros and signs are
/// other spellings of the same number and compare unequal to what an answer contains.
pub(crate) fn is_id(id: &str) -> bool {
    id.parse().is_ok_and(|number: u64| number > 0 && number.to_string() == id)
}

/// Refuses a text that is not a signing secret, which would otherwise be noticed only when every delivery is refused.
/// The vendor allows 6 to 40 characters (documentation, 2026); the verifier demands 16, since the receiver's address is
/// public and a short secret can be guessed.
///
/// # Errors
///
/// `Config`. The message does not contain the secret.
#[cfg(feature = "webhooks")]
pub(crate) fn check_webhook_secret(secret: &SecretString) -> Result<()> {
    adapter::check_webhook_secret(secret)?;
    let text = secret.expose_secret();
    let message = if text.chars().count() > 40 {
        "the webhook secret is longer than the 40 characters that Lemon Squeezy allows; it may be an API key"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Config, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_secret_is_not_a_token_and_is_not_printed() {
        let error = check_token(&"whsec_planted".into()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!error.to_string().contains("planted"), "{error}");
        check_token(&"eyJ0eXAi.eyJhdWQi.c2ln".into()).unwrap();
    }

    #[test]
    fn an_id_is_a_number_with_one_spelling() {
        for id in ["", "0", " 1", "1 ", "+1", "01", "-1", "1.0", "pdt_1", "99999999999999999999"] {
            let error = check_id("products", id).unwrap_err();
            assert!(error.to_string().contains("`products`"), "{error}");
        }
        check_id("store_id", "12345").unwrap();
    }
}

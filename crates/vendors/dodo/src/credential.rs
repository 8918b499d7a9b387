//! What a configuration must not hold, because everything would be refused in silence or sent to a stranger.

use anykey_core::adapter::check_allowed_products;
use anykey_core::{Error, ErrorKind, ProductId, Result, SecretString};
use secrecy::ExposeSecret;

/// How the ids of Dodo's other records begin.
const NO_PRODUCTS: &[&str] = &["lic_", "lki_", "cus_", "bus_", "pay_", "sub_", "ent_", "entg_"];

/// Accepts an API key, which has no documented form.
///
/// # Errors
///
/// `Config` when `token` is a webhook secret. It is not repeated.
pub(crate) fn check_token(token: &SecretString) -> Result<()> {
    if token.expose_secret().starts_with("whsec_") {
        let message = "`token` holds a webhook secret; it belongs into `webhook_secrets`";
        return Err(Error::new(ErrorKind::Config, message));
    }
    Ok(())
}

/// Accepts what can be ids of products.
///
/// # Errors
///
/// `Config` for what cannot be one, so that every key would be refused.
pub(crate) fn check_products(products: &[ProductId]) -> Result<()> {
    check_allowed_products(products, "pdt_1")?;
    let is_another =
        |product: &ProductId| NO_PRODUCTS.iter().any(|prefix| product.as_str().starts_with(prefix));
    if products.iter().any(is_another) {
        let message = "`products` holds the id of another record; the ids of products begin with pdt_";
        return Err(Error::new(ErrorKind::Config, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_secret_is_no_token_and_is_not_repeated() {
        let error = check_token(&"whsec_planted".into()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!error.to_string().contains("planted"), "{error}");
        check_token(&"an-api-key-of-dodo".into()).unwrap();
    }

    #[test]
    fn what_no_key_can_be_for_is_refused() {
        for product in ["", " pdt_1 ", "lic_1", "ent_1"] {
            let error = check_products(&[product.into()]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{product:?}");
        }
        check_products(&["pdt_1".into()]).unwrap();
    }
}

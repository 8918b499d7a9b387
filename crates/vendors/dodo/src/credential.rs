//! What a configuration must not hold, because everything would be refused in silence or sent to a stranger.

use anykey_core::{Error, ErrorKind, ProductId, Result, SecretString};
use secrecy::ExposeSecret;

/// How the credentials of others begin. Dodo's own API keys have no documented form.
const FOREIGN: &[(&str, &str)] = &[
    ("polar_", "`token` holds a credential of Polar; set Dodo's API key"),
    ("creem_", "`token` holds a credential of Creem; set Dodo's API key"),
    ("sk_live_", "`token` holds a credential of Stripe; set Dodo's API key"),
    ("sk_test_", "`token` holds a credential of Stripe; set Dodo's API key"),
    ("whsec_", "`token` holds a webhook secret; it belongs into `webhook_secrets`"),
];

/// How the ids of Dodo's other records begin.
const NO_PRODUCTS: &[&str] = &["lic_", "lki_", "cus_", "bus_", "pay_", "sub_", "ent_", "entg_"];

/// # Errors
///
/// `Config` when `token` is a credential of somebody else. It is not repeated.
pub(crate) fn check_prefix(token: &SecretString) -> Result<()> {
    let foreign = FOREIGN.iter().find(|(prefix, _)| token.expose_secret().starts_with(prefix));
    foreign.map_or(Ok(()), |(_, message)| Err(Error::new(ErrorKind::Config, *message)))
}

/// # Errors
///
/// `Config` when `product` cannot be the id of a product, so that every key would be refused.
pub(crate) fn check_product(product: &ProductId) -> Result<()> {
    let id = product.as_str();
    let message = if id.is_empty() {
        "`products` holds an empty entry; leave it out to accept any product"
    } else if !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        "`products` holds an entry with a space, a control or a non-ASCII character; list ids such as pdt_1"
    } else if NO_PRODUCTS.iter().any(|prefix| id.starts_with(prefix)) {
        "`products` holds the id of another record; the ids of products begin with pdt_"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Config, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_of_somebody_else_is_refused_and_not_repeated() {
        for token in ["polar_oat_planted", "creem_planted", "sk_live_planted", "whsec_planted"] {
            let error = check_prefix(&token.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{token}");
            assert!(!error.to_string().contains("planted"), "{error}");
        }
        check_prefix(&"an-api-key-of-dodo".into()).unwrap();
    }

    #[test]
    fn what_no_key_can_be_for_is_refused() {
        for product in ["", " ", " pdt_1 ", "pdt_1\n", "pdt_\u{200b}1", "lic_1", "ent_1"] {
            let error = check_product(&product.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{product:?}");
        }
        check_product(&"pdt_1".into()).unwrap();
    }
}

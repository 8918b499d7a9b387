//! Checks of a configuration whose mistakes would refuse every key or every answer.
//!
//! All of them are made when the provider is built, so that an app fails at its start and not at its first customer.

use anykey_core::{Error, ErrorKind, Result, SecretString};
use data_encoding::HEXLOWER_PERMISSIVE;
use secrecy::ExposeSecret;

/// Refuses a token's id, which is a common mistake. Tokens have a prefix such as `admin-` or `prod-`; others are
/// accepted, since further kinds may come.
///
/// # Errors
///
/// `Config`. The message does not contain the token.
pub(crate) fn check_token(token: &SecretString) -> Result<()> {
    if is_uuid(token.expose_secret()) {
        return Err(config(
            "`token` holds the id of a token; it has to be the token itself, such as `admin-…`",
        ));
    }
    Ok(())
}

/// Accepts the id of a product, a policy or another record.
///
/// # Errors
///
/// `Config` if `id`, an entry of `field`, is not an id of a record.
pub(crate) fn check_id(field: &'static str, id: &str) -> Result<()> {
    if is_uuid(id) {
        return Ok(());
    }
    Err(config(&format!("`{field}` holds what is no id of Keygen: the ids of its records are UUIDs")))
}

/// The bytes of an Ed25519 public key. White space around it is ignored.
///
/// # Errors
///
/// `Config` if it is not 64 hexadecimal digits.
pub(crate) fn public_key(text: &str) -> Result<[u8; 32]> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok();
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
        config("`public_key` is not an Ed25519 public key of 64 hexadecimal digits; copy it from the account's settings")
    })
}

/// Whether `id` is a UUID as Keygen writes it. In lower case: another spelling would compare unequal to what an answer
/// contains.
pub(crate) fn is_uuid(id: &str) -> bool {
    let is_dash = |index: usize| matches!(index, 8 | 13 | 18 | 23);
    id.len() == 36
        && id.bytes().enumerate().all(|(index, byte)| match is_dash(index) {
            true => byte == b'-',
            false => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

/// A `Config` error with a message of this adapter.
pub(crate) fn config(message: &str) -> Error {
    Error::new(ErrorKind::Config, message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "11111111-1111-4111-8111-111111111111";

    #[test]
    fn an_id_is_a_lower_case_uuid() {
        assert!(is_uuid(ID));
        for id in ["", "demo", &ID.replace('-', "1"), &ID.to_uppercase().replace('1', "A"), &format!("{ID} ")]
        {
            assert!(!is_uuid(id), "{id}");
            let error = check_id("products", id).unwrap_err();
            assert!(error.to_string().contains("`products`"), "{error}");
        }
    }

    #[test]
    fn a_tokens_id_is_no_token_and_is_not_printed() {
        let error = check_token(&ID.into()).unwrap_err();
        assert!(!error.to_string().contains(ID), "{error}");
        check_token(&"admin-1234v3".into()).unwrap();
    }

    #[test]
    fn a_public_key_has_64_digits() {
        assert_eq!(public_key(&"0A".repeat(32)).unwrap(), [10; 32]);
        for text in ["", "0a", &"zz".repeat(32), &"0a".repeat(33)] {
            assert!(public_key(text).is_err(), "{text}");
        }
    }
}

//! Checks of ids, whose mistakes would refuse every key.
//!
//! All of them are made before anything is sent.

use anykey_core::{Error, ErrorKind, ProductId, Result};

/// Accepts at least one product, each by its id.
///
/// # Errors
///
/// `Config` if there is no product, or one that cannot be a product's id.
pub(crate) fn check_products(products: &[ProductId]) -> Result<()> {
    if products.is_empty() {
        let message =
            "`products` is empty; Gumroad checks a key for one product at a time, so name the product's id";
        return Err(Error::new(ErrorKind::Config, message));
    }
    if products.iter().all(|product| is_id(product.as_str())) {
        return Ok(());
    }
    let message = "`products` holds what is no product id of Gumroad, such as a permalink or a URL; the id is in the \
                   product's settings, where the license key module is, and ends in `==`";
    Err(Error::new(ErrorKind::Config, message))
}

/// Whether `id` has the form of Gumroad's public ids: URL-safe base64 of 16 bytes, with its padding.
pub(crate) fn is_id(id: &str) -> bool {
    let digits = id.strip_suffix("==").unwrap_or_default();
    digits.len() == 22
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether `id` can be a sale's id in a URL, and is not a key code in its place. Their exact form is not documented, so
/// the length and the characters are checked only.
pub(crate) fn is_sale_id(id: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
    (1..=64).contains(&id.len()) && id.bytes().all(is_digit) && !is_code(id)
}

/// Whether `text` has the form of a key code: four groups of eight hexadecimal digits.
fn is_code(text: &str) -> bool {
    let is_group = |group: &str| group.len() == 8 && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split('-').count() == 4 && text.split('-').all(is_group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sale_id_is_no_key_code() {
        for id in ["FO8TXN-dvaYbBbahG97a-Q==", "a", "null"] {
            assert!(is_sale_id(id), "{id}");
        }
        let long = "a".repeat(65);
        for id in [
            "",
            "../x",
            "a b",
            "85DB562A-C11D4B06-A2335A6B-8C079166",
            "85db562a-c11d4b06-a2335a6b-8c079166",
            &long,
        ] {
            assert!(!is_sale_id(id), "{id}");
        }
    }

    #[test]
    fn a_product_id_is_no_permalink() {
        for id in
            ["", "abcdef", "https://x.gumroad.com/l/y", "32-nPAicqbLj8B_WswVlMw", "32+nPAicqbLj8B/WswVlMw=="]
        {
            let error = check_products(&[id.into()]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{id}");
            assert!(error.to_string().contains("`products`"), "{error}");
        }
        assert!(check_products(&[]).is_err());
        check_products(&["32-nPAicqbLj8B_WswVlMw==".into()]).unwrap();
    }
}

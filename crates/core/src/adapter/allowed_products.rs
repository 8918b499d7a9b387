use super::identifier_fault;
use crate::{Error, ErrorKind, Result};

/// Refuses what no vendor has as the id of a product: an empty text, one with a space, a control character, a letter
/// outside of ASCII, a quote, a bracket, a comma or a semicolon, and a URL. With it in the field `products` every key
/// would be refused. `example` is an id of the vendor, such as `pdt_1`.
///
/// ```
/// use anykey_core::adapter::check_allowed_products;
///
/// check_allowed_products(&["pdt_1"], "pdt_1")?;
/// assert!(check_allowed_products(&[" pdt_1 "], "pdt_1").is_err());
/// # Ok::<_, anykey_core::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::Config`], naming the field.
pub fn check_allowed_products(products: &[impl AsRef<str>], example: &str) -> Result<()> {
    let fault = products.iter().find_map(|product| match product.as_ref() {
        "" => Some("an empty entry; leave it out to accept any product".to_owned()),
        id if !id.bytes().all(|byte| byte.is_ascii_graphic()) => Some(format!(
            "an entry with a space, a control or a non-ASCII character; list ids such as {example}"
        )),
        id => identifier_fault(id).map(|fault| format!("an entry that {fault}; list ids such as {example}")),
    });
    match fault {
        None => Ok(()),
        Some(fault) => Err(Error::new(ErrorKind::Config, format!("`products` holds {fault}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_key_can_be_for_is_refused() {
        for product in [
            "",
            " ",
            " pdt_1 ",
            "pdt_1\n",
            "pdt_\u{200b}1",
            "\"pdt_1\"",
            "'pdt_1'",
            "<pdt_1>",
            "{pdt_1}",
            "${ID}",
            "pdt_1,",
            "pdt_1;pdt_2",
            "pdt_1\\n",
            "https://example.com/pdt_1",
            "PRODUCT_ID=pdt_1",
            "$ID",
        ] {
            let error = check_allowed_products(&["pdt_2", product], "pdt_1").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{product:?}");
            assert!(error.message().starts_with("`products` holds an e"), "{error}");
        }
        check_allowed_products(&["pdt_1"], "pdt_1").unwrap();
    }
}

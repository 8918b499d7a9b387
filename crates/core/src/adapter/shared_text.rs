//! Texts that the keys of one list share.

use std::sync::Arc;

use crate::{LicenseKey, ProductId};

/// The product of a key in a list, which shares the text of the key `before` it where both are for the same product.
///
/// A list has many keys and few products, so this saves an allocation for almost every key.
///
/// ```
/// use anykey_core::adapter::{KeyCodeExt as _, product_after};
/// use anykey_core::{KeyCode, LicenseKey, LicenseStatus};
///
/// let mut before = LicenseKey::new("acme", "lic_1".into(), KeyCode::verbatim("ACME-1"), LicenseStatus::Active);
/// before.product = Some("pdt_1".into());
/// assert_eq!(product_after(Some(&before), "pdt_1").as_str(), "pdt_1");
/// assert_eq!(product_after(Some(&before), "pdt_2").as_str(), "pdt_2");
/// ```
#[must_use]
pub fn product_after(before: Option<&LicenseKey>, id: &str) -> ProductId {
    match before.and_then(|key| key.product.as_ref()) {
        Some(known) if known.as_str() == id => known.clone(),
        _ => id.into(),
    }
}

/// The seller (`origin.seller`) of a key in a list, which shares its text in the same way. Most lists have one seller.
#[must_use]
pub fn seller_after(before: Option<&LicenseKey>, id: &str) -> Arc<str> {
    match before.and_then(|key| key.origin.seller.as_ref()) {
        Some(known) if **known == *id => Arc::clone(known),
        _ => id.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::KeyCodeExt as _;
    use crate::{KeyCode, LicenseStatus};

    fn key() -> LicenseKey {
        let mut key =
            LicenseKey::new("acme", "lic_1".into(), KeyCode::verbatim("ACME-1"), LicenseStatus::Active);
        key.product = Some("pdt_1".into());
        key.origin.seller = Some("bus_1".into());
        key
    }

    #[test]
    fn equal_texts_are_shared_and_others_are_their_own() {
        let before = key();
        let product = product_after(Some(&before), "pdt_1");
        assert_eq!(product.as_str().as_ptr(), before.product.as_ref().unwrap().as_str().as_ptr());
        let seller = seller_after(Some(&before), "bus_1");
        assert!(Arc::ptr_eq(&seller, before.origin.seller.as_ref().unwrap()));
        for before in [Some(&before), None] {
            assert_eq!(product_after(before, "pdt_2").as_str(), "pdt_2");
            assert_eq!(&*seller_after(before, "bus_2"), "bus_2");
        }
    }
}

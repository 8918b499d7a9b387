use std::str::FromStr;

use anykey_core::{LicenseKey, LicenseStatus};

use crate::MigrateError;

/// Which keys of the source a migration is about: `product=ID`, `customer=ID`, `key=ID` or `status=WORD`. Several of
/// one field are alternatives, those of different fields narrow together.
///
/// ```
/// use anykey_migrate::Filter;
///
/// let filter: Filter = "product=prod_1".parse()?;
/// assert!("prodct=prod_1".parse::<Filter>().is_err());
/// # Ok::<_, anykey_migrate::MigrateError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Filter {
    /// Keys of this product of the source.
    Product(Box<str>),
    /// Keys of this customer of the source.
    Customer(Box<str>),
    /// The key with this record id.
    Key(Box<str>),
    /// Keys whose stored status is this one.
    Status(LicenseStatus),
}

impl FromStr for Filter {
    type Err = MigrateError;

    fn from_str(text: &str) -> Result<Self, MigrateError> {
        match text.split_once('=') {
            Some(("product", id)) => Ok(Self::Product(id.into())),
            Some(("customer", id)) => Ok(Self::Customer(id.into())),
            Some(("key", id)) => Ok(Self::Key(id.into())),
            Some(("status", word)) => Ok(Self::Status(LicenseStatus::from_word(word))),
            _ => Err(MigrateError::Filter(
                "a filter is product=ID, customer=ID, key=ID or status=WORD".to_owned(),
            )),
        }
    }
}

impl Filter {
    /// Whether `key` passes all of `filters`.
    pub(crate) fn all_pass(filters: &[Self], key: &LicenseKey) -> bool {
        filters
            .iter()
            .all(|filter| filters.iter().any(|other| other.is_of_field(filter) && other.passes(key)))
    }

    fn is_of_field(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    fn passes(&self, key: &LicenseKey) -> bool {
        match self {
            Self::Product(id) => key.product.as_ref().is_some_and(|known| known.as_str() == &**id),
            Self::Customer(id) => key.customer.as_ref().is_some_and(|known| known.as_str() == &**id),
            Self::Key(id) => key.id.as_str() == &**id,
            Self::Status(status) => key.status == *status || key.status_word == status.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use anykey_core::KeyCode;

    use super::*;

    #[test]
    fn filters_of_a_field_are_alternatives_and_fields_narrow_together() {
        let code = KeyCode::parse("AAAA").unwrap();
        let mut key = LicenseKey::new("old", "1".into(), code, LicenseStatus::Active);
        key.product = Some("a".into());
        let passes = |filters: &[&str]| {
            let filters: Vec<Filter> = filters.iter().map(|text| text.parse().unwrap()).collect();
            Filter::all_pass(&filters, &key)
        };
        assert!(
            passes(&[]) && passes(&["product=a"]) && passes(&["product=b", "product=a", "status=active"])
        );
        assert!(
            !passes(&["product=b"]) && !passes(&["product=a", "status=disabled"]) && !passes(&["customer=c"])
        );
    }
}

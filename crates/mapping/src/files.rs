//! Mappings in files.

use std::io::Read;

use anykey_core::{ActivationLimit, CustomerId, Expiry, ProductId};
use serde::Deserialize;
use toml::{Table, Value};

use crate::{Mapping, MappingError};

#[derive(Deserialize)]
struct Row {
    kind: Kind,
    source: Box<str>,
    target: Box<str>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Product,
    Customer,
}

impl Mapping {
    /// Reads TOML: the fields of the type.
    ///
    /// ```
    /// use anykey_mapping::Mapping;
    ///
    /// let mapping = Mapping::from_toml(
    ///     r#"
    ///     unknown_expiry = "never"        # the old vendor does not say which keys are for life
    ///     [products]
    ///     "prod_old" = "pdt_new"
    ///     [customers]
    ///     "4711" = "cus_new"
    ///     "#,
    /// )?;
    /// assert_eq!(mapping.products["prod_old"].as_str(), "pdt_new");
    /// # Ok::<_, anykey_mapping::MappingError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MappingError`], naming the line.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        toml::from_str(text).map_err(|error| MappingError::new(error.to_string()))
    }

    /// The mapping as [`from_toml`](Self::from_toml) reads it, without the fields that are not set, within the table
    /// that `path` leads to; an empty one is the document itself.
    ///
    /// ```
    /// use anykey_mapping::Mapping;
    ///
    /// let mapping = Mapping::from_toml("default_product = \"pdt_new\"")?;
    /// let text = mapping.to_toml(&["providers", "all", "mapping"]);
    /// assert_eq!(text, "[providers.all.mapping]\ndefault_product = \"pdt_new\"\n");
    /// # Ok::<_, anykey_mapping::MappingError>(())
    /// ```
    #[must_use]
    pub fn to_toml(&self, path: &[&str]) -> String {
        let within =
            |table: Table, name: &&str| Table::from_iter([((*name).to_owned(), Value::Table(table))]);
        path.iter().rev().fold(self.table(), within).to_string()
    }

    fn table(&self) -> Table {
        let text = |text: &str| Value::String(text.to_owned());
        let expiry = |expiry: Expiry| Value::String(expiry.to_string());
        let limit = |limit: ActivationLimit| match limit {
            ActivationLimit::AtMost(limit) => i64::try_from(limit).ok().map(Value::Integer),
            limit => Some(Value::String(limit.to_string())),
        };
        let products = self.products.iter().map(|(id, target)| (id.to_string(), text(target.as_str())));
        let customers = self.customers.iter().map(|(id, target)| (id.to_string(), text(target.as_str())));
        let (products, customers): (Table, Table) = (products.collect(), customers.collect());
        [
            ("default_product", self.default_product.as_ref().map(|id| text(id.as_str()))),
            ("default_customer", self.default_customer.as_ref().map(|id| text(id.as_str()))),
            ("allow_no_customer", self.allow_no_customer.then_some(Value::Boolean(true))),
            ("subscription_expiry", self.subscription_expiry.map(expiry)),
            ("unknown_expiry", self.unknown_expiry.map(expiry)),
            ("default_limit", self.default_limit.and_then(limit)),
            ("products", (!products.is_empty()).then_some(Value::Table(products))),
            ("customers", (!customers.is_empty()).then_some(Value::Table(customers))),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
    }

    /// Adds the rows of a CSV document with the header `kind,source,target`, where the kind is `product` or `customer`.
    ///
    /// ```
    /// use anykey_mapping::Mapping;
    ///
    /// let mut mapping = Mapping::default();
    /// mapping.add_csv("kind,source,target\nproduct,prod_old,pdt_new\ncustomer,4711,cus_new\n".as_bytes())?;
    /// assert_eq!(mapping.customers["4711"].as_str(), "cus_new");
    /// # Ok::<_, anykey_mapping::MappingError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MappingError`] for a row that is no such row, and for an id with two different targets.
    pub fn add_csv(&mut self, document: impl Read) -> Result<(), MappingError> {
        let failed = |error: csv::Error| MappingError::new(error.to_string());
        for row in csv::Reader::from_reader(document).deserialize() {
            let Row { kind, source, target } = row.map_err(failed)?;
            let before = match kind {
                Kind::Product => {
                    let id = ProductId::from(&*target);
                    self.products.insert(source.clone(), id).map(|id| id.as_str().to_owned())
                }
                Kind::Customer => {
                    let id = CustomerId::from(&*target);
                    self.customers.insert(source.clone(), id).map(|id| id.as_str().to_owned())
                }
            };
            if before.is_some_and(|before| *before != *target) {
                let what = match kind {
                    Kind::Product => "product",
                    Kind::Customer => "customer",
                };
                return Err(MappingError::new(format!("the {what} `{source}` has two targets")));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_limits_are_read_and_nothing_else_is_taken_for_one() {
        let mapping = Mapping::from_toml(
            "unknown_expiry = \"never\"\nsubscription_expiry = \"2027-04-30T00:00:00Z\"\ndefault_limit = 3",
        );
        let mapping = mapping.unwrap();
        assert_eq!(mapping.unknown_expiry, Some(Expiry::Never));
        assert!(matches!(mapping.subscription_expiry, Some(Expiry::At(_))));
        assert_eq!(mapping.default_limit, Some(ActivationLimit::AtMost(3)));
        for wrong in [
            "unknown_expiry = \"follows_subscription\"",
            "unknown_expiry = \"soon\"",
            "default_limit = \"many\"",
            "default_limit = -1",
            "prodcts = {}",
        ] {
            assert!(Mapping::from_toml(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_id_with_two_targets_is_an_error() {
        let mut mapping = Mapping::default();
        mapping.add_csv("kind,source,target\nproduct,a,x\nproduct,a,x\n".as_bytes()).unwrap();
        let twice = mapping.add_csv("kind,source,target\nproduct,a,y\n".as_bytes()).unwrap_err();
        assert!(twice.to_string().contains("the product `a` has two targets"), "{twice}");
        assert!(mapping.add_csv("kind,source,target\nseat,a,y\n".as_bytes()).is_err());
    }

    #[test]
    fn a_mapping_is_written_as_it_is_read() {
        for text in [
            "",
            "default_product = \"p\"\ndefault_customer = \"c\"\nallow_no_customer = true",
            "unknown_expiry = \"never\"\nsubscription_expiry = \"2027-04-30T00:00:00Z\"\ndefault_limit = 3",
            "default_limit = \"unlimited\"\n[products]\n\"a b.c\" = \"x\"\n[customers]\n4711 = \"d\"",
        ] {
            let mapping = Mapping::from_toml(text).unwrap();
            assert_eq!(Mapping::from_toml(&mapping.to_toml(&[])).unwrap(), mapping, "{text}");
        }
    }
}

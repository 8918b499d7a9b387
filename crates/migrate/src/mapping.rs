use std::collections::BTreeMap;
use std::io::Read;

use anykey_core::{ActivationLimit, CustomerId, Expiry, ProductId};
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};

use crate::MigrateError;

/// Which product and customer of the target those of the source are, and what becomes of keys whose end or limit
/// the source does not report.
///
/// What is not here is not guessed: such a key is [skipped](crate::SkipReason). It is kept in memory, about 100 bytes for
/// each customer.
///
/// ```
/// use anykey_migrate::Mapping;
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
/// # Ok::<_, anykey_migrate::MigrateError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Mapping {
    /// The target's product for each of the source's.
    pub products: BTreeMap<Box<str>, ProductId>,
    /// The target's customer for each of the source's.
    pub customers: BTreeMap<Box<str>, CustomerId>,
    /// The target's product for all others; `None` skips their keys.
    pub default_product: Option<ProductId>,
    /// The target's customer for all others, and for keys without one; `None` skips these keys.
    pub default_customer: Option<CustomerId>,
    /// Whether a key without a customer in this mapping is created without one, at a target that allows it (Keygen).
    pub allow_no_customer: bool,
    /// When keys end that follow a subscription; `None` skips them. The subscription stays at the source.
    #[serde(deserialize_with = "expiry")]
    pub subscription_expiry: Option<Expiry>,
    /// When keys end of which the source does not say it; `None` skips them. At some vendors an empty end means for life
    /// or until a subscription ends.
    #[serde(deserialize_with = "expiry")]
    pub unknown_expiry: Option<Expiry>,
    /// How many seats keys get that have none at the source, or of which it does not say it; `None` skips them.
    #[serde(deserialize_with = "limit")]
    pub default_limit: Option<ActivationLimit>,
}

#[derive(Deserialize)]
struct Row {
    kind: Kind,
    source: Box<str>,
    target: Box<str>,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Product,
    Customer,
}

impl Mapping {
    /// Reads TOML, as the type shows.
    ///
    /// # Errors
    ///
    /// [`MigrateError::Mapping`], naming the line.
    pub fn from_toml(text: &str) -> Result<Self, MigrateError> {
        toml::from_str(text).map_err(|error| MigrateError::Mapping(error.to_string()))
    }

    /// Adds the rows of a CSV document with the header `kind,source,target`, where the kind is `product` or `customer`.
    ///
    /// ```
    /// use anykey_migrate::Mapping;
    ///
    /// let mut mapping = Mapping::default();
    /// mapping.add_csv("kind,source,target\nproduct,prod_old,pdt_new\ncustomer,4711,cus_new\n".as_bytes())?;
    /// assert_eq!(mapping.customers["4711"].as_str(), "cus_new");
    /// # Ok::<_, anykey_migrate::MigrateError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MigrateError::Mapping`] for a row that is no such row, and for an id with two different targets.
    pub fn add_csv(&mut self, document: impl Read) -> Result<(), MigrateError> {
        let failed = |error: csv::Error| MigrateError::Mapping(error.to_string());
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
                return Err(MigrateError::Mapping(format!("the {what} `{source}` has two targets")));
            }
        }
        Ok(())
    }

    pub(crate) fn product(&self, source: Option<&ProductId>) -> Option<&ProductId> {
        source.and_then(|id| self.products.get(id.as_str())).or(self.default_product.as_ref())
    }

    pub(crate) fn customer(&self, source: Option<&CustomerId>) -> Option<&CustomerId> {
        source.and_then(|id| self.customers.get(id.as_str())).or(self.default_customer.as_ref())
    }
}

fn expiry<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Expiry>, D::Error> {
    let word = String::deserialize(deserializer)?;
    match word.parse().map_err(D::Error::custom)? {
        expiry @ (Expiry::Never | Expiry::At(_)) => Ok(Some(expiry)),
        _ => Err(D::Error::custom("expected `never` or an instant of RFC 3339, in quotes")),
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum LimitWord {
    Number(u64),
    Word(Box<str>),
}

fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ActivationLimit>, D::Error> {
    match LimitWord::deserialize(deserializer)? {
        LimitWord::Number(limit) => Ok(Some(ActivationLimit::AtMost(limit))),
        LimitWord::Word(word) if &*word == "unlimited" => Ok(Some(ActivationLimit::Unlimited)),
        LimitWord::Word(_) => Err(D::Error::custom("expected a number or `unlimited`")),
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
            assert!(matches!(Mapping::from_toml(wrong), Err(MigrateError::Mapping(_))), "{wrong}");
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
}

use std::collections::BTreeMap;

use anykey_core::{ActivationLimit, Capabilities, CustomerId, Expiry, LicenseKey, ProductId};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::wanted::wanted;
use crate::{SkipReason, Wanted};

/// Which product and customer of the target those of the source are, and what becomes of keys whose end or limit
/// the source does not report.
///
/// What is not here is not guessed: such a key is [skipped](crate::SkipReason). It is kept in memory, about 100 bytes
/// for each customer.
///
/// ```
/// use anykey_core::{Capabilities, Capability, CreateRequest, InMemoryProvider, KeyCode, Timestamp};
/// use anykey_mapping::{Mapping, SkipReason};
///
/// let mut mapping = Mapping::default();
/// mapping.products.insert("prod_old".into(), "pdt_new".into());
/// mapping.default_customer = Some("cus_new".into());
///
/// let old = InMemoryProvider::new(Timestamp::now);
/// let key = old.insert(CreateRequest::new(KeyCode::parse("AAAA-BBBB")?, "4711", "prod_old").activation_limit(3))?;
/// let target = Capabilities::of(&[Capability::Create]);
/// let wanted = mapping.wanted(&key, target).unwrap();
/// assert_eq!(wanted.request, CreateRequest::new(key.code.clone(), "cus_new", "pdt_new").activation_limit(3));
///
/// let other = old.insert(CreateRequest::new(KeyCode::parse("CCCC-DDDD")?, "4711", "prod_other"))?;
/// assert_eq!(mapping.wanted(&other, target), Err(SkipReason::UnmappedProduct));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Mapping {
    /// The target's product for each of the source's.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>"))]
    pub products: BTreeMap<Box<str>, ProductId>,
    /// The target's customer for each of the source's.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>"))]
    pub customers: BTreeMap<Box<str>, CustomerId>,
    /// The target's product for all others; `None` skips their keys.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub default_product: Option<ProductId>,
    /// The target's customer for all others, and for keys without one; `None` skips these keys.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub default_customer: Option<CustomerId>,
    /// Whether a key without a customer in this mapping is created without one, at a target that allows it (Keygen).
    pub allow_no_customer: bool,
    /// When keys end that follow a subscription; `None` skips them. The subscription stays at the source.
    #[serde(deserialize_with = "expiry")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub subscription_expiry: Option<Expiry>,
    /// When keys end of which the source does not say it; `None` skips them. At some vendors an empty end means for
    /// life or until a subscription ends.
    #[serde(deserialize_with = "expiry")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub unknown_expiry: Option<Expiry>,
    /// How many seats keys get that have none at the source, or of which it does not say it; `None` skips them.
    #[serde(deserialize_with = "limit")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<LimitWord>"))]
    pub default_limit: Option<ActivationLimit>,
}

impl Mapping {
    /// What `key` is to be at a target with these capabilities. Pure.
    ///
    /// # Errors
    ///
    /// Why it is not created there.
    pub fn wanted(&self, key: &LicenseKey, target: Capabilities) -> Result<Wanted, SkipReason> {
        wanted(key, self, target)
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

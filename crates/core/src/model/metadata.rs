use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Named values that travel with an activation; see [`MetadataValue`].
pub type Metadata = BTreeMap<String, MetadataValue>;

/// One value of a [`Metadata`] map: text, a number or a truth value.
///
/// Polar compares the values of conditions as Python does: `1`, `1.0` and `true` are equal to each
/// other, `"1"` is not. Send the same types that you stored.
///
/// ```
/// use anykey_core::{Metadata, MetadataValue};
///
/// let metadata = Metadata::from([("os".into(), "linux".into()), ("cores".into(), 8.into())]);
/// assert_eq!(metadata.get("cores"), Some(&MetadataValue::Integer(8)));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(clippy::exhaustive_enums, reason = "the vendors' documents allow these four and no others")]
pub enum MetadataValue {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// Text.
    Text(String),
}

impl From<bool> for MetadataValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for MetadataValue {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for MetadataValue {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for MetadataValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for MetadataValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

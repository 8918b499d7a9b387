//! Optional members of objects, of which an odd one does not spoil the others.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use anykey_core::{ActivationId, CustomerId, LicenseKeyId, ProductId, Timestamp};
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::{JsonText, JsonTimestamp, read_json};

/// An optional member of a vendor's JSON object. For wire structs, with `#[serde(default)]`.
///
/// Reading it never fails, so one odd member does not spoil the rest of an answer: what cannot be read is
/// [`Unreadable`](Self::Unreadable). Callers that only need the value use [`value`](Self::value); those that have to
/// distinguish "no expiry" from "an expiry that cannot be read" match.
///
/// ```
/// use anykey_http::{JsonMember, JsonTimestamp};
///
/// #[derive(serde::Deserialize)]
/// struct Key {
///     #[serde(default)]
///     limit: JsonMember<u64>,
///     #[serde(default)]
///     expires_at: JsonMember<JsonTimestamp>,
/// }
///
/// let key: Key = serde_json::from_str(r#"{"limit":"5","expires_at":{}}"#)?;
/// assert_eq!(key.limit, JsonMember::Value(5));
/// assert_eq!(key.expires_at, JsonMember::Unreadable);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a member is one of these four")]
pub enum JsonMember<T> {
    /// The object has no such member.
    #[default]
    Absent,
    /// The member is `null`.
    Null,
    /// The member is something else than a `T`.
    Unreadable,
    /// The member's value.
    Value(T),
}

impl<T> JsonMember<T> {
    /// The value; `None` when it is absent, `null` or unreadable.
    #[must_use]
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null | Self::Unreadable => None,
        }
    }

    /// The same member with its value borrowed.
    #[must_use]
    pub const fn as_ref(&self) -> JsonMember<&T> {
        match self {
            Self::Absent => JsonMember::Absent,
            Self::Null => JsonMember::Null,
            Self::Unreadable => JsonMember::Unreadable,
            Self::Value(value) => JsonMember::Value(value),
        }
    }
}

impl<'de, T: JsonScalar<'de>> Deserialize<'de> for JsonMember<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MemberVisitor(PhantomData))
    }
}

/// What can be read from a single JSON string, number or boolean.
///
/// Texts and ids accept whole numbers, whole numbers accept decimal text, and booleans accept `"true"`,
/// `"false"`, 0 and 1. An empty or blank id is unreadable. An instant accepts every form that
/// [`JsonTimestamp::parse_leniently`] reads.
pub trait JsonScalar<'de>: Sized {
    /// Reads `scalar`; `None` when it is nothing of this kind.
    fn from_scalar(scalar: Scalar<'de>) -> Option<Self>;
}

/// A JSON string, number or boolean.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Scalar<'de> {
    /// A string.
    Text(Cow<'de, str>),
    /// A number without a fraction.
    Integer(i128),
    /// A number with a fraction or an exponent.
    Fraction(f64),
    /// `true` or `false`.
    Boolean(bool),
}

impl fmt::Debug for Scalar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text([redacted])",
            Self::Integer(_) => "Integer([redacted])",
            Self::Fraction(_) => "Fraction([redacted])",
            Self::Boolean(_) => "Boolean([redacted])",
        })
    }
}

impl<'de: 'a, 'a> JsonScalar<'de> for JsonText<'a> {
    fn from_scalar(scalar: Scalar<'de>) -> Option<Self> {
        match scalar {
            Scalar::Text(text) => Some(text.into()),
            Scalar::Integer(number) => Some(Cow::<str>::Owned(number.to_string()).into()),
            Scalar::Fraction(_) | Scalar::Boolean(_) => None,
        }
    }
}

impl<'de> JsonScalar<'de> for String {
    fn from_scalar(scalar: Scalar<'de>) -> Option<Self> {
        JsonText::from_scalar(scalar).map(JsonText::into_owned)
    }
}

impl<'de> JsonScalar<'de> for Box<str> {
    fn from_scalar(scalar: Scalar<'de>) -> Option<Self> {
        String::from_scalar(scalar).map(Into::into)
    }
}

macro_rules! ids {
    ($($id:ty)*) => {
        $(impl<'de> JsonScalar<'de> for $id {
            fn from_scalar(scalar: Scalar<'de>) -> Option<Self> {
                JsonText::from_scalar(scalar).filter(|id| !id.trim().is_empty()).map(|id| Self::from(&*id))
            }
        })*
    };
}

ids! { ActivationId CustomerId LicenseKeyId ProductId }

macro_rules! integers {
    ($($integer:ty)*) => {
        $(impl<'de> JsonScalar<'de> for $integer {
            fn from_scalar(scalar: Scalar<'de>) -> Option<Self> {
                match scalar {
                    Scalar::Integer(number) => number.try_into().ok(),
                    Scalar::Text(text) => text.trim().parse().ok(),
                    // `1e3` and `3.0`: every fraction below 2^53 is exact.
                    Scalar::Fraction(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                        format!("{number:.0}").parse().ok()
                    }
                    Scalar::Fraction(_) | Scalar::Boolean(_) => None,
                }
            }
        })*
    };
}

integers! { i64 u32 u64 }

impl<'de> JsonScalar<'de> for bool {
    fn from_scalar(scalar: Scalar<'de>) -> Option<Self> {
        match scalar {
            Scalar::Boolean(value) => Some(value),
            Scalar::Integer(0) => Some(false),
            Scalar::Integer(1) => Some(true),
            Scalar::Text(text) => text.trim().to_ascii_lowercase().parse().ok(),
            Scalar::Integer(_) | Scalar::Fraction(_) => None,
        }
    }
}

impl<'de> JsonScalar<'de> for JsonTimestamp {
    fn from_scalar(scalar: Scalar<'de>) -> Option<Self> {
        match scalar {
            Scalar::Text(text) => Self::parse_leniently(&text),
            Scalar::Integer(_) | Scalar::Fraction(_) | Scalar::Boolean(_) => None,
        }
    }
}

impl<'de> JsonScalar<'de> for Timestamp {
    fn from_scalar(scalar: Scalar<'de>) -> Option<Self> {
        JsonTimestamp::from_scalar(scalar).map(Self::from)
    }
}

/// Reads any JSON value as a member.
struct MemberVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: JsonScalar<'de>> MemberVisitor<T> {
    /// The member for a scalar; `Unreadable` if the type does not take it.
    fn read<E>(scalar: Scalar<'de>) -> Result<JsonMember<T>, E> {
        Ok(T::from_scalar(scalar).map_or(JsonMember::Unreadable, JsonMember::Value))
    }
}

impl<'de, T: JsonScalar<'de>> Visitor<'de> for MemberVisitor<T> {
    type Value = JsonMember<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member")
    }

    fn visit_unit<E>(self) -> Result<JsonMember<T>, E> {
        Ok(JsonMember::Null)
    }

    fn visit_none<E>(self) -> Result<JsonMember<T>, E> {
        Ok(JsonMember::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<JsonMember<T>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<JsonMember<T>, E> {
        Self::read(Scalar::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<JsonMember<T>, E> {
        Self::read(Scalar::Text(text.to_owned().into()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<JsonMember<T>, E> {
        Self::read(Scalar::Boolean(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<JsonMember<T>, E> {
        Self::read(Scalar::Integer(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<JsonMember<T>, E> {
        Self::read(Scalar::Integer(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<JsonMember<T>, E> {
        Self::read(Scalar::Fraction(number))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<JsonMember<T>, A::Error> {
        IgnoredAny.visit_seq(items).map(|_| JsonMember::Unreadable)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<JsonMember<T>, A::Error> {
        IgnoredAny.visit_map(members).map(|_| JsonMember::Unreadable)
    }
}

/// Reads an optional member that is an object or a list; `None` when it is `null` or cannot be read. For
/// `#[serde(default, deserialize_with = "anykey_http::optional_member")]`.
///
/// The member is skipped first and decoded then, so it costs twice what a plain `Option` does: not for the
/// records of a list.
///
/// # Errors
///
/// When the JSON is malformed, or the deserializer is not `serde_json`'s.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Seat {
///     #[serde(default, deserialize_with = "anykey_http::optional_member")]
///     product: Option<Product>,
/// }
///
/// #[derive(serde::Deserialize)]
/// struct Product {
///     id: String,
/// }
///
/// let seat: Seat = serde_json::from_str(r#"{"product":{"id":"p"}}"#)?;
/// assert_eq!(seat.product.map(|product| product.id).as_deref(), Some("p"));
/// let seat: Seat = serde_json::from_str(r#"{"product":[]}"#)?;
/// assert!(seat.product.is_none());
/// # Ok::<_, serde_json::Error>(())
/// ```
pub fn optional_member<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(read_json(raw.get().as_bytes()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'j, T: JsonScalar<'j>>(json: &'j str) -> JsonMember<T> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_number_may_be_written_as_text_and_text_as_a_number() {
        for (json, number) in [
            ("3", Some(3)),
            ("\"3\"", Some(3)),
            ("\" 3 \"", Some(3)),
            ("3.0", Some(3)),
            ("3e2", Some(300)),
            ("-1", None),
            ("3.5", None),
            ("18446744073709551616", None),
            ("\"\"", None),
            ("\"many\"", None),
            ("true", None),
            ("[3]", None),
            (r#"{"a":[3]}"#, None),
        ] {
            let expected = number.map_or(JsonMember::Unreadable, JsonMember::Value);
            assert_eq!(read::<u64>(json), expected, "{json}");
        }
        assert_eq!(read::<i64>("-1"), JsonMember::Value(-1));
        assert_eq!(read::<String>("7"), JsonMember::Value("7".to_owned()));
        assert_eq!(read::<Box<str>>("\"\""), JsonMember::Value("".into()));
        assert_eq!(read::<String>("7.5"), JsonMember::Unreadable);
    }

    #[test]
    fn an_id_is_never_blank() {
        assert_eq!(read::<LicenseKeyId>("\"lic_1\""), JsonMember::Value("lic_1".into()));
        assert_eq!(read::<LicenseKeyId>("71"), JsonMember::Value("71".into()));
        for json in ["\"\"", "\" \"", "{}", "true"] {
            assert_eq!(read::<LicenseKeyId>(json), JsonMember::Unreadable, "{json}");
        }
    }

    #[test]
    fn a_boolean_may_be_a_word_or_a_bit() {
        for (json, expected) in [
            ("true", JsonMember::Value(true)),
            ("\"False\"", JsonMember::Value(false)),
            ("1", JsonMember::Value(true)),
            ("0", JsonMember::Value(false)),
            ("2", JsonMember::Unreadable),
            ("\"yes\"", JsonMember::Unreadable),
            ("null", JsonMember::Null),
        ] {
            assert_eq!(read::<bool>(json), expected, "{json}");
        }
    }

    #[test]
    fn an_instant_that_cannot_be_read_is_told_from_none() {
        for json in ["\"soon\"", "\"\"", "1893456000", "{}", "true"] {
            assert_eq!(read::<JsonTimestamp>(json), JsonMember::Unreadable, "{json}");
        }
        assert_eq!(read::<JsonTimestamp>("null"), JsonMember::Null);
    }
}

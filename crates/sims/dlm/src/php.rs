//! Values of the server's language: what requests are parsed into and documents are written from.
//!
//! Most oddities of the plugin are conversions of PHP: a text that begins with a number is that number, `"0"` is
//! empty, and a list is an array with the keys 0, 1, 2. They are written once, here.

mod json;
mod number;
mod query;
mod text;

pub(crate) use json::{JsonError, decode, encode};
pub(crate) use number::{numeric_prefix, parse_int};
pub(crate) use query::parse_query;
pub(crate) use text::{sanitize_text_field, strip_slashes};

/// A value. An array keeps the order of its members; its keys are texts, a list has the keys 0, 1, 2 and so on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Php {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Array(Vec<(String, Self)>),
}

/// The members of a request or of a document, in their order.
pub(crate) type Members = Vec<(String, Php)>;

impl Php {
    /// An object with these members.
    pub(crate) fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Array(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// A list of these items.
    pub(crate) fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::Array(items.into_iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect())
    }

    /// Whether `empty()` is true for it.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Null | Self::Bool(false) => true,
            Self::Bool(true) => false,
            Self::Int(number) => *number == 0,
            Self::Float(number) => *number == 0.0,
            Self::Text(text) => text.is_empty() || text == "0",
            Self::Array(members) => members.is_empty(),
        }
    }

    pub(crate) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether `is_numeric()` is true for it.
    pub(crate) fn is_numeric(&self) -> bool {
        match self {
            Self::Int(_) | Self::Float(_) => true,
            Self::Text(text) => number::is_numeric(text),
            _ => false,
        }
    }

    /// `(int)`.
    pub(crate) fn to_int(&self) -> i64 {
        match self {
            Self::Null | Self::Bool(false) => 0,
            Self::Bool(true) => 1,
            Self::Int(number) => *number,
            Self::Float(number) => number::truncate(*number),
            Self::Text(text) => parse_int(text),
            Self::Array(members) => i64::from(!members.is_empty()),
        }
    }

    /// `absint()`.
    pub(crate) fn to_abs_int(&self) -> i64 {
        self.to_int().saturating_abs()
    }

    /// The text of a scalar; an array has none.
    ///
    /// As PHP prints it: true is `1`, false and null are empty.
    pub(crate) fn to_text(&self) -> Option<String> {
        Some(match self {
            Self::Null | Self::Bool(false) => String::new(),
            Self::Bool(true) => "1".to_owned(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Array(_) => return None,
        })
    }

    /// `sanitize_text_field()`, which makes nothing of an array.
    pub(crate) fn sanitized(&self) -> String {
        self.to_text().map(|text| sanitize_text_field(&text)).unwrap_or_default()
    }
}

impl From<&str> for Php {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Php {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Php {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Php {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl<T: Into<Self>> From<Option<T>> for Php {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The member with this name.
pub(crate) fn member<'m>(members: &'m [(String, Php)], name: &str) -> Option<&'m Php> {
    members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// The member with this name, unless it is null: `isset()`.
pub(crate) fn set_member<'m>(members: &'m [(String, Php)], name: &str) -> Option<&'m Php> {
    member(members, name).filter(|value| !value.is_null())
}

/// Sets a member, in its place if it exists.
pub(crate) fn set(members: &mut Members, name: String, value: Php) {
    match members.iter_mut().find(|(known, _)| *known == name) {
        Some((_, place)) => *place = value,
        None => members.push((name, value)),
    }
}

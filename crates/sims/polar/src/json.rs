//! JSON as the server's Python reads and writes it: members in their order, integers of any size, floats with a
//! decimal point, and Python's syntax errors.

mod number;
mod read;

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

pub(super) use number::Number;
pub(super) use read::{ReadError, read};

/// A JSON value.
#[derive(Clone)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Self>),
    /// In the order of the first occurrence; the last value of a repeated name wins.
    Object(Vec<(String, Self)>),
    /// A value that Python reads but that neither the database nor an answer can contain: `NaN`, an infinity, a
    /// string with an unpaired surrogate.
    Unstorable,
}

impl Json {
    /// The member `name` of an object; `None` if there is none.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => {
                members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Whether the value contains an unstorable value.
    pub(super) fn is_unstorable(&self) -> bool {
        match self {
            Self::Unstorable => true,
            Self::Array(items) => items.iter().any(Self::is_unstorable),
            Self::Object(members) => members.iter().any(|(_, value)| value.is_unstorable()),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => false,
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<i64> for Json {
    fn from(whole: i64) -> Self {
        Self::Number(whole.into())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => items.serialize(serializer),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
            Self::Unstorable => Err(S::Error::custom("not representable in JSON")),
        }
    }
}

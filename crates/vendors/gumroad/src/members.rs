//! A JSON object in which a seller's or buyer's texts may stand beside the vendor's members.
//!
//! It is read member by member and not into a struct, because a struct would keep one of two members with the same name
//! without saying which.

use std::fmt;

use anykey_http::{JsonMember, JsonScalar, JsonText, read_json};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The members of a purchase, in their order.
///
/// Gumroad writes the answers to the seller's questions at the checkout among the purchase's own members, under the
/// question's name, which may be that of a member (server code, 2026). Whether the object then has two members with
/// that name, or one with the later value, depends on the server's JSON encoder. A member that is written before the
/// answers is read with [`first`](Self::first), one that is written after them with [`last`](Self::last), so that no
/// answer takes its place.
#[derive(Default)]
pub(crate) struct Members<'a>(Vec<(JsonText<'a>, &'a RawValue)>);

impl Members<'_> {
    /// The first member with this name.
    pub(crate) fn first<T: for<'j> JsonScalar<'j>>(&self, name: &str) -> JsonMember<T> {
        read(self.0.iter().find(|(known, _)| &**known == name))
    }

    /// The last member with this name.
    pub(crate) fn last<T: for<'j> JsonScalar<'j>>(&self, name: &str) -> JsonMember<T> {
        read(self.0.iter().rev().find(|(known, _)| &**known == name))
    }
}

/// The value of a member: `Absent` without one, `Unreadable` for a value of another type.
fn read<T: for<'j> JsonScalar<'j>>(member: Option<&(JsonText<'_>, &RawValue)>) -> JsonMember<T> {
    match member {
        None => JsonMember::Absent,
        Some((_, value)) => read_json(value.get().as_bytes()).unwrap_or(JsonMember::Unreadable),
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Vec<(JsonText<'de>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = object.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Object).map(Self)
    }
}

impl fmt::Debug for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Members").field("count", &self.0.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_member_has_a_first_and_a_last_value() {
        let json = r#"{"sale_id":"a","refunded":"no","sale_id":"b","refunded":true,"odd":{},"none":null}"#;
        let members: Members<'_> = serde_json::from_str(json).unwrap();
        assert_eq!(members.first::<String>("sale_id"), JsonMember::Value("a".to_owned()));
        assert_eq!(members.last::<bool>("refunded"), JsonMember::Value(true));
        assert_eq!(members.first::<bool>("refunded"), JsonMember::Unreadable);
        assert_eq!(members.last::<String>("odd"), JsonMember::Unreadable);
        assert_eq!(members.last::<String>("none"), JsonMember::Null);
        assert_eq!(members.last::<String>("other"), JsonMember::Absent);
        assert!(serde_json::from_str::<Members<'_>>("[]").is_err());
    }
}

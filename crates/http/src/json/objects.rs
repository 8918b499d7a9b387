//! A guard against lists in the place of objects.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

/// A deserializer that reads structs from JSON objects only, at every depth.
///
/// Serde's derived structs also accept an array of their members in order, so `[true]` would be read as
/// `{"valid":true}`. [`ApiResponse::json`](crate::ApiResponse::json) and [`read_json`](crate::read_json()) go through
/// this; wrap the deserializer wherever else a vendor's body is read. What serde buffers first is not covered: the
/// content of `#[serde(untagged)]` and of `#[serde(flatten)]`.
///
/// ```
/// use anykey_http::ObjectsOnly;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Verdict {
///     valid: bool,
/// }
///
/// let read = |json| Verdict::deserialize(ObjectsOnly::new(&mut serde_json::Deserializer::from_str(json)));
/// assert!(read(r#"{"valid":true}"#)?.valid);
/// assert!(read("[true]").is_err());
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Debug)]
pub struct ObjectsOnly<T>(T);

impl<T> ObjectsOnly<T> {
    /// Wraps `deserializer`, which has to be one of JSON.
    pub const fn new(deserializer: T) -> Self {
        Self(deserializer)
    }
}

macro_rules! pass_on {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method(ObjectsOnly(visitor))
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectsOnly<D> {
    type Error = D::Error;

    pass_on! {
        deserialize_any deserialize_bool
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_option deserialize_unit
        deserialize_seq deserialize_map deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(ObjectsOnly(visitor))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_unit_struct(name, ObjectsOnly(visitor))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, ObjectsOnly(visitor))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(length, ObjectsOnly(visitor))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple_struct(name, length, ObjectsOnly(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, ObjectsOnly(visitor))
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

macro_rules! visit {
    ($($method:ident($value:ty))*) => {
        $(fn $method<E: serde::de::Error>(self, value: $value) -> Result<V::Value, E> {
            self.0.$method(value)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for ObjectsOnly<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.expecting(f)
    }

    visit! {
        visit_bool(bool) visit_char(char)
        visit_i8(i8) visit_i16(i16) visit_i32(i32) visit_i64(i64) visit_i128(i128)
        visit_u8(u8) visit_u16(u16) visit_u32(u32) visit_u64(u64) visit_u128(u128)
        visit_f32(f32) visit_f64(f64)
        visit_str(&str) visit_borrowed_str(&'de str) visit_string(String)
        visit_bytes(&[u8]) visit_borrowed_bytes(&'de [u8]) visit_byte_buf(Vec<u8>)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(ObjectsOnly(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(ObjectsOnly(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(ObjectsOnly(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(ObjectsOnly(members))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(ObjectsOnly(variant))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for ObjectsOnly<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(ObjectsOnly(deserializer))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for ObjectsOnly<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(ObjectsOnly(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for ObjectsOnly<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.0.next_key_seed(ObjectsOnly(seed))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(ObjectsOnly(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for ObjectsOnly<A> {
    type Error = A::Error;
    type Variant = ObjectsOnly<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, variant) = self.0.variant_seed(ObjectsOnly(seed))?;
        Ok((value, ObjectsOnly(variant)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for ObjectsOnly<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(ObjectsOnly(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(length, ObjectsOnly(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.newtype_variant_seed(MembersOf(visitor))
    }
}

/// Reads the members of a variant from an object.
struct MembersOf<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for MembersOf<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_map(ObjectsOnly(self.0))
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::value::RawValue;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Outer<'a> {
        inner: Option<Inner>,
        list: Vec<Inner>,
        map: BTreeMap<u8, Inner>,
        kind: Kind,
        pair: (u8, Wrapped),
        #[serde(borrow)]
        text: Cow<'a, str>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        valid: bool,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Wrapped(Inner);

    #[derive(Debug, Deserialize, PartialEq)]
    enum Kind {
        Plain,
        With { valid: bool },
    }

    fn read<'j, T: Deserialize<'j>>(json: &'j str) -> Option<T> {
        T::deserialize(ObjectsOnly::new(&mut serde_json::Deserializer::from_str(json))).ok()
    }

    fn outer(inner: &str, item: &str, member: &str, kind: &str, wrapped: &str) -> String {
        format!(
            r#"{{"inner":{inner},"list":[{item}],"map":{{"7":{member}}},"kind":{kind},"pair":[1,{wrapped}],"text":"t"}}"#
        )
    }

    #[test]
    fn an_array_is_a_struct_at_no_depth() {
        const OBJECT: &str = r#"{"valid":true}"#;
        let good = outer(OBJECT, OBJECT, OBJECT, r#"{"With":{"valid":true}}"#, OBJECT);
        let read_whole = read::<Outer<'_>>(&good).unwrap();
        assert_eq!(read_whole, serde_json::from_str(&good).unwrap());
        assert!(matches!(read_whole.text, Cow::Borrowed(_)));
        assert!(read::<Outer<'_>>(&outer("null", OBJECT, OBJECT, r#""Plain""#, OBJECT)).is_some());
        for bad in [
            "[true]".to_owned(),
            outer("[true]", OBJECT, OBJECT, r#""Plain""#, OBJECT),
            outer("null", "[true]", OBJECT, r#""Plain""#, OBJECT),
            outer("null", OBJECT, "[true]", r#""Plain""#, OBJECT),
            outer("null", OBJECT, OBJECT, r#"{"With":[true]}"#, OBJECT),
            outer("null", OBJECT, OBJECT, r#""Plain""#, "[true]"),
        ] {
            assert!(read::<Outer<'_>>(&bad).is_none(), "{bad}");
        }
        assert!(serde_json::from_str::<Inner>("[true]").is_ok(), "serde alone takes it");
    }

    #[test]
    fn raw_texts_and_values_are_read_as_without_it() {
        let json = r#" {"a": [1, {"b": null}], "c": 1.5} "#;
        let raw: &RawValue = read(json).unwrap();
        assert_eq!(raw.get(), json.trim());
        let value: serde_json::Value = read(json).unwrap();
        assert_eq!(value, serde_json::from_str::<serde_json::Value>(json).unwrap());
    }
}

//! Conditions and metadata of activations.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::error::{FieldError, Loc, Parsed};
use super::scalar::invalid_characters;
use crate::json::{Json, Number};

/// Entries in one map.
const MAX_ENTRIES: usize = 50;
/// Characters of a name.
const MAX_NAME: usize = 40;
/// Characters of a text.
const MAX_VALUE: usize = 500;

/// A flat map of scalar values: the conditions or the metadata of an activation or a customer.
#[derive(Clone, Default)]
pub(crate) struct Metadata(Vec<(String, Scalar)>);

/// A value of such a map.
#[derive(Clone)]
pub(crate) enum Scalar {
    Text(String),
    Number(Number),
    Bool(bool),
}

impl Metadata {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds or replaces an entry.
    pub(crate) fn set(&mut self, name: &str, value: Scalar) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value));
    }

    /// The map after a round trip through a `jsonb` column: sorted by the length of names, numbers without exponents.
    pub(crate) fn stored(&self) -> Self {
        let mut entries: Vec<(String, Scalar)> = self
            .0
            .iter()
            .map(|(name, value)| match value {
                Scalar::Number(number) => (name.clone(), Scalar::Number(number.stored())),
                other => (name.clone(), other.clone()),
            })
            .collect();
        entries.sort_by(|(left, _), (right, _)| (left.len(), left).cmp(&(right.len(), right)));
        Self(entries)
    }

    /// Whether both have the same names, with values that are equal in Python.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().all(|(name, value)| {
                other.0.iter().any(|(known, counterpart)| known == name && value.equals(counterpart))
            })
    }
}

impl Scalar {
    /// Python's `==`: `true` is `1`, `1` is `1.0`, and `"1"` is neither.
    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => left == right,
            (Self::Text(_), _) | (_, Self::Text(_)) => false,
            _ => self.number().equals(&other.number()),
        }
    }

    /// The number of a number or boolean in Python.
    fn number(&self) -> Number {
        match self {
            Self::Number(number) => number.clone(),
            Self::Bool(value) => i64::from(*value).into(),
            Self::Text(_) => 0.into(),
        }
    }

    /// A database text cannot contain a NUL.
    fn has_nul(&self) -> bool {
        matches!(self, Self::Text(text) if text.contains('\0'))
    }
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            match value {
                Scalar::Text(text) => map.serialize_entry(name, text)?,
                Scalar::Number(number) => map.serialize_entry(name, number)?,
                Scalar::Bool(value) => map.serialize_entry(name, value)?,
            }
        }
        map.end()
    }
}

/// Parses a map of at most 50 entries, with names of 1 to 40 characters and strings of 1 to 500.
pub(crate) fn metadata(input: &Json, loc: &Loc) -> Parsed<Metadata> {
    let Json::Object(members) = input else {
        return Err(vec![FieldError::new("dict_type", loc, "Input should be a valid dictionary", input)]);
    };
    let mut entries = Vec::new();
    let mut errors = Vec::new();
    for (name, value) in members {
        errors.extend(length_error(name, MAX_NAME, &loc.name(name).name("[key]")));
        match scalar(value, &loc.name(name)) {
            Ok(scalar) => entries.push((name.clone(), scalar)),
            Err(wrong) => errors.extend(wrong),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    if entries.len() > MAX_ENTRIES {
        return Err(vec![too_many(entries.len(), input, loc)]);
    }
    if entries.iter().any(|(name, value)| name.contains('\0') || value.has_nul()) {
        return Err(vec![invalid_characters(input, loc)]);
    }
    Ok(Metadata(entries))
}

/// The element for more entries than allowed.
fn too_many(count: usize, input: &Json, loc: &Loc) -> FieldError {
    let message = format!("Dictionary should have at most {MAX_ENTRIES} items after validation, not {count}");
    FieldError::new("too_long", loc, message, input)
        .context("field_type", "Dictionary".into())
        .context("max_length", 50.into())
        .context("actual_length", i64::try_from(count).unwrap_or(i64::MAX).into())
}

/// Parses a value of the map. The server tries four types and reports the errors of each.
fn scalar(input: &Json, loc: &Loc) -> Parsed<Scalar> {
    match input {
        Json::Number(number) => Ok(Scalar::Number(number.clone())),
        Json::Bool(value) => Ok(Scalar::Bool(*value)),
        Json::String(text) => match length_error(text, MAX_VALUE, &loc.name("constrained-str")) {
            None => Ok(Scalar::Text(text.clone())),
            Some(length) => Err(std::iter::once(length).chain(not_parsable(input, loc)).collect()),
        },
        _ => Err([
            ("string_type", "constrained-str", "Input should be a valid string"),
            ("int_type", "int", "Input should be a valid integer"),
            ("float_type", "float", "Input should be a valid number"),
            ("bool_type", "bool", "Input should be a valid boolean"),
        ]
        .map(|(kind, arm, message)| FieldError::new(kind, &loc.name(arm), message, input))
        .into()),
    }
}

/// The errors of the other types for an invalid string.
fn not_parsable<'a>(input: &'a Json, loc: &'a Loc) -> impl Iterator<Item = FieldError> + 'a {
    [
        ("int", "Input should be a valid integer, unable to parse string as an integer"),
        ("float", "Input should be a valid number, unable to parse string as a number"),
        ("bool", "Input should be a valid boolean, unable to interpret input"),
    ]
    .into_iter()
    .map(move |(arm, message)| {
        let kind = match arm {
            "int" => "int_parsing",
            "float" => "float_parsing",
            _ => "bool_parsing",
        };
        FieldError::new(kind, &loc.name(arm), message, input)
    })
}

/// Lengths count characters.
fn length_error(text: &str, max: usize, loc: &Loc) -> Option<FieldError> {
    let input = Json::from(text);
    if text.is_empty() {
        let error =
            FieldError::new("string_too_short", loc, "String should have at least 1 character", &input);
        return Some(error.context("min_length", 1.into()));
    }
    (text.chars().count() > max).then(|| {
        let message = format!("String should have at most {max} characters");
        let limit = i64::try_from(max).unwrap_or(i64::MAX);
        FieldError::new("string_too_long", loc, message, &input).context("max_length", limit.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read;

    fn map(body: &str) -> Metadata {
        metadata(&read(body.as_bytes()).ok().unwrap(), &Loc::root("body")).ok().unwrap()
    }

    #[test]
    fn maps_are_compared_as_in_python() {
        let stored = map(r#"{"v": 1, "os": "linux"}"#).stored();
        for same in [r#"{"os": "linux", "v": 1.0}"#, r#"{"v": true, "os": "linux"}"#] {
            assert!(stored.equals(&map(same)), "{same}");
        }
        for different in
            [r#"{"v": "1", "os": "linux"}"#, r#"{"v": 1}"#, r#"{"v": 1, "os": "linux", "x": 0}"#, "{}"]
        {
            assert!(!stored.equals(&map(different)), "{different}");
        }
        assert!(map(r#"{"a": 0, "b": false, "c": 0.0}"#).equals(&map(r#"{"a": false, "b": 0.0, "c": 0}"#)));
    }

    #[test]
    fn storing_sorts_by_length_and_drops_exponents() {
        let stored = map(r#"{"ratio": 0.5, "f": 1e16, "é": 1, "bb": true}"#).stored();
        let text = serde_json::to_string(&stored).unwrap();
        assert_eq!(text, r#"{"f":10000000000000000,"bb":true,"é":1,"ratio":0.5}"#);
    }

    #[test]
    fn lengths_count_characters() {
        assert!(
            metadata(
                &Json::Object(vec![("é".repeat(40), Json::from("é".repeat(500).as_str()))]),
                &Loc::root("body")
            )
            .is_ok()
        );
        assert!(
            metadata(&Json::Object(vec![("é".repeat(41), Json::Null)]), &Loc::root("body"))
                .err()
                .unwrap()
                .len()
                == 5
        );
    }
}

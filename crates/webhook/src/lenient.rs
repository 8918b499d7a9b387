use std::collections::BTreeSet;

use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// How many members are repaired at most.
const MAX_REPAIRS: usize = 64;

/// Decodes `json` with `decode`, and repairs members of an unexpected type: a quoted number becomes a number, a bare
/// number becomes text, and any other value `null`. For authors of receivers.
///
/// With it, an unexpected member does not lose an event, unless `decode` requires that member.
///
/// # Errors
///
/// The path of the member that is missing or has the wrong type, without its value.
///
/// ```
/// let read = |json: &str| {
///     let json = &mut serde_json::Deserializer::from_str(json);
///     serde_path_to_error::deserialize::<_, (u64, Option<u64>)>(json)
/// };
/// assert_eq!(anykey_webhook::decode_leniently(r#"["3", {}]"#, read), Ok((3, None)));
/// assert_eq!(anykey_webhook::decode_leniently("[{}, 3]", read).unwrap_err(), "`[0]` has the wrong type".into());
/// ```
pub fn decode_leniently<T>(
    json: &str,
    decode: impl Fn(&str) -> Result<T, serde_path_to_error::Error<serde_json::Error>>,
) -> Result<T, Box<str>> {
    let mut fault = match decode(json) {
        Ok(decoded) => return Ok(decoded),
        Err(fault) => fault,
    };
    let mut repaired: Value = serde_json::from_str(json).map_err(|_| "it is not JSON")?;
    let mut touched = BTreeSet::new();
    for _ in 0..MAX_REPAIRS {
        let path = fault.path().to_string();
        let is_new = touched.insert(path.clone());
        let member = member(&mut repaired, fault.path()).filter(|member| !member.is_null());
        let Some(member) = member else { return Err(describe(&path)) };
        *member = if is_new { other_form(member) } else { Value::Null };
        match decode(&repaired.to_string()) {
            Ok(decoded) => return Ok(decoded),
            Err(next) => fault = next,
        }
    }
    Err(describe(&fault.path().to_string()))
}

fn describe(path: &str) -> Box<str> {
    match path {
        "." => "a member is missing".into(),
        path => format!("`{path}` has the wrong type").into(),
    }
}

fn member<'v>(value: &'v mut Value, path: &Path) -> Option<&'v mut Value> {
    let mut steps = path.iter().peekable();
    steps.peek()?;
    steps.try_fold(value, |value, step| match step {
        Segment::Seq { index } => value.get_mut(*index),
        Segment::Map { key } => value.get_mut(key),
        Segment::Enum { .. } | Segment::Unknown => None,
    })
}

fn other_form(value: &Value) -> Value {
    match value {
        Value::String(text) => match text.trim().parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) => text.trim().parse::<bool>().map_or(Value::Null, Value::Bool),
        },
        Value::Number(_) | Value::Bool(_) => Value::String(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Record {
        id: String,
        count: u64,
        limit: Option<i64>,
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        key: String,
        flag: Option<bool>,
    }

    fn read(json: &str) -> Result<Record, Box<str>> {
        decode_leniently(json, |json| {
            serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(json))
        })
    }

    #[test]
    fn a_member_of_the_wrong_type_is_repaired_or_omitted() {
        let record = read(
            r#"{"id":7,"count":"3","limit":[1],"inner":{"key":"k","flag":"true","new":{}},"more":[null]}"#,
        );
        let inner = Some(Inner { key: "k".to_owned(), flag: Some(true) });
        assert_eq!(record, Ok(Record { id: "7".to_owned(), count: 3, limit: None, inner }));
        for limit in ["\"many\"", "true", "1.5"] {
            let record = read(&format!(r#"{{"id":"i","count":0,"limit":{limit},"inner":{{"flag":true}}}}"#));
            assert_eq!(record, Ok(Record { id: "i".to_owned(), count: 0, limit: None, inner: None }));
        }
    }

    #[test]
    fn an_error_names_the_required_member_without_its_value() {
        assert_eq!(read(r#"{"id":"i"}"#), Err("a member is missing".into()));
        assert_eq!(read(r#"{"id":"i","count":"planted"}"#), Err("`count` has the wrong type".into()));
        assert_eq!(read(r#"{"id":"i","count":-1}"#), Err("`count` has the wrong type".into()));
        assert_eq!(read("planted"), Err("it is not JSON".into()));
        assert!(read("null").is_err());
    }
}

//! Metadata in the forms that the server keeps.
//!
//! The server makes a number of every text that looks like one, and loses quotes, backslashes and everything beyond
//! ASCII. What it would change is refused before it is sent. `true` and `false` go as these words.

use anykey_core::{Error, ErrorKind, Metadata, MetadataValue, Result};
use serde_json::Value;
use serde_json::value::RawValue;

/// The metadata of an activation as the parameters `meta[name]`.
///
/// # Errors
///
/// `InvalidRequest` for a name or a value that would not come back as it is. The message contains neither.
pub(crate) fn write(metadata: &Metadata) -> Result<Vec<(&str, String)>> {
    metadata.iter().map(|(name, value)| Ok((self::name(name)?, text(value)?))).collect()
}

/// A name as it is sent: `value` and `raw` have a meaning to the server's query builder, and a number would make a
/// list.
fn name(name: &str) -> Result<&str> {
    let has_letter = name.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if has_letter && is_plain && !matches!(name, "value" | "raw") {
        return Ok(name);
    }
    invalid("a name has only letters, digits, `_` and `-`, has a letter, and is neither `value` nor `raw`")
}

/// A value as text that the server stores and returns unchanged. A number with a fraction keeps its point, so that it
/// does not come back as a whole one.
fn text(value: &MetadataValue) -> Result<String> {
    match value {
        MetadataValue::Bool(flag) => Ok(flag.to_string()),
        MetadataValue::Integer(number) => Ok(number.to_string()),
        MetadataValue::Number(number) if number.is_finite() && number.abs() < 1e15 => {
            let text = number.to_string();
            Ok(if text.contains('.') { text } else { format!("{text}.0") })
        }
        MetadataValue::Number(_) => invalid("a number is smaller than 10^15"),
        MetadataValue::Text(text) if survives(text) => Ok(text.clone()),
        MetadataValue::Text(_) => invalid(
            "a text has only letters, digits, single blanks, `.`, `_` and `-`, begins with a letter and is neither \
             `true` nor `false`",
        ),
    }
}

/// A text that begins with a letter is no number to the server.
fn survives(text: &str) -> bool {
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b' '));
    let begins_with_letter = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let is_folded = !text.ends_with(' ') && !text.contains("  ");
    begins_with_letter && is_plain && is_folded && !matches!(text, "true" | "false")
}

fn invalid<T>(message: &'static str) -> Result<T> {
    Err(Error::new(
        ErrorKind::InvalidRequest,
        format!("metadata: {message}; the plugin would change it silently"),
    ))
}

/// What is kept with an activation, without what anybody else wrote in another form.
pub(crate) fn read(kept: Option<&RawValue>) -> Metadata {
    let Some(Value::Object(members)) = kept.and_then(|kept| serde_json::from_str(kept.get()).ok()) else {
        return Metadata::new();
    };
    members.into_iter().filter_map(|(name, value)| Some((name, scalar(value)?))).collect()
}

/// A value as the model has it; `None` for lists, objects and null.
fn scalar(value: Value) -> Option<MetadataValue> {
    Some(match value {
        Value::String(text) if text == "true" => true.into(),
        Value::String(text) if text == "false" => false.into(),
        Value::String(text) => text.into(),
        Value::Bool(flag) => flag.into(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64()?.into(),
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_would_change_is_not_sent() {
        for (name, value) in [
            ("os", MetadataValue::from("O'Brien")),
            ("os", "caf\u{e9}".into()),
            ("os", "007".into()),
            ("os", "1.2.3".into()),
            ("os", "C:\\new".into()),
            ("os", "true".into()),
            ("os", "".into()),
            ("os", 1e300.into()),
            ("value", "x".into()),
            ("7", "x".into()),
            ("a b", "x".into()),
        ] {
            let metadata = Metadata::from([(name.to_owned(), value.clone())]);
            assert!(write(&metadata).is_err(), "{name} {value:?}");
        }
    }

    #[test]
    fn what_is_sent_comes_back() {
        let metadata = Metadata::from([
            ("os".to_owned(), "linux 6.1".into()),
            ("cores".to_owned(), 8.into()),
            ("scale".to_owned(), 1.5.into()),
            ("portable".to_owned(), true.into()),
        ]);
        let expected = [("cores", "8"), ("os", "linux 6.1"), ("portable", "true"), ("scale", "1.5")];
        let written = write(&metadata).unwrap();
        assert!(written.iter().map(|(name, text)| (*name, text.as_str())).eq(expected));
        let kept = r#"{"cores":8,"os":"linux 6.1","portable":"true","scale":1.5}"#;
        assert_eq!(read(serde_json::from_str(kept).ok()), metadata);
        for odd in ["[]", r#""x""#, "null"] {
            assert_eq!(read(serde_json::from_str(odd).ok()), Metadata::new());
        }
    }
}

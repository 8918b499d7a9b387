//! JSON as the server reads and writes it.

use std::fmt;
use std::io;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::ser::{CharEscape, Formatter};

use super::{Members, Php, set};

/// The error number and message for a body that is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JsonError {
    pub(crate) code: i64,
    pub(crate) message: &'static str,
}

/// The value of a JSON text.
///
/// # Errors
///
/// [`JsonError`] for anything but one JSON value, with PHP's number and text for the cause: bad UTF-8, a lone
/// surrogate, more levels than the parser takes, any other mistake.
pub(crate) fn decode(body: &[u8]) -> Result<Php, JsonError> {
    if std::str::from_utf8(body).is_err() {
        let message = "Malformed UTF-8 characters, possibly incorrectly encoded";
        return Err(JsonError { code: 5, message });
    }
    serde_json::from_slice(body).map_err(|error| {
        let text = error.to_string();
        let (code, message) = if text.contains("surrogate") || text.contains("unexpected end of hex escape") {
            (10, "Single unpaired UTF-16 surrogate in unicode escape")
        } else if text.contains("recursion limit") {
            (1, "Maximum stack depth exceeded")
        } else {
            (4, "Syntax error")
        };
        JsonError { code, message }
    })
}

/// The JSON text of a value, with slashes and everything beyond ASCII escaped.
pub(crate) fn encode(value: &Php) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Escaping);
    // Writing to memory does not fail, and the keys are texts.
    if value.serialize(&mut serializer).is_err() {
        return String::new();
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// The escapes of `json_encode` without flags: `\/`, and four hexadecimal digits for each UTF-16 unit beyond ASCII.
struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, writer: &mut W, part: &str) -> io::Result<()> {
        for letter in part.chars() {
            match letter {
                '/' => writer.write_all(b"\\/")?,
                '\x7f' => writer.write_all(b"\x7f")?,
                ascii if ascii.is_ascii() => write!(writer, "{ascii}")?,
                _ => {
                    for unit in letter.encode_utf16(&mut [0; 2]) {
                        write!(writer, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        Ok(())
    }

    fn write_char_escape<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        let text = match escape {
            CharEscape::Quote => "\\\"",
            CharEscape::ReverseSolidus => "\\\\",
            CharEscape::Solidus => "\\/",
            CharEscape::Backspace => "\\b",
            CharEscape::FormFeed => "\\f",
            CharEscape::LineFeed => "\\n",
            CharEscape::CarriageReturn => "\\r",
            CharEscape::Tab => "\\t",
            CharEscape::AsciiControl(byte) => return write!(writer, "\\u{byte:04x}"),
        };
        writer.write_all(text.as_bytes())
    }
}

impl Serialize for Php {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Array(members) if is_list(members) => {
                let mut list = serializer.serialize_seq(Some(members.len()))?;
                members.iter().try_for_each(|(_, item)| list.serialize_element(item))?;
                list.end()
            }
            Self::Array(members) => {
                let mut object = serializer.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(name, value)| object.serialize_entry(name, value))?;
                object.end()
            }
        }
    }
}

/// An empty array is a list, so an empty object is written as `[]`.
fn is_list(members: &[(String, Php)]) -> bool {
    members.iter().enumerate().all(|(index, (name, _))| *name == index.to_string())
}

impl<'de> Deserialize<'de> for Php {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PhpVisitor)
    }
}

/// Reads JSON as PHP does: an integer beyond 64 bits becomes a float, and of two members with one name the last one
/// counts.
struct PhpVisitor;

impl<'de> Visitor<'de> for PhpVisitor {
    type Value = Php;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Php, E> {
        Ok(Php::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Php, E> {
        Ok(Php::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Php, E> {
        Ok(Php::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Php, E> {
        let large = || Php::Float(number.to_string().parse().unwrap_or_default());
        Ok(i64::try_from(number).map_or_else(|_| large(), Php::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Php, E> {
        Ok(Php::Float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Php, E> {
        Ok(Php::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Php, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Php::list(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Php, A::Error> {
        let mut members = Members::new();
        while let Some((name, value)) = object.next_entry()? {
            set(&mut members, name, value);
        }
        Ok(Php::Array(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_written_in_ascii() {
        let text = Php::from("a/b \u{e9} \u{1f511} \"\\ \0");
        assert_eq!(encode(&text), r#""a\/b \u00e9 \ud83d\udd11 \"\\ \u0000""#);
        assert_eq!(encode(&Php::Array(Vec::new())), "[]");
        assert_eq!(encode(&Php::object([("0", 1.into()), ("1", 2.into())])), "[1,2]");
    }

    #[test]
    fn a_malformed_body_is_told_apart() {
        assert_eq!(decode(br#"{"a":"#).unwrap_err().code, 4);
        assert_eq!(decode(br#"{"a":"\ud800-"}"#).unwrap_err().code, 10);
        assert_eq!(decode(b"\"\xff\"").unwrap_err().code, 5);
    }
}

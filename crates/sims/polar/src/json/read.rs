//! A parser with the messages of Python's `json` module, which the server puts into its answers. Their positions
//! count characters, also in the middle of a text.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Json, Number};

/// The maximum nesting that Python reads.
const MAX_DEPTH: usize = 900;
/// The maximum number of digits of a Python integer.
const MAX_DIGITS: usize = 4300;

/// Why a body is not JSON.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// A syntax error with the message of Python's `json` module.
    Syntax {
        /// The position in characters (not bytes).
        at: usize,
        message: &'static str,
    },
    /// An invalid encoding, too much nesting, or an integer with too many digits.
    Unreadable,
}

/// Parses a whole body as one JSON value.
pub(crate) fn read(body: &[u8]) -> Result<Json, ReadError> {
    let text = decoded(body).ok_or(ReadError::Unreadable)?;
    let text = &*text;
    let mut reader = Reader { text, at: 0, depth: 0 };
    reader.document().map_err(|fault| match fault {
        Fault::Syntax(at, message) => {
            let at = text.bytes().take(at).filter(|byte| byte & 0xC0 != 0x80).count();
            ReadError::Syntax { at, message }
        }
        Fault::Unreadable => ReadError::Unreadable,
    })
}

/// Decodes a body with the encoding that Python detects from its first bytes: UTF-8, or UTF-16 or UTF-32 in either
/// byte order. `None` if the body is invalid in that encoding.
fn decoded(body: &[u8]) -> Option<Cow<'_, str>> {
    let zeros: Vec<bool> = body.iter().take(4).map(|byte| *byte == 0).collect();
    let (encoding, skipped) = match (body, zeros.as_slice()) {
        ([0, 0, 0xFE, 0xFF, ..], _) => (Encoding::Wide(u32::from_be_bytes), 4),
        ([0xFF, 0xFE, 0, 0, ..], _) => (Encoding::Wide(u32::from_le_bytes), 4),
        ([0xFE, 0xFF, ..], _) => (Encoding::Pairs(u16::from_be_bytes), 2),
        ([0xFF, 0xFE, ..], _) => (Encoding::Pairs(u16::from_le_bytes), 2),
        (_, [true, false, _, _] | [true, _]) => (Encoding::Pairs(u16::from_be_bytes), 0),
        (_, [true, true, _, _]) => (Encoding::Wide(u32::from_be_bytes), 0),
        (_, [false, true, true, true]) => (Encoding::Wide(u32::from_le_bytes), 0),
        (_, [false, true, _, _] | [false, true]) => (Encoding::Pairs(u16::from_le_bytes), 0),
        _ => (Encoding::Utf8, 0),
    };
    let body = body.get(skipped..)?;
    match encoding {
        Encoding::Utf8 => {
            let text = std::str::from_utf8(body).ok()?;
            Some(Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)))
        }
        Encoding::Pairs(unit) => {
            let (units, rest) = body.as_chunks::<2>();
            let units: Vec<u16> = units.iter().map(|pair| unit(*pair)).collect();
            rest.is_empty().then(|| String::from_utf16(&units).ok().map(Cow::Owned))?
        }
        Encoding::Wide(unit) => {
            let (units, rest) = body.as_chunks::<4>();
            let text: Option<String> = units.iter().map(|four| char::from_u32(unit(*four))).collect();
            rest.is_empty().then_some(Cow::Owned(text?))
        }
    }
}

/// The encoding of a body, with its byte order.
enum Encoding {
    Utf8,
    /// UTF-16.
    Pairs(fn([u8; 2]) -> u16),
    /// UTF-32.
    Wide(fn([u8; 4]) -> u32),
}

/// A parse error.
enum Fault {
    /// The offset in bytes and the message.
    Syntax(usize, &'static str),
    Unreadable,
}

type Read<T> = Result<T, Fault>;

/// A parser that reads the text once.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    /// Parses one value with optional space around it.
    fn document(&mut self) -> Read<Json> {
        self.skip_space();
        let value = self.value()?;
        self.skip_space();
        if self.at == self.text.len() { Ok(value) } else { Err(Fault::Syntax(self.at, "Extra data")) }
    }

    /// Parses the value at the current position.
    fn value(&mut self) -> Read<Json> {
        match self.peek() {
            Some(b'"') => Ok(self.string()?.map_or(Json::Unstorable, Json::String)),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'-' | b'0'..=b'9') if !self.rest().starts_with("-Infinity") => self.number(),
            _ => self.word(),
        }
    }

    /// Parses an object or an array, one level deeper.
    fn nested(&mut self, read: fn(&mut Self) -> Read<Json>) -> Read<Json> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::Unreadable);
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// Parses `null`, `true`, `false`, and the three number words that Python accepts in addition to JSON.
    fn word(&mut self) -> Read<Json> {
        let words = [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
            ("NaN", Json::Unstorable),
            ("Infinity", Json::Unstorable),
            ("-Infinity", Json::Unstorable),
        ];
        for (word, value) in words {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(Fault::Syntax(self.at, "Expecting value"))
    }

    /// Parses from the opening to the closing brace.
    fn object(&mut self) -> Read<Json> {
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        self.at += 1;
        self.skip_space();
        if self.take(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(Fault::Syntax(self.at, "Expecting property name enclosed in double quotes"));
            }
            let name = self.string()?.unwrap_or_else(|| char::REPLACEMENT_CHARACTER.to_string());
            self.skip_space();
            if !self.take(b':') {
                return Err(Fault::Syntax(self.at, "Expecting ':' delimiter"));
            }
            self.skip_space();
            let value = self.value()?;
            match places.get(&name).and_then(|place| members.get_mut(*place)) {
                Some((_, earlier)) => *earlier = value,
                None => {
                    places.insert(name.clone(), members.len());
                    members.push((name, value));
                }
            }
            if self.ends(b'}', "Illegal trailing comma before end of object")? {
                return Ok(Json::Object(members));
            }
        }
    }

    /// Parses from the opening to the closing bracket.
    fn array(&mut self) -> Read<Json> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value()?);
            if self.ends(b']', "Illegal trailing comma before end of array")? {
                return Ok(Json::Array(items));
            }
        }
    }

    /// Parses what follows an item: true for the closing bracket, false for a comma and another item.
    fn ends(&mut self, bracket: u8, trailing_comma: &'static str) -> Read<bool> {
        self.skip_space();
        if self.take(bracket) {
            return Ok(true);
        }
        let comma = self.at;
        if !self.take(b',') {
            return Err(Fault::Syntax(comma, "Expecting ',' delimiter"));
        }
        self.skip_space();
        if self.peek() == Some(bracket) {
            return Err(Fault::Syntax(comma, trailing_comma));
        }
        Ok(false)
    }

    /// Parses a string; `None` if it contains an unpaired surrogate.
    fn string(&mut self) -> Read<Option<String>> {
        let quote = self.at;
        let mut text = String::new();
        let mut whole = true;
        self.at += 1;
        loop {
            let plain = self
                .rest()
                .find(|next: char| matches!(next, '"' | '\\') || next < ' ')
                .ok_or(Fault::Syntax(quote, "Unterminated string starting at"))?;
            text.push_str(self.rest().get(..plain).unwrap_or_default());
            self.at += plain;
            if self.take(b'"') {
                return Ok(whole.then_some(text));
            }
            if self.peek() != Some(b'\\') {
                return Err(Fault::Syntax(self.at, "Invalid control character at"));
            }
            match self.escape(quote)? {
                Some(character) => text.push(character),
                None => whole = false,
            }
        }
    }

    /// Parses the character after a backslash; `None` for an unpaired surrogate.
    fn escape(&mut self, quote: usize) -> Read<Option<char>> {
        let backslash = self.at;
        self.at += 1;
        let character = match self.peek() {
            None => return Err(Fault::Syntax(quote, "Unterminated string starting at")),
            Some(b'u') => return self.unicode_escape(),
            Some(plain @ (b'"' | b'\\' | b'/')) => char::from(plain),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(_) => return Err(Fault::Syntax(backslash, "Invalid \\escape")),
        };
        self.at += 1;
        Ok(Some(character))
    }

    /// Parses a character from one code unit or a surrogate pair.
    fn unicode_escape(&mut self) -> Read<Option<char>> {
        let unit = self.code_unit()?;
        if !(0xD800..0xDC00).contains(&unit) || !self.rest().starts_with("\\u") || self.rest().len() < 7 {
            return Ok(char::from_u32(unit));
        }
        let low_escape = self.at;
        self.at += 1;
        let low = self.code_unit()?;
        if !(0xDC00..0xE000).contains(&low) {
            self.at = low_escape;
            return Ok(None);
        }
        Ok(char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)))
    }

    /// Parses `u` and four hexadecimal digits.
    fn code_unit(&mut self) -> Read<u32> {
        let invalid = Fault::Syntax(self.at, "Invalid \\uXXXX escape");
        let Some(digits) = self.text.get(self.at + 1..self.at + 5) else { return Err(invalid) };
        if self.at + 5 >= self.text.len() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(invalid);
        }
        self.at += 5;
        u32::from_str_radix(digits, 16).map_err(|_| invalid)
    }

    /// Parses the longest number at the current position: `1.` is the number `1` followed by a point.
    fn number(&mut self) -> Read<Json> {
        let start = self.at;
        self.take(b'-');
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.skip_digits(),
            _ => return Err(Fault::Syntax(start, "Expecting value")),
        }
        let whole_end = self.at;
        if self.take(b'.') {
            self.digits_or_back_to(whole_end);
        }
        let mantissa_end = self.at;
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'-') || self.take(b'+');
            self.digits_or_back_to(mantissa_end);
        }
        let token = self.text.get(start..self.at).unwrap_or_default();
        if self.at == whole_end && token.len() > MAX_DIGITS {
            return Err(Fault::Unreadable);
        }
        Ok(Number::from_token(token).map_or(Json::Unstorable, Json::Number))
    }

    /// Skips decimal digits.
    fn skip_digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    /// Skips digits; if there are none, goes back to `earlier`.
    fn digits_or_back_to(&mut self, earlier: usize) {
        let start = self.at;
        self.skip_digits();
        if self.at == start {
            self.at = earlier;
        }
    }

    /// Skips the four characters that JSON allows between tokens.
    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Skips `byte` if it comes next, and returns whether it did.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// The next byte; `None` at the end.
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The text that is left.
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(body: &str) -> String {
        serde_json::to_string(&read(body.as_bytes()).ok().unwrap()).unwrap()
    }

    #[test]
    fn order_size_and_the_last_of_repeated_members_are_kept() {
        let body = r#" {"b": [1, 2.0, 12345678901234567890123], "a": "é\u00e9\ud83c\udf89\n", "b": null} "#;
        assert_eq!(rewritten(body), "{\"b\":null,\"a\":\"éé🎉\\n\"}");
    }

    #[test]
    fn syntax_errors_have_pythons_message_and_position() {
        for (body, at, message) in [
            (r#"{"key":"#, 7, "Expecting value"),
            ("", 0, "Expecting value"),
            ("{", 1, "Expecting property name enclosed in double quotes"),
            (r#"{"a" 1}"#, 5, "Expecting ':' delimiter"),
            (r#"{"é": 1 2}"#, 8, "Expecting ',' delimiter"),
            (r#"{"a": 1,}"#, 7, "Illegal trailing comma before end of object"),
            ("[1,]", 2, "Illegal trailing comma before end of array"),
            ("[1", 2, "Expecting ',' delimiter"),
            (r#""abc"#, 0, "Unterminated string starting at"),
            ("\"a\nb\"", 2, "Invalid control character at"),
            (r#""a\qb""#, 2, "Invalid \\escape"),
            (r#""a\u12g4b""#, 3, "Invalid \\uXXXX escape"),
            ("1 2", 2, "Extra data"),
            ("1.", 1, "Extra data"),
            ("-", 0, "Expecting value"),
            ("nul", 0, "Expecting value"),
        ] {
            assert_eq!(read(body.as_bytes()).err(), Some(ReadError::Syntax { at, message }), "{body}");
        }
    }

    #[test]
    fn unstorable_values_are_marked() {
        for body in [r#"{"a": NaN}"#, "[-Infinity]", "1e999", r#""\ud83c""#, r#""\ud83cA...""#] {
            assert!(read(body.as_bytes()).ok().unwrap().is_unstorable(), "{body}");
        }
    }

    #[test]
    fn limits_are_those_of_python() {
        assert_eq!(read(b"\"\xff\"").err(), Some(ReadError::Unreadable));
        assert_eq!(read("[".repeat(5000).as_bytes()).err(), Some(ReadError::Unreadable));
        assert_eq!(read("1".repeat(5000).as_bytes()).err(), Some(ReadError::Unreadable));
    }
}

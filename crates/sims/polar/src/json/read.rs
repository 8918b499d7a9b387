use std::borrow::Cow;
use std::collections::HashMap;

use super::{Json, Number};

/// Nesting beyond which Python gives up.
const MAX_DEPTH: usize = 900;
/// Digits beyond which Python refuses to make an integer.
const MAX_DIGITS: usize = 4300;

/// Why a body is not JSON.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// A syntax error, in the words of Python's `json` module.
    Syntax {
        /// Characters (not bytes) before the offending one.
        at: usize,
        message: &'static str,
    },
    /// Not of its encoding, nested too deeply, or an integer of absurd length.
    Unreadable,
}

/// Reads a whole body as one JSON value.
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

/// The text of a body in the encoding that Python finds by its first bytes: UTF-8, UTF-16 or UTF-32, the latter two in
/// either order of bytes. `None` if it is not of that encoding.
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

/// How a body is encoded, with the order of its bytes.
enum Encoding {
    Utf8,
    Pairs(fn([u8; 2]) -> u16),
    Wide(fn([u8; 4]) -> u32),
}

/// What the reader stumbled over.
enum Fault {
    /// With the offset in bytes.
    Syntax(usize, &'static str),
    Unreadable,
}

type Read<T> = Result<T, Fault>;

/// Walks over the text once, byte by byte where it may.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    /// One value with nothing but space around it.
    fn document(&mut self) -> Read<Json> {
        self.skip_space();
        let value = self.value()?;
        self.skip_space();
        if self.at == self.text.len() { Ok(value) } else { Err(Fault::Syntax(self.at, "Extra data")) }
    }

    /// The value that starts here.
    fn value(&mut self) -> Read<Json> {
        match self.peek() {
            Some(b'"') => Ok(self.string()?.map_or(Json::Unstorable, Json::String)),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'-' | b'0'..=b'9') if !self.rest().starts_with("-Infinity") => self.number(),
            _ => self.word(),
        }
    }

    /// An object or an array, one level deeper.
    fn nested(&mut self, read: fn(&mut Self) -> Read<Json>) -> Read<Json> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::Unreadable);
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// `null`, `true`, `false`, and the three words for numbers that JSON does not have but Python
    /// does.
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

    /// From the opening brace to the closing one.
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

    /// From the opening bracket to the closing one.
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

    /// After an item: whether the closing bracket follows, or a comma and a further item.
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

    /// `None` if the string holds half a surrogate pair.
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

    /// The character behind a backslash; `None` for half a surrogate pair.
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

    /// A character by its code, or by two codes that make up a surrogate pair.
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

    /// Four hexadecimal digits, from the `u` on.
    fn code_unit(&mut self) -> Read<u32> {
        let invalid = Fault::Syntax(self.at, "Invalid \\uXXXX escape");
        let Some(digits) = self.text.get(self.at + 1..self.at + 5) else { return Err(invalid) };
        if self.at + 5 >= self.text.len() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(invalid);
        }
        self.at += 5;
        u32::from_str_radix(digits, 16).map_err(|_| invalid)
    }

    /// The longest number that starts here: `1.` is the number `1` and a point too many.
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

    fn skip_digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    /// Skips digits; without any, what went before them was not part of the number either.
    fn digits_or_back_to(&mut self, earlier: usize) {
        let start = self.at;
        self.skip_digits();
        if self.at == start {
            self.at = earlier;
        }
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

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
    fn keeps_order_sizes_and_the_last_of_repeated_members() {
        let body = r#" {"b": [1, 2.0, 12345678901234567890123], "a": "é\u00e9\ud83c\udf89\n", "b": null} "#;
        assert_eq!(rewritten(body), "{\"b\":null,\"a\":\"éé🎉\\n\"}");
    }

    #[test]
    fn names_syntax_errors_and_their_place_as_python_does() {
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
    fn marks_what_cannot_be_stored() {
        for body in [r#"{"a": NaN}"#, "[-Infinity]", "1e999", r#""\ud83c""#, r#""\ud83cA...""#] {
            assert!(read(body.as_bytes()).ok().unwrap().is_unstorable(), "{body}");
        }
    }

    #[test]
    fn gives_up_where_python_does() {
        assert_eq!(read(b"\"\xff\"").err(), Some(ReadError::Unreadable));
        assert_eq!(read("[".repeat(5000).as_bytes()).err(), Some(ReadError::Unreadable));
        assert_eq!(read("1".repeat(5000).as_bytes()).err(), Some(ReadError::Unreadable));
    }
}

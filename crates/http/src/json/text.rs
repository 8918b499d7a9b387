//! Text that is borrowed from a body.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// Text of an answer's JSON, borrowed from the body wherever it is written without escapes. For wire structs.
///
/// Serde borrows a plain `Cow<str>` member when told to, but copies one inside an `Option` or `Vec`; this
/// borrows there too. `Debug` shows the length only, since it may be a key.
///
/// ```
/// use anykey_http::JsonText;
///
/// let words: Vec<JsonText<'_>> = serde_json::from_str(r#"["auto", "a\u0075to"]"#)?;
/// assert_eq!(&*words[0], &*words[1]);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct JsonText<'a>(Cow<'a, str>);

impl JsonText<'_> {
    /// The text, copied if it was borrowed.
    #[must_use]
    pub fn into_owned(self) -> String {
        self.0.into_owned()
    }
}

impl<'a> From<Cow<'a, str>> for JsonText<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self(text)
    }
}

impl Deref for JsonText<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for JsonText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonText({} bytes)", self.len())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for JsonText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Self)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_with_escapes_is_copied() {
        let texts: Vec<Option<JsonText<'_>>> =
            serde_json::from_str(r#"["plain", "qu\"oted", null]"#).unwrap();
        let owned: Vec<_> =
            texts.iter().map(|text| text.as_ref().map(|text| matches!(text.0, Cow::Owned(_)))).collect();
        assert_eq!(owned, [Some(false), Some(true), None]);
    }
}

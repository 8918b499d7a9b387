use std::fmt;
use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::pasted::code_alone;
use crate::adapter::Sealed;
use crate::{Error, Result};

/// The secret text that a customer types to unlock the product.
///
/// It has neither `Display`, `Deref` nor `Serialize`; `Debug` prints a mask; its memory is zeroed on
/// drop; two codes are compared in constant time. Vendors look codes up exactly as they are, case included, so
/// only what can never be part of a key is taken off what a person entered.
///
/// ```
/// use anykey_core::KeyCode;
///
/// let code = KeyCode::parse("  MYAPP-1C285B2D-E304DA\n")?;
/// assert_eq!(code.expose(), "MYAPP-1C285B2D-E304DA");
/// assert_eq!(code.masked().to_string(), "****-E304DA");
/// assert!(!format!("{code:?}").contains("1C285B2D"));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone)]
pub struct KeyCode(SecretString);

impl KeyCode {
    /// Takes what a person typed or pasted, without what can never be part of a key: white space at the ends,
    /// control characters, invisible characters, matching quotation marks and brackets around it.
    ///
    /// [`PastedKey::parse`](crate::PastedKey::parse) also reports what was taken off, and what looks wrong in the
    /// rest.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) when nothing is left. The error does not
    /// repeat the text.
    pub fn parse(text: &str) -> Result<Self> {
        code_alone(text)
    }

    /// The code itself. Write it nowhere but to the vendor and to the customer who owns it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Enough of the code to recognise it in a list: `****-` and the last six characters, or only
    /// `****` when the code has fewer than twelve.
    #[must_use]
    pub fn masked(&self) -> impl fmt::Display + '_ {
        MaskedCode(self)
    }
}

/// Takes a [`KeyCode`] from a vendor. For adapters; an app [parses](KeyCode::parse) what a person entered.
pub trait KeyCodeExt: Sealed + Sized {
    /// Takes a code exactly as a vendor wrote it.
    fn verbatim(text: impl Into<String>) -> Self;
}

impl KeyCodeExt for KeyCode {
    fn verbatim(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }
}

impl PartialEq for KeyCode {
    fn eq(&self, other: &Self) -> bool {
        self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
    }
}

impl Eq for KeyCode {}

impl FromStr for KeyCode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl fmt::Debug for KeyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyCode({})", self.masked())
    }
}

struct MaskedCode<'a>(&'a KeyCode);

impl fmt::Display for MaskedCode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.0.expose();
        let length = code.chars().count();
        if length < 12 {
            return f.write_str("****");
        }
        f.write_str("****-")?;
        code.chars().skip(length.saturating_sub(6)).try_for_each(|c| fmt::Write::write_char(f, c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_inner_spaces_and_letters_of_any_script_stay() {
        assert_eq!(KeyCode::parse("\t aB c-\u{e9} \r\n").unwrap().expose(), "aB c-\u{e9}");
    }

    #[test]
    fn short_and_non_ascii_codes_are_masked() {
        assert_eq!(KeyCode::verbatim("abcdefghijk").masked().to_string(), "****");
        assert_eq!(KeyCode::verbatim("ééééééabcdef").masked().to_string(), "****-abcdef");
    }

    #[test]
    fn codes_are_equal_only_when_every_character_is() {
        assert_eq!(KeyCode::verbatim("A"), KeyCode::verbatim("A"));
        assert_ne!(KeyCode::verbatim("A"), KeyCode::verbatim("a"));
        assert_ne!(KeyCode::verbatim("A"), KeyCode::verbatim("AA"));
    }
}

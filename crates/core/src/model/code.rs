use std::fmt;
use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::{Error, ErrorKind, Result};

/// The secret text that a customer types to unlock the product.
///
/// It has neither `Display`, `Deref` nor `Serialize`; `Debug` prints a mask; its memory is zeroed on
/// drop; two codes are compared in constant time. Vendors look codes up exactly as they are, case
/// included, so nothing but surrounding white space is ever changed.
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
    /// Takes what a person typed or pasted: surrounding white space goes, the rest stays.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] when nothing is left, or when it contains a NUL character, which no
    /// vendor accepts. The error does not repeat the text.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                "the license key is empty; enter the whole key",
            ));
        }
        if text.contains('\0') {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                "the license key contains a NUL character; paste it again as plain text",
            ));
        }
        Ok(Self::verbatim(text))
    }

    /// Takes a code exactly as a vendor wrote it. For authors of providers.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
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
    fn only_surrounding_white_space_is_taken_off() {
        assert_eq!(KeyCode::parse("\t aB c-\u{e9} \r\n").unwrap().expose(), "aB c-\u{e9}");
    }

    #[test]
    fn empty_and_nul_are_refused_without_echo() {
        for text in ["", " \n\t", "SECRET\0KEY"] {
            let error = KeyCode::parse(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(!error.to_string().contains("SECRET"));
        }
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

//! Credentials in headers.

use std::fmt;

use anykey_core::adapter::identifier_fault;
use anykey_core::{Error, ErrorKind, Result, SecretString};
use http::HeaderValue;
use secrecy::ExposeSecret;

/// An API token for the header `Authorization: Bearer …`, or for a header of the vendor's own.
///
/// Never prints: no `Display`, no `Serialize`, and `Debug` masks. The memory is wiped on drop.
///
/// ```
/// use anykey_http::BearerToken;
///
/// let token = BearerToken::new("acme_live_example")?;
/// assert_eq!(format!("{token:?}"), "BearerToken([redacted])");
/// # Ok::<(), anykey_core::Error>(())
/// ```
#[derive(Clone)]
pub struct BearerToken(SecretString);

impl BearerToken {
    /// Wraps `token`, without the word `Bearer`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when it is empty or holds white space, a control or a non-ASCII character, which no header
    /// can carry, and when it was copied together with something else: it is a URL, is in quotes or brackets, or holds
    /// a quote, a bracket, a comma or another character that no token has. The message does not repeat the token.
    pub fn new(token: impl Into<SecretString>) -> Result<Self> {
        let token = token.into();
        match fault(token.expose_secret()) {
            Some(fault) => Err(Error::new(ErrorKind::Config, format!("the access token {fault}"))),
            None => Ok(Self(token)),
        }
    }

    /// The value of `Authorization`.
    pub(crate) fn header(&self) -> Result<HeaderValue> {
        Self::sensitive(format!("Bearer {}", self.0.expose_secret()))
    }

    /// The value of a header that has the token alone.
    pub(crate) fn bare_header(&self) -> Result<HeaderValue> {
        Self::sensitive(self.0.expose_secret().to_owned())
    }

    /// A header that no transport and no trace prints.
    fn sensitive(value: String) -> Result<HeaderValue> {
        let mut header = HeaderValue::try_from(value)
            .map_err(|_| Error::new(ErrorKind::Config, "the access token cannot be sent in a header"))?;
        header.set_sensitive(true);
        Ok(header)
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken([redacted])")
    }
}

/// Why a text is no token; `None` if it can be one.
fn fault(token: &str) -> Option<&'static str> {
    if token.trim().is_empty() {
        Some("is empty")
    } else if token.contains(char::is_whitespace) {
        Some("holds white space: a line break at the end of its file, or the word Bearer before it?")
    } else if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        Some("holds a control or non-ASCII character")
    } else {
        identifier_fault(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_copied_with_a_token_is_found_and_the_token_is_not_repeated() {
        for (token, fault) in [
            ("", "empty"),
            ("Bearer planted", "the word Bearer"),
            ("\"planted\"", "quotes"),
            ("<planted>", "brackets"),
            ("${PLANTED}", "variable"),
            ("planted,", "comma"),
            ("planted\\n", "line break"),
            ("TOKEN=planted", "name"),
            ("https://example.com/planted", "URL"),
            ("plant\u{e9}d", "non-ASCII"),
        ] {
            let error = BearerToken::new(token).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{token}");
            assert!(
                error.message().contains(fault) && !error.message().contains("planted"),
                "{token}: {error}"
            );
        }
    }

    #[test]
    fn tokens_of_vendors_are_taken() {
        for token in ["acme_live_1", "a.b_c-d", "eyJ0.eyJh.a-_b", "12|abc", "sk:abc", "d2hzZWM=="] {
            BearerToken::new(token).unwrap();
        }
    }
}

//! From what a person typed or pasted to a key code, with what was taken off and what looks wrong.

use super::KeyCode;
use crate::adapter::KeyCodeExt as _;
use crate::{Error, ErrorKind, Result};

mod decode;
mod hint;
mod removed;
mod shape;
mod strip;

pub use hint::KeyHint;
pub use removed::Removed;
pub use shape::UuidCase;

/// A key code as a person typed or pasted it, cleaned of what can never be part of one.
///
/// Mail programs, word processors, chat windows and terminals add characters to a key or change some of it. What
/// is certain never to be part of a key is taken off and named in [`removed`](Self::removed); what was only
/// *probably* changed stays as it is and is named in [`hints`](Self::hints), since sellers may import any text as a
/// code. Show the hints beside a vendor's refusal.
///
/// ```
/// use anykey_core::{KeyHint, PastedKey, Removed};
///
/// let pasted = PastedKey::parse("\u{feff}`MYAPP-1C285B2D` ")?;
/// assert_eq!(pasted.code.expose(), "MYAPP-1C285B2D");
/// assert_eq!(pasted.removed, [Removed::Invisible, Removed::WhiteSpace, Removed::Quotes]);
///
/// let pasted = PastedKey::parse("License key: MYAPP\u{2013}1C285B2D")?;
/// assert_eq!(pasted.hints, [KeyHint::Label, KeyHint::ChangedDash]);
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PastedKey {
    /// The code that is left. It holds no control character.
    pub code: KeyCode,
    /// What was taken off, each kind once.
    pub removed: Vec<Removed>,
    /// What looks as if it was changed on the way, the most likely cause of a refusal first; each kind once.
    pub hints: Vec<KeyHint>,
}

impl PastedKey {
    /// Reads the text of one key.
    ///
    /// Line breaks inside are taken off with the white space around them, so a key that was wrapped is whole
    /// again; [`KeyHint::LineWrapped`] names it, since the lines may also have been two different things.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] when nothing is left. The error does not repeat the text.
    pub fn parse(text: &str) -> Result<Self> {
        let stripped = stripped(text)?;
        let hints = hint::hints(&stripped);
        Ok(Self { code: KeyCode::verbatim(stripped.code), removed: stripped.removed, hints })
    }

    /// Reads the content of a file that holds one key: UTF-8, or UTF-16 as Windows programs save it.
    ///
    /// UTF-16 is known by its byte order mark, or without one by the zero byte that every ASCII character has.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] when it is text in neither encoding, naming the one that was tried, and when
    /// no key is in it. The error does not repeat the content.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        Self::parse(&decode::text(bytes)?)
    }
}

/// The code alone: hints would be a fifth of what a validation costs, and an app that reads a stored code has no use
/// for them.
pub(super) fn code_alone(text: &str) -> Result<KeyCode> {
    Ok(KeyCode::verbatim(stripped(text)?.code))
}

/// What would be taken off `text`, each kind once.
pub(crate) fn removed(text: &str) -> Vec<Removed> {
    strip::strip(text).removed
}

fn stripped(text: &str) -> Result<strip::Stripped> {
    let stripped = strip::strip(text);
    match stripped.code.is_empty() {
        true => Err(invalid("the license key is empty; enter the whole key")),
        false => Ok(stripped),
    }
}

fn invalid(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidRequest, message)
}

#[cfg(test)]
mod tests;

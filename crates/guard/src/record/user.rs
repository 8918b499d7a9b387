//! Users of a shared installation.

use std::fmt;

/// A user of a shared installation, as part of a digest that does not identify the person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserMark([u8; 6]);

impl UserMark {
    pub(crate) const fn from_digest(digest: [u8; 6]) -> Self {
        Self(digest)
    }

    /// Parses the output of `Display`: twelve digits of 0-9 and a-f.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plain = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
        if text.len() != 12 || !text.bytes().all(plain) {
            return None;
        }
        let [_, _, digest @ ..] = u64::from_str_radix(text, 16).ok()?.to_be_bytes();
        Some(Self(digest))
    }
}

impl fmt::Display for UserMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for UserMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserMark({self})")
    }
}

//! The shape of keys that vendors make.

use super::KeyHint;
use crate::KeyCode;

/// How a vendor writes the UUID that its own keys end with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "hexadecimal digits have two cases")]
pub enum UuidCase {
    /// `1c285b2d-6ce6-4bc7-b8be-adb6a7e304da`.
    Lower,
    /// `1C285B2D-6CE6-4BC7-B8BE-ADB6A7E304DA`.
    Upper,
}

impl KeyHint {
    /// The hint for a code of a vendor whose own keys are UUIDs, perhaps behind a prefix and a hyphen. For authors of
    /// providers.
    ///
    /// `None` for a UUID in `case`, and for every text that does not look like one at all: it may be imported.
    ///
    /// ```
    /// use anykey_core::{KeyCode, KeyHint, UuidCase};
    ///
    /// let hint = |text| KeyHint::of_uuid(&KeyCode::parse(text).unwrap(), UuidCase::Upper);
    /// assert_eq!(hint("MYAPP-1C285B2D-6CE6-4BC7-B8BE-ADB6A7E304DA"), None);
    /// assert_eq!(hint("myapp-1c285b2d-6ce6-4bc7-b8be-adb6a7e304da"), Some(KeyHint::LetterCase));
    /// assert_eq!(hint("MYAPP-1C285B2D-6CE6-4BC7-B8BE-ADB6A7E3"), Some(KeyHint::Length));
    /// assert_eq!(hint("LK-001"), None);
    /// ```
    #[must_use]
    pub fn of_uuid(code: &KeyCode, case: UuidCase) -> Option<Self> {
        let groups: Vec<&str> = code.expose().split('-').collect();
        let lengths = |groups: &[&str]| groups.iter().map(|group| group.len()).collect::<Vec<_>>();
        let is_hex = |group: &&str| group.bytes().all(|digit| digit.is_ascii_hexdigit());
        let tail = groups.get(groups.len().checked_sub(5)?..)?;
        let [8, 4, 4, 4, last] = *lengths(tail) else { return None };
        if !tail.iter().all(is_hex) {
            return None;
        }
        let is_wrong = |digit: char| match case {
            UuidCase::Lower => digit.is_ascii_uppercase(),
            UuidCase::Upper => digit.is_ascii_lowercase(),
        };
        match last {
            12 if tail.iter().any(|group| group.contains(is_wrong)) => Some(Self::LetterCase),
            12 => None,
            _ => Some(Self::Length),
        }
    }
}

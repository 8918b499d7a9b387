//! What key codes look like, for routes.
//!
//! A shape is compared without a request, so it decides who sees a code.

use std::fmt;
use std::str::FromStr;

use anykey_core::{Error, ErrorKind, KeyCode};

/// What the key codes of one provider look like: how they begin, what follows, or both.
///
/// Upper and lower case are not distinguished: a code that a customer typed in the wrong case still belongs to the
/// vendor whose codes look like it, and is shown to no other.
///
/// ```
/// use anykey_core::KeyCode;
/// use anykey_router::{KeyPattern, KeyShape};
///
/// let shape = KeyShape::prefix("ACME-").and_pattern(KeyPattern::Uuid);
/// assert!(shape.matches(&KeyCode::parse("ACME-1C285B2D-6CE6-4BC7-B8BE-ADB6A7E304DA")?));
/// assert!(!shape.matches(&KeyCode::parse("ACME-1234")?));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyShape {
    /// How codes begin; empty for any beginning.
    prefix: Box<str>,
    /// What follows the prefix; `None` for any text.
    pattern: Option<KeyPattern>,
}

impl KeyShape {
    /// Codes that begin with `prefix`.
    ///
    /// An empty prefix alone describes no code and is an error of
    /// [`RouterBuilder::build`](crate::RouterBuilder::build).
    #[must_use]
    pub fn prefix(prefix: impl Into<Box<str>>) -> Self {
        Self { prefix: prefix.into(), pattern: None }
    }

    /// Codes of which the whole text has this pattern.
    ///
    /// ```
    /// use anykey_core::KeyCode;
    /// use anykey_router::{KeyPattern, KeyShape};
    ///
    /// let four_groups = KeyShape::pattern("????????-????????-????????-????????".parse::<KeyPattern>()?);
    /// assert!(four_groups.matches(&KeyCode::parse("85DB562A-C11D4B06-A2335A6B-8C079166")?));
    /// assert!(!four_groups.matches(&KeyCode::parse("85DB562A-C11D4B06")?));
    /// # Ok::<_, anykey_core::Error>(())
    /// ```
    #[must_use]
    pub fn pattern(pattern: KeyPattern) -> Self {
        Self { prefix: Box::default(), pattern: Some(pattern) }
    }

    /// Requires the pattern of the text that follows the prefix.
    #[must_use]
    pub fn and_pattern(mut self, pattern: KeyPattern) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// Whether `code` has this shape.
    #[must_use]
    pub fn matches(&self, code: &KeyCode) -> bool {
        let rest = without_prefix(code.expose(), &self.prefix);
        rest.is_some_and(|rest| self.pattern.as_ref().is_none_or(|pattern| pattern.matches(rest)))
    }

    /// Whether it has neither a prefix nor a pattern.
    pub(crate) fn is_empty(&self) -> bool {
        self.prefix.is_empty() && self.pattern.is_none()
    }

    /// Whether every code of the shape `other` has this one too.
    pub(crate) fn includes(&self, other: &Self) -> bool {
        match &self.pattern {
            None => without_prefix(&other.prefix, &self.prefix).is_some(),
            Some(_) => self.prefix.eq_ignore_ascii_case(&other.prefix) && self.pattern == other.pattern,
        }
    }
}

/// The rest of a text after `prefix`, in any case of ASCII letters.
fn without_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// The form of a text, compared as a whole and without regard to ASCII case.
///
/// In a configuration it is a text: `uuid`, or a template.
///
/// ```
/// use anykey_router::KeyPattern;
///
/// let template: KeyPattern = "????-????".parse()?;
/// assert_eq!(template, KeyPattern::Template("????-????".into()));
/// assert!("no placeholder".parse::<KeyPattern>().is_err());
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyPattern {
    /// A UUID: hexadecimal digits in groups of 8, 4, 4, 4 and 12. Written `uuid`.
    Uuid,
    /// A text of this length, in which a `?` stands for one ASCII letter or digit and every other character for
    /// itself: `????-????-????`.
    Template(Box<str>),
}

impl KeyPattern {
    /// Whether the whole text has this form.
    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Uuid => {
                let groups = text.split('-').map(str::len);
                groups.eq([8, 4, 4, 4, 12])
                    && text.bytes().all(|digit| digit == b'-' || digit.is_ascii_hexdigit())
            }
            Self::Template(template) => {
                text.len() == template.len()
                    && text.bytes().zip(template.bytes()).all(|(found, expected)| match expected {
                        b'?' => found.is_ascii_alphanumeric(),
                        expected => found.eq_ignore_ascii_case(&expected),
                    })
            }
        }
    }
}

impl FromStr for KeyPattern {
    type Err = Error;

    /// Reads `uuid` or a template.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] for a text that is neither. It is not repeated.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "uuid" => Ok(Self::Uuid),
            template if template.contains('?') => Ok(Self::Template(template.into())),
            _ => Err(Error::new(
                ErrorKind::Config,
                "a pattern is `uuid`, or a template with `?` for each letter or digit, such as `????-????-????`",
            )),
        }
    }
}

impl fmt::Display for KeyPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uuid => f.write_str("uuid"),
            Self::Template(template) => f.write_str(template),
        }
    }
}

#[cfg(test)]
mod tests {
    use anykey_core::adapter::KeyCodeExt as _;

    use super::*;

    const UUID: &str = "1c285b2d-6ce6-4bc7-b8be-adb6a7e304da";

    #[test]
    fn shapes_are_told_apart() {
        let uuid = || KeyShape::pattern(KeyPattern::Uuid);
        let template = |text: &str| KeyShape::pattern(text.parse().unwrap());
        let behind = format!("ACME-{UUID}");
        for (shape, code, matches) in [
            (KeyShape::prefix("ACME-"), "ACME-1", true),
            (KeyShape::prefix("ACME-"), "ACME-", true),
            (KeyShape::prefix("ACME-"), "acme-1", true),
            (KeyShape::prefix("ACME-"), "ACME1", false),
            (KeyShape::prefix("ACME-"), "XACME-1", false),
            (KeyShape::prefix("ACM\u{c9}"), "ACM\u{c9}-1", true),
            (KeyShape::prefix("ACME"), "\u{e9}\u{e9}\u{e9}", false),
            (uuid(), UUID, true),
            (uuid(), &UUID.to_uppercase(), true),
            (uuid(), &behind, false),
            (uuid(), "1c285b2d-6ce6-4bc7-b8be-adb6a7e304d", false),
            (uuid(), "1c285b2d-6ce6-4bc7-b8be-adb6a7e304dg", false),
            (uuid(), "", false),
            (KeyShape::prefix("ACME-").and_pattern(KeyPattern::Uuid), &behind, true),
            (KeyShape::prefix("ACME-").and_pattern(KeyPattern::Uuid), "ACME-1", false),
            (template("????-????"), "AB12-cd34", true),
            (template("????-????"), "AB12-cd3", false),
            (template("????-????"), "AB12_cd34", false),
            (template("V3-??"), "v3-99", true),
            (template("V3-??"), "V4-99", false),
            (template("??"), "\u{e9}", false),
        ] {
            assert_eq!(shape.matches(&KeyCode::verbatim(code)), matches, "{shape:?} {code}");
        }
    }

    #[test]
    fn a_shape_includes_what_it_leaves_nothing_of() {
        let prefix = KeyShape::prefix;
        let uuid = || KeyShape::pattern(KeyPattern::Uuid);
        for (first, second, includes) in [
            (prefix("ACME-"), prefix("ACME-PRO-"), true),
            (prefix("ACME-"), prefix("acme-"), true),
            (prefix("ACME-"), prefix("ACME-").and_pattern(KeyPattern::Uuid), true),
            (prefix("ACME-PRO-"), prefix("ACME-"), false),
            (prefix("ACME-").and_pattern(KeyPattern::Uuid), prefix("ACME-"), false),
            (uuid(), uuid(), true),
            (uuid(), prefix("ACME-"), false),
        ] {
            assert_eq!(first.includes(&second), includes, "{first:?} {second:?}");
        }
    }

    #[test]
    fn a_pattern_is_read_from_its_text() {
        for text in ["uuid", "????-????"] {
            assert_eq!(text.parse::<KeyPattern>().unwrap().to_string(), text);
        }
        for text in ["", "UUID", "planted"] {
            let error = text.parse::<KeyPattern>().unwrap_err();
            assert!(error.kind() == ErrorKind::Config && !error.to_string().contains("planted"), "{error}");
        }
    }
}

//! What the server would change silently, or could not name again, checked before anything is sent.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{ActivationLimit, Capability, Error, ErrorKind, Result, Timestamp};

use crate::NAME;

/// The largest limit that the database keeps.
/// It stores this number for any larger one (recording of `2^32`, November 2026).
const MAX_LIMIT: u64 = 4_294_967_295;

/// Whether a text is an id as the plugin writes it: a number above 0.
pub(crate) fn is_id(text: &str) -> bool {
    text.parse().is_ok_and(|number: u64| number > 0 && number.to_string() == text)
}

/// The id of a record, such as `customer`.
///
/// # Errors
///
/// `InvalidRequest`. The server would make another number of anything else.
pub(crate) fn id(field: &'static str, text: &str) -> Result<u64> {
    match text.parse() {
        Ok(number) if is_id(text) => Ok(number),
        _ => Err(invalid(format!("{field}: the ids of this plugin are numbers"))),
    }
}

/// Whether a code can be a part of a path.
///
/// The route of the plugin matches letters, digits, `_` and `-` only; any other character is a `rest_no_route`,
/// however it is escaped (recordings of November 2026).
pub(crate) fn is_path_safe(code: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    !code.is_empty() && code.len() <= 255 && code.bytes().all(is_word)
}

/// Whether a text is an activation's token. The server compares tokens loosely, so nothing else is sent.
pub(crate) fn is_token(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Checks the code of a key that is about to be created.
///
/// Digits alone would be taken for an id where a key is updated; a code that contains `hashed-` would be looked up by
/// its hash first (source of version 1.8.3).
///
/// # Errors
///
/// `InvalidRequest` for a code that the server would change, or that no path could name afterwards.
pub(crate) fn new_code(code: &str) -> Result<()> {
    let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
    if is_path_safe(code) && !is_number && !code.contains("hashed-") {
        return Ok(());
    }
    let message = "code: a new code has at most 255 letters, digits, `-` and `_`, is no number and does not contain \
                   `hashed-`; the plugin could not name any other again";
    Err(invalid(message.to_owned()))
}

/// Checks a label against what the server makes of one: it trims and folds white space, strips markup and `%XX`,
/// rewrites numbers (`0070` to `70`, `1e5` to `100000`), stores nothing for `0`, cuts at 255 characters and fails on
/// emoji (recordings of November 2026).
///
/// # Errors
///
/// `InvalidRequest` for a label that would not come back as it is. The message does not contain it.
pub(crate) fn label(label: &str) -> Result<()> {
    let is_folded = label.trim() == label && !label.contains("  ");
    let has_odd = label
        .chars()
        .any(|letter| letter.is_control() || letter.len_utf8() > 3 || matches!(letter, '<' | '\\'));
    let rewritten = label.parse::<f64>().is_ok()
        && label.parse::<i64>().map(|number| number.to_string()).as_deref() != Ok(label);
    if is_folded
        && !has_odd
        && !rewritten
        && label != "0"
        && !has_escape(label)
        && label.chars().count() <= 255
    {
        return Ok(());
    }
    let message = "label: the plugin would change or refuse it. It has at most 255 characters, no emoji, `<`, `\\`, line \
                   break, double blank or escape such as `%20`, and is no number with a point or leading zeros";
    Err(invalid(message.to_owned()))
}

/// Whether there is a `%` with two hexadecimal digits, which the server removes.
fn has_escape(text: &str) -> bool {
    text.match_indices('%').any(|(place, _)| {
        let digits = text.as_bytes().get(place.saturating_add(1)..place.saturating_add(3));
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// The limit as it is sent; `None` for unlimited.
///
/// # Errors
///
/// `Unsupported` for a key that cannot be activated, `InvalidRequest` for 0 seats, which would be unlimited here, and
/// for more than the database keeps.
pub(crate) fn limit(limit: &ActivationLimit) -> Result<Option<u64>> {
    match limit {
        ActivationLimit::Unlimited => Ok(None),
        ActivationLimit::AtMost(limit @ 1..=MAX_LIMIT) => Ok(Some(*limit)),
        ActivationLimit::NotAllowed => {
            let error = Error::unsupported(NAME, Capability::SetActivationLimit);
            Err(error.with_hint("every key of this plugin can be activated"))
        }
        _ => {
            let message = "activation_limit: a key has 1 to 4294967295 seats or is unlimited; 0 would be unlimited here";
            Err(invalid(message.to_owned()))
        }
    }
}

/// The date as it is sent: UTC, whole seconds; a fraction is cut off.
///
/// # Errors
///
/// `InvalidRequest` for a date that the database does not keep: it would make "never" of it.
pub(crate) fn date(at: Timestamp) -> Result<String> {
    let text = at.strftime("%Y-%m-%d %H:%M:%S").to_string();
    if text.len() == 19 && ("1000-01-01"..="9999-12-31 23:59:59").contains(&text.as_str()) {
        return Ok(text);
    }
    Err(invalid(
        "expiry: the plugin keeps dates from the year 1000 to 9999, and would make \"never\" of this one"
            .to_owned(),
    ))
}

/// An error of the caller's argument; the caller adds provider and operation.
fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidRequest, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_the_server_rewrites_are_refused() {
        for label in
            ["0070", "1e5", "1.50", "0", " a", "a  b", "a\nb", "<b>", "50%20off", "\u{1f511}", "C:\\x", "inf"]
        {
            assert!(self::label(label).is_err(), "{label:?}");
        }
        for label in ["", "laptop", "70", "Ada's Mac", "caf\u{e9} \u{6f22}\u{5b57}", "100% mine"] {
            assert!(self::label(label).is_ok(), "{label:?}");
        }
        assert!(label(&"x".repeat(256)).is_err());
    }

    #[test]
    fn codes_that_no_path_can_name_are_refused() {
        for code in ["", "123", "DLM.DOTS", "a b", "hashed-1", "CL\u{c9}"] {
            assert!(new_code(code).is_err(), "{code:?}");
        }
        assert!(new_code("DLM-7F3K_9q2m").is_ok());
    }

    #[test]
    fn dates_and_limits_are_those_that_are_kept() {
        assert_eq!(date("2030-01-02T03:04:05.9Z".parse().unwrap()).unwrap(), "2030-01-02 03:04:05");
        assert!(date("-000001-01-01T00:00:00Z".parse().unwrap()).is_err());
        assert_eq!(limit(&ActivationLimit::Unlimited).unwrap(), None);
        for odd in [ActivationLimit::AtMost(0), ActivationLimit::AtMost(1 << 32), ActivationLimit::NotAllowed]
        {
            assert!(limit(&odd).is_err(), "{odd:?}");
        }
        assert!(is_id("7") && !is_id("07") && !is_id("0") && !is_id("2abc"));
        assert!(is_token(&"a".repeat(40)) && !is_token(&"A".repeat(40)) && !is_token("0"));
    }
}

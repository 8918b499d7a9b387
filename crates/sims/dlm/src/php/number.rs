//! Numbers in texts.
//!
//! These rules rewrite labels and metadata, compare ids with texts, and decide which tokens are equal.

/// Whether a text is a number as a whole, with white space around it at most.
pub(super) fn is_numeric(text: &str) -> bool {
    let trimmed = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    !trimmed.is_empty() && numeric_length(trimmed) == trimmed.len()
}

/// The number that a text begins with; 0 without one.
pub(crate) fn numeric_prefix(text: &str) -> f64 {
    let text = text.trim_start();
    let length = numeric_length(text);
    text.get(..length).and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// `(int)` of a text. A number that is too large becomes the largest one.
pub(crate) fn parse_int(text: &str) -> i64 {
    let text = text.trim_start();
    let number = text.get(..numeric_length(text)).unwrap_or_default();
    if number.is_empty() {
        return 0;
    }
    number.parse().unwrap_or_else(|_| truncate(number.parse().unwrap_or_default()))
}

/// The whole part of a number, at most the largest or smallest integer; 0 for NaN.
pub(super) fn truncate(number: f64) -> i64 {
    if number.is_nan() {
        return 0;
    }
    let bound = if number > 0.0 { i64::MAX } else { i64::MIN };
    format!("{:.0}", number.trunc()).parse().unwrap_or(bound)
}

/// How many bytes at the start are a number: a sign, digits with a point, and an exponent.
fn numeric_length(text: &str) -> usize {
    let digits =
        |from: usize| text.get(from..).unwrap_or_default().bytes().take_while(u8::is_ascii_digit).count();
    let at = |place: usize| text.as_bytes().get(place).copied();
    let mut end = usize::from(matches!(at(0), Some(b'+' | b'-')));
    let whole = digits(end);
    end = end.saturating_add(whole);
    let mut fraction = 0;
    if at(end) == Some(b'.') {
        fraction = digits(end.saturating_add(1));
        if whole > 0 || fraction > 0 {
            end = end.saturating_add(1).saturating_add(fraction);
        }
    }
    if whole == 0 && fraction == 0 {
        return 0;
    }
    if matches!(at(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(at(end.saturating_add(1)), Some(b'+' | b'-')));
        let exponent_at = end.saturating_add(1).saturating_add(sign);
        let exponent = digits(exponent_at);
        if exponent > 0 {
            end = exponent_at.saturating_add(exponent);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_far_as_it_is_a_number() {
        for (text, is_number, int) in [
            ("0070", true, 70),
            ("1e5", true, 100_000),
            ("1.50", true, 1),
            (" 7 ", true, 7),
            ("-5", true, -5),
            ("99999999999999999999", true, i64::MAX),
            ("2abc", false, 2),
            ("active", false, 0),
            ("", false, 0),
            (".", false, 0),
            ("1e", false, 1),
        ] {
            assert_eq!((is_numeric(text), parse_int(text)), (is_number, int), "{text:?}");
        }
    }
}

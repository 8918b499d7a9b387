use std::borrow::Cow;

/// `text` without characters that act on a terminal, a log or the order of reading instead of being read.
///
/// Control characters and line or paragraph separators become spaces. Formatting characters are left out: those of
/// zero width, those that turn the direction of text, and byte order marks. [`Error`](crate::Error) and
/// [`Refusal`](crate::Refusal) pass all text through this that a provider gives them.
///
/// ```
/// use anykey_core::adapter::plain_text;
///
/// assert_eq!(plain_text("no key \u{202e}drowssap\u{1b}[2J"), "no key drowssap [2J");
/// ```
#[must_use]
pub fn plain_text(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| is_separator(c) || is_formatting(c)) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().filter(|c| !is_formatting(*c));
    Cow::Owned(shown.map(|c| if is_separator(c) { ' ' } else { c }).collect())
}

fn is_separator(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether `c` formats text and is not read itself: Unicode's general category Cf, variation selectors, blank fillers
/// and inherent vowels, as of Unicode 16.
pub(crate) const fn is_formatting(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether `text` has what dashboards show in the place of a secret's characters.
pub(crate) fn is_masked(text: &str) -> bool {
    ["***", "\u{2022}\u{2022}\u{2022}", "\u{25cf}\u{25cf}\u{25cf}"].iter().any(|mask| text.contains(mask))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_stays_and_what_acts_goes() {
        for plain in ["", "License key only has 3 more usages.", "é 1 — señor", "キー", "مفتاح", "“quoted”"]
        {
            assert!(matches!(plain_text(plain), Cow::Borrowed(text) if text == plain), "{plain}");
        }
        for (text, expected) in [
            ("a\r\nb\tc\0", "a  b c "),
            ("\u{9b}31mred\u{7f}\u{85}", " 31mred  "),
            ("\u{feff}k\u{200b}e\u{200d}y\u{2060}", "key"),
            ("\u{202d}a\u{2066}b\u{2069}\u{200f}", "ab"),
            ("one\u{2028}two\u{2029}", "one two "),
            ("tag\u{e0041}s", "tags"),
            ("k\u{17b4}e\u{61c}y\u{600}", "key"),
        ] {
            assert_eq!(plain_text(text), expected, "{text:?}");
        }
    }
}

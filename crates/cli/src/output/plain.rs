use std::borrow::Cow;

/// `text` without control characters: a vendor's text must not steer the terminal or begin a line.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        Cow::Owned(text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn escape_sequences_and_line_ends_do_not_pass() {
        assert_eq!(plain("a\u{1b}[2Jb\r\nc"), "a [2Jb  c");
        assert_eq!(plain("ünchanged"), "ünchanged");
    }
}

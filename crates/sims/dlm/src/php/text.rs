//! What becomes of texts on their way into the database.

/// `sanitize_text_field()` of WordPress: without tags, escapes such as `%41` and line breaks, with single blanks.
/// Every text of a creation and every label goes through it.
pub(crate) fn sanitize_text_field(text: &str) -> String {
    let text = if text.contains('<') { strip_tags(&escape_lone(text)) } else { text.to_owned() };
    let mut folded = String::new();
    for letter in text.chars() {
        let letter = if matches!(letter, '\r' | '\n' | '\t') { ' ' } else { letter };
        if letter != ' ' || !folded.ends_with(' ') {
            folded.push(letter);
        }
    }
    let mut text = trim(&folded).to_owned();
    let mut found = false;
    while let Some(place) = escape_at(&text) {
        text.replace_range(place..place.saturating_add(3), "");
        found = true;
    }
    if found {
        let words: Vec<_> = text.split(' ').filter(|word| !word.is_empty()).collect();
        return trim(&words.join(" ")).to_owned();
    }
    text
}

/// `stripslashes()`: removes one backslash of each pair, and alone. The plugin applies it to stored JSON, so quotes
/// and characters beyond ASCII in metadata do not survive.
pub(crate) fn strip_slashes(text: &str) -> String {
    let mut kept = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('0') => kept.push('\0'),
                Some(next) => kept.push(next),
                None => {}
            },
            _ => kept.push(letter),
        }
    }
    kept
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r', '\0', '\x0b'])
}

/// Where a `%` and two hexadecimal digits are.
fn escape_at(text: &str) -> Option<usize> {
    text.match_indices('%').map(|(place, _)| place).find(|place| {
        let digits = text.as_bytes().get(place.saturating_add(1)..place.saturating_add(3));
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// Escapes each `<` that no `>` closes before the next one.
fn escape_lone(text: &str) -> String {
    let mut parts = text.split('<');
    let mut escaped = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if part.contains('>') {
            escaped.push('<');
            escaped.push_str(part);
        } else {
            escaped.push_str("&lt;");
            escaped.push_str(&part.replace('&', "&amp;").replace('"', "&quot;").replace('\'', "&#039;"));
        }
    }
    escaped
}

fn strip_tags(text: &str) -> String {
    let mut kept = String::new();
    let mut inside = false;
    for letter in text.chars() {
        match letter {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if !inside => kept.push(letter),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_escapes_and_blanks_do_not_survive() {
        for (text, expected) in [
            ("<b>lab</b>top", "labtop"),
            ("  a \n\t b  ", "a b"),
            ("50%41 off%2", "50 off%2"),
            ("a\0b", "a\0b"),
            ("a < b", "a &lt; b"),
        ] {
            assert_eq!(sanitize_text_field(text), expected, "{text:?}");
        }
        assert_eq!(strip_slashes(r"C:\\new \u00e9"), r"C:\new u00e9");
    }
}

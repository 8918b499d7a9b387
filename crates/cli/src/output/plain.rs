use std::borrow::Cow;

pub(crate) use anykey::adapter::plain_text as plain;

/// A JSON document in which no character acts on a terminal: control and formatting characters are written as
/// `\\u` and digits, which every reader of JSON takes for the same text. Line feeds stay: they stand between members.
pub(super) fn escaped(document: &str) -> Cow<'_, str> {
    if document.split('\n').all(|line| matches!(plain(line), Cow::Borrowed(_))) {
        return Cow::Borrowed(document);
    }
    let mut text = String::with_capacity(document.len());
    for character in document.chars() {
        if character == '\n' || matches!(plain(character.encode_utf8(&mut [0; 4])), Cow::Borrowed(_)) {
            text.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_of_a_document_acts_and_the_text_stays_the_same() {
        let label = "a\u{1b}[2J\u{9b}\u{7f}\u{202e}b\u{200b}\u{feff}\u{e0041}\n\r\t\u{2028}é";
        let document = serde_json::to_string_pretty(&serde_json::json!({ "label": label })).unwrap();
        let shown = escaped(&document);
        assert!(shown.lines().all(|line| matches!(plain(line), Cow::Borrowed(_))), "{shown:?}");
        let read: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(read["label"], label);
    }

    #[test]
    fn a_plain_document_is_not_copied() {
        assert!(matches!(escaped("{\n  \"a\": \"é\"\n}"), Cow::Borrowed(_)));
    }
}

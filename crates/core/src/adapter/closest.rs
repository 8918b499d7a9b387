/// The word of `known` that `word` is probably a misspelling of, whatever the ASCII case; `None` when none is close.
///
/// Close is one edit (a letter more, less, changed, or two that are swapped) for every three letters.
///
/// ```
/// use anykey_core::adapter::closest;
///
/// assert_eq!(closest("tokn", ["raw", "token"]), Some("token"));
/// assert_eq!(closest("port", ["raw", "token"]), None);
/// ```
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_ascii_lowercase();
    let edits = |known: &str| strsim::damerau_levenshtein(&word, &known.to_ascii_lowercase());
    let allowed = word.chars().count().div_ceil(3);
    let nearest = known.into_iter().map(|known| (edits(known), known)).min_by_key(|(edits, _)| *edits);
    nearest.filter(|(edits, _)| *edits <= allowed).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::closest;

    const FIELDS: [&str; 5] = ["token", "session_token", "base_url", "products", "raw"];

    #[test]
    fn a_misspelling_is_recognized_and_another_word_is_not() {
        for (word, expected) in [
            ("tokn", "token"),
            ("TOKNE", "token"),
            ("sesion_token", "session_token"),
            ("baseurl", "base_url"),
            ("base-url", "base_url"),
            ("product", "products"),
            ("row", "raw"),
        ] {
            assert_eq!(closest(word, FIELDS), Some(expected), "{word}");
        }
        for word in ["", "x", "port", "service_host", "organization_id"] {
            assert_eq!(closest(word, FIELDS), None, "{word}");
        }
    }
}

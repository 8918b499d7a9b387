//! Texts of vendors that may be shown.

use anykey_core::adapter::plain_text;

/// The longest text that [`redact`] returns, in characters.
const LONGEST: usize = 300;

/// What stands in the place of a secret.
const MASK: &str = "[redacted]";

/// From this length on, in bytes, a secret is masked wherever it occurs in a text; 4. A shorter one is in many words by
/// chance, and protects nothing: it is guessed in a moment.
pub const SHORTEST_SECRET: usize = 4;

/// What a shorter secret stands in when a vendor repeats it.
const QUOTES: [(char, char); 7] =
    [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’'), ('«', '»'), ('<', '>')];

/// A vendor's text, fit to be kept in an error: no `secrets`, [plain](plain_text), at most 300 characters.
///
/// Vendors echo what they were sent, license keys and customers' addresses included. Every occurrence of a
/// secret is masked, whatever its ASCII case, and so is every word that looks like an e-mail address, or
/// like a key or token: twelve characters or more with a letter and a digit among them. A secret of less than
/// [`SHORTEST_SECRET`] bytes is masked in quotes only, so that the rest of the sentence can be read.
///
/// ```
/// use anykey_http::redact;
///
/// let text = redact("No key abcd-1234 here\n", &["ABCD-1234"]);
/// assert_eq!(text, "No key [redacted] here");
/// ```
#[must_use]
pub fn redact(text: &str, secrets: &[&str]) -> String {
    let mut longest_first: Vec<&str> = secrets.iter().copied().filter(|secret| !secret.is_empty()).collect();
    longest_first.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
    // What is not seen would hide a secret from the search.
    let seen = plain_text(text).into_owned();
    let masked = longest_first.into_iter().fold(seen, |text, secret| {
        if secret.len() < SHORTEST_SECRET { mask_in_quotes(text, secret) } else { mask(&text, secret) }
    });
    shorten(&mask_suspicious_words(&masked))
}

/// A vendor's error code, fit to be kept in an error; `None` when it does not look like one, since it may
/// then be anything.
///
/// ```
/// use anykey_http::error_code;
///
/// assert_eq!(error_code("LICENSE_KEY_LIMIT_REACHED"), Some("LICENSE_KEY_LIMIT_REACHED"));
/// assert_eq!(error_code("ResourceNotFound"), Some("ResourceNotFound"));
/// assert_eq!(error_code("no key ABCD-1234"), None);
/// ```
#[must_use]
pub fn error_code(text: &str) -> Option<&str> {
    let is_code = text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'.');
    (is_code && (2..=64).contains(&text.len())).then_some(text)
}

/// Masks what looks like an address, a key or a token.
fn mask_suspicious_words(text: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "@-_.+%/=".contains(c);
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, from_word) = rest.split_at(start);
        let (word, after) = from_word.split_at(from_word.find(|c| !is_part(c)).unwrap_or(from_word.len()));
        masked.push_str(before);
        masked.push_str(if is_suspicious(word) { MASK } else { word });
        rest = after;
    }
    masked + rest
}

/// Whether a word looks so. Ordinary words have no digits, and numbers have no letters.
fn is_suspicious(word: &str) -> bool {
    let has = |kind: fn(char) -> bool| word.contains(kind);
    word.contains('@') || (word.len() >= 12 && has(char::is_numeric) && has(char::is_alphabetic))
}

/// Masks a short secret where it stands in quotes.
fn mask_in_quotes(text: String, secret: &str) -> String {
    QUOTES.iter().fold(text, |text, (open, close)| {
        let quoted = format!("{open}{secret}{close}").to_ascii_lowercase();
        replace(&text, &quoted, &format!("{open}{MASK}{close}"))
    })
}

/// Masks a secret wherever it occurs.
fn mask(text: &str, secret: &str) -> String {
    replace(text, &secret.to_ascii_lowercase(), MASK)
}

/// Replaces `lowercase` wherever it occurs, whatever its ASCII case.
fn replace(text: &str, lowercase: &str, by: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut masked = String::with_capacity(text.len());
    let mut kept = 0;
    for (start, found) in lower.match_indices(lowercase) {
        masked.push_str(text.get(kept..start).unwrap_or_default());
        masked.push_str(by);
        kept = start.saturating_add(found.len());
    }
    masked.push_str(text.get(kept..).unwrap_or_default());
    masked
}

/// The first 300 characters.
fn shorten(text: &str) -> String {
    let clean = plain_text(text.trim());
    let mut short: String = clean.chars().take(LONGEST).collect();
    if clean.chars().count() > LONGEST {
        short.pop();
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_key_or_an_address_is_masked_unasked() {
        let text =
            "no key \"6F1C0A52-3B7E-4D0C\" of <jo.e+x@example.com>, limit 3, lic_bL8HwBAMfuQKS8HODxegO";
        assert_eq!(redact(text, &[]), "no key \"[redacted]\" of <[redacted]>, limit 3, [redacted]");
    }

    #[test]
    fn an_invisible_character_hides_no_secret() {
        let text = "no key AB\u{200b}CD-12\u{202e}34\u{1b}[31m";
        assert_eq!(redact(text, &["ABCD-1234"]), "no key [redacted] [31m");
    }

    #[test]
    fn plain_sentences_stay_whole() {
        for text in ["License key only has 3 more usages.", "expected length 32, found 3", "é 1 — señor", "@"]
        {
            let kept = if text == "@" { "[redacted]" } else { text };
            assert_eq!(redact(text, &[]), kept);
        }
    }

    #[test]
    fn a_code_is_a_word_and_nothing_else() {
        for text in ["", "A", "two words", "ABCD-1234", "key_2", "jo@example.com", &"A".repeat(65)] {
            assert_eq!(error_code(text), None, "{text}");
        }
    }
}

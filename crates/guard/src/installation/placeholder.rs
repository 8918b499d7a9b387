//! Ids that many machines have, so that they identify none.

/// Ids that boards were delivered with (SMBIOS placeholders, which FreeBSD and virtual machines pass on), in plain
/// digits.
const DELIVERED: [&str; 7] = [
    "03000200040005000006000700080009",
    "00020003000400050006000700080009",
    "12345678123456789012123456789012",
    "123456781234567890abcddeefaabbcc",
    "01234567890123456789012345678901",
    "0123456789abcdef0123456789abcdef",
    "deadbeefdeadbeefdeadbeefdeadbeef",
];

/// Whether `identity` is no id at all: the word that systemd leaves in an image (machine-id(5)), an id made of one
/// repeated digit, or one of a series.
pub(super) fn is_placeholder(identity: &str) -> bool {
    let plain: String = identity
        .chars()
        .filter(|c| !matches!(c, '-' | '{' | '}' | ' ' | ':'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let mut digits = plain.chars();
    let first = digits.next();
    let is_one_digit = plain.len() >= 8 && digits.all(|digit| Some(digit) == first);
    plain == "uninitialized" || is_one_digit || DELIVERED.contains(&&*plain)
}

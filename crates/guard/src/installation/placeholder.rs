//! Ids that many machines share.

/// Ids that mainboards were shipped with (SMBIOS placeholders, which FreeBSD and virtual machines report), without
/// separators.
const VENDOR_PLACEHOLDERS: [&str; 7] = [
    "03000200040005000006000700080009",
    "00020003000400050006000700080009",
    "12345678123456789012123456789012",
    "123456781234567890abcddeefaabbcc",
    "01234567890123456789012345678901",
    "0123456789abcdef0123456789abcdef",
    "deadbeefdeadbeefdeadbeefdeadbeef",
];

/// Whether `identity` is a placeholder: the word that systemd writes to an image (machine-id(5)), one repeated digit,
/// or a known mainboard id.
pub(super) fn is_placeholder(identity: &str) -> bool {
    let plain: String = identity
        .chars()
        .filter(|c| !matches!(c, '-' | '{' | '}' | ' ' | ':'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let mut digits = plain.chars();
    let first = digits.next();
    let is_one_digit = plain.len() >= 8 && digits.all(|digit| Some(digit) == first);
    plain == "uninitialized" || is_one_digit || VENDOR_PLACEHOLDERS.contains(&&*plain)
}

//! The text of a file in the encodings that programs save text in.

use std::borrow::Cow;

use super::invalid;
use crate::Result;

pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            Err(invalid("the file is in UTF-32; save it as UTF-8 (plain text)"))
        }
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [_, 0, ..] if is_mostly_zero(bytes.get(1..)) => utf16(bytes, u16::from_le_bytes),
        [0, _, ..] if is_mostly_zero(Some(bytes)) => utf16(bytes, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

/// Whether more than half of every other byte is zero. A key is ASCII in the main, of which UTF-16 makes a zero byte
/// each; a single one is a control character.
fn is_mostly_zero(bytes: Option<&[u8]>) -> bool {
    let halves = bytes.unwrap_or_default().iter().step_by(2);
    let zeros = halves.clone().filter(|byte| **byte == 0).count();
    zeros > halves.len() / 2
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>> {
    let text = std::str::from_utf8(bytes);
    text.map(Into::into).map_err(|_| invalid("the file is no text in UTF-8; save it as UTF-8 (plain text)"))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'static, str>> {
    let damaged = || invalid("the file looks like UTF-16 and cannot be read; save it as UTF-8 (plain text)");
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(damaged());
    }
    let units: Vec<u16> = pairs.iter().copied().map(unit).collect();
    String::from_utf16(&units).map(Into::into).map_err(|_| damaged())
}

//! What the database makes of the label and the metadata of an activation.
//!
//! The label and the metadata are the only texts that a device sends, and most of what can be wrong with a text
//! happens to them (recordings of November 2026).

use crate::php::{Php, decode, encode, member, strip_slashes};

/// The database refused to store a value: a quote in the metadata, or a character beyond three bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotStored;

/// The metadata of an activation as text; absent without any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StoredMeta(Option<String>);

impl StoredMeta {
    /// The metadata of a request as the database stores it. A member called `value` replaces the whole map.
    ///
    /// # Errors
    ///
    /// [`NotStored`] for a single quote anywhere, and for the name `raw`.
    pub(crate) fn new(given: Option<&Php>) -> Result<Self, NotStored> {
        let Some(Php::Array(members)) = given else { return Ok(Self(None)) };
        if members.is_empty() {
            return Ok(Self(None));
        }
        // The names `raw` and `value` have a meaning to the query builder.
        if member(members, "raw").is_some() {
            return Err(NotStored);
        }
        if let Some(value) = member(members, "value") {
            return Ok(Self(value.to_text()));
        }
        let text = encode(&cleaned(&Php::Array(members.clone())).unwrap_or(Php::Null));
        if text.contains('\'') { Err(NotStored) } else { Ok(Self(Some(strip_slashes(&text)))) }
    }

    /// The value in a document; the text itself if it is no JSON any more.
    pub(crate) fn read(&self) -> Php {
        match &self.0 {
            None => Php::Array(Vec::new()),
            Some(text) => decode(text.as_bytes()).unwrap_or_else(|_| text.as_str().into()),
        }
    }
}

/// Numbers in texts become numbers, null vanishes, true becomes "1".
fn cleaned(value: &Php) -> Option<Php> {
    Some(match value {
        Php::Null => return None,
        Php::Array(members) => {
            let kept = members.iter().filter_map(|(name, value)| Some((name.clone(), cleaned(value)?)));
            Php::Array(kept.collect())
        }
        Php::Int(_) | Php::Float(_) => value.clone(),
        Php::Bool(_) => Php::Text(value.sanitized()),
        scalar => {
            let text = Php::Text(scalar.sanitized());
            match &text {
                Php::Text(digits) if text.is_numeric() && digits.contains('.') => {
                    Php::Float(crate::php::numeric_prefix(digits))
                }
                _ if text.is_numeric() => Php::Int(text.to_int()),
                _ => text,
            }
        }
    })
}

/// The label as it is stored; absent for an empty one.
///
/// # Errors
///
/// [`NotStored`] for a character beyond three bytes.
pub(crate) fn label(given: Option<&Php>) -> Result<Option<String>, NotStored> {
    let Some(given) = given.filter(|given| !given.is_empty()) else { return Ok(None) };
    let text = match given {
        Php::Array(_) => encode(given),
        scalar => scalar.sanitized(),
    };
    if text.chars().any(|letter| letter.len_utf8() > 3) {
        return Err(NotStored);
    }
    let text = Php::Text(text);
    let kept = if text.is_numeric() { text.to_int().to_string() } else { text.to_text().unwrap_or_default() };
    Ok(Some(kept.chars().take(255).collect()))
}

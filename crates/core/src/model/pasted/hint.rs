//! What was probably changed on the way from the vendor to the text field.

use std::fmt;

use super::Removed;
use super::strip::{Stripped, is_pair_mark, is_white_space};
use crate::names::stable_names;
use crate::text::is_masked;

/// Why a pasted key may not be the one that the vendor gave out. Only a guess: the code was left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyHint {
    /// Text before the key, such as `License key:`.
    Label,
    /// A web address, of which the key may be a part.
    WebAddress,
    /// Asterisks or dots in place of characters, as dashboards show a key that they keep to themselves.
    Masked,
    /// An ellipsis in place of characters.
    Shortened,
    /// Characters of a broken text encoding.
    Garbled,
    /// HTML tags or entities.
    Markup,
    /// Characters written as `%` and two digits, as in web addresses.
    PercentEncoded,
    /// `=` at the end of a line or followed by two digits, as mail is encoded on its way.
    QuotedPrintable,
    /// A long dash or a minus sign, which word processors put in the place of a hyphen.
    ChangedDash,
    /// Typographic quotation marks inside the text.
    ChangedQuote,
    /// Letters of another alphabet that look like Latin ones.
    LookalikeLetter,
    /// Full-width, circled, bold or joined forms of letters and digits, or digits of another script.
    StyledCharacter,
    /// A quotation mark or bracket at one end only, or different ones at both.
    UnmatchedMark,
    /// A point, comma or the like at the end, which may belong to the sentence around the key.
    TrailingPunctuation,
    /// A list mark or number in front.
    ListMark,
    /// Underscores around the text, as Markdown marks emphasis.
    Emphasis,
    /// The text had line breaks inside: a wrapped key, or two different things.
    LineWrapped,
    /// The text had control characters inside, where something may be missing.
    ControlCharacter,
    /// White space inside the text.
    WhiteSpace,
    /// The vendor's own keys are written in the other case, and it looks them up exactly.
    LetterCase,
    /// The vendor's own keys have another length.
    Length,
}

impl KeyHint {
    /// What to look at, as a sentence without its full stop.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Label => "the text in front of the key looks like a label; enter the key alone",
            Self::WebAddress => "this looks like a web address; enter the key alone",
            Self::Masked => "this looks like a masked key; copy the whole key from the receipt",
            Self::Shortened => "this looks like a shortened key; copy the whole key",
            Self::Garbled => "some characters were damaged by a wrong text encoding; copy the key again",
            Self::Markup => "the text contains HTML; copy the key as plain text",
            Self::PercentEncoded => "the text contains percent-encoded characters, as in a web address",
            Self::QuotedPrintable => {
                "the = looks like a mail's encoding; copy the key from the mail as your mail program shows it"
            }
            Self::ChangedDash => "a hyphen may have been replaced by a dash; write it as -",
            Self::ChangedQuote => "a quotation mark may have been replaced by a typographic one",
            Self::LookalikeLetter => {
                "a letter of another alphabet looks like a Latin one; copy the key instead of typing it"
            }
            Self::StyledCharacter => {
                "some characters are special forms of letters or digits; write plain ones"
            }
            Self::UnmatchedMark => "a quotation mark or bracket at one end may not belong to the key",
            Self::TrailingPunctuation => "the punctuation at the end may not belong to the key",
            Self::ListMark => "the list mark in front may not belong to the key",
            Self::Emphasis => "the underscores around the text may not belong to the key",
            Self::LineWrapped => "the text had several lines, which were joined; enter one key in one line",
            Self::ControlCharacter => "the text had control characters inside; copy the key as plain text",
            Self::WhiteSpace => "the text contains white space, which may not belong to the key",
            Self::LetterCase => "this vendor's own keys use the other letter case, and case matters",
            Self::Length => "this vendor's own keys have another length; check that the key is whole",
        }
    }
}

stable_names! { KeyHint:
    Label = "label",
    WebAddress = "web_address",
    Masked = "masked",
    Shortened = "shortened",
    Garbled = "garbled",
    Markup = "markup",
    PercentEncoded = "percent_encoded",
    QuotedPrintable = "quoted_printable",
    ChangedDash = "changed_dash",
    ChangedQuote = "changed_quote",
    LookalikeLetter = "lookalike_letter",
    StyledCharacter = "styled_character",
    UnmatchedMark = "unmatched_mark",
    TrailingPunctuation = "trailing_punctuation",
    ListMark = "list_mark",
    Emphasis = "emphasis",
    LineWrapped = "line_wrapped",
    ControlCharacter = "control_character",
    WhiteSpace = "white_space",
    LetterCase = "letter_case",
    Length = "length",
}

impl fmt::Display for KeyHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

pub(super) fn hints(stripped: &Stripped) -> Vec<KeyHint> {
    let code = stripped.code.as_str();
    let label = has_label(code);
    let found = [
        (is_web_address(code), KeyHint::WebAddress),
        (label, KeyHint::Label),
        (is_masked(code), KeyHint::Masked),
        (code.contains('\u{2026}') || code.contains("..."), KeyHint::Shortened),
        (code.contains(is_garbled) || code.contains("\u{e2}\u{20ac}"), KeyHint::Garbled),
        (has_markup(code), KeyHint::Markup),
        (has_percent_encoding(code), KeyHint::PercentEncoded),
        (is_quoted_printable(stripped), KeyHint::QuotedPrintable),
        (code.contains(is_dash), KeyHint::ChangedDash),
        (code.contains(is_typographic_quote), KeyHint::ChangedQuote),
        (code.contains(is_lookalike), KeyHint::LookalikeLetter),
        (code.contains(is_styled), KeyHint::StyledCharacter),
        (has_unmatched_mark(code), KeyHint::UnmatchedMark),
        (code.ends_with(is_punctuation), KeyHint::TrailingPunctuation),
        (has_list_mark(code), KeyHint::ListMark),
        (code.len() > 2 && code.starts_with('_') && code.ends_with('_'), KeyHint::Emphasis),
        (stripped.removed.contains(&Removed::LineBreak), KeyHint::LineWrapped),
        (stripped.removed.contains(&Removed::Control), KeyHint::ControlCharacter),
        (!label && code.contains(is_white_space), KeyHint::WhiteSpace),
    ];
    found.into_iter().filter(|(applies, _)| *applies).map(|(_, hint)| hint).collect()
}

/// `License key: X`, `KEY=X`, `Your code X`: words before what may be the key.
fn has_label(code: &str) -> bool {
    const WORDS: [&str; 8] =
        ["key", "license", "licence", "serial", "code", "product", "activation", "number"];
    let is_known = |text: &str| {
        let lower = text.to_lowercase();
        lower.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
    };
    let named = code.split_once([':', '\u{ff1a}', '=']).is_some_and(|(before, after)| {
        let after = after.trim_matches(|c| c == '=' || is_white_space(c));
        let is_name = before.chars().any(char::is_alphabetic) && before.chars().count() <= 40;
        !after.is_empty() && is_name && !before.contains('/')
    });
    let spoken = code.rsplit_once(is_white_space).is_some_and(|(before, _)| is_known(before));
    (named && !is_web_address(code)) || spoken
}

fn is_web_address(code: &str) -> bool {
    code.contains("://") || code.starts_with("www.")
}

fn has_markup(code: &str) -> bool {
    let entity = code.split('&').skip(1).any(|rest| {
        rest.split_once(';').is_some_and(|(name, _)| {
            (2..=8).contains(&name.len()) && name.chars().all(|c| c == '#' || c.is_ascii_alphanumeric())
        })
    });
    entity || code.contains("</") || code.contains("/>") || (code.contains('<') && code.contains('>'))
}

fn has_percent_encoding(code: &str) -> bool {
    code.split('%').skip(1).any(|rest| {
        let mut digits = rest.chars();
        matches!((digits.next(), digits.next()),
            (Some(one), Some(two)) if one.is_ascii_hexdigit() && two.is_ascii_hexdigit())
    })
}

/// Whether a mail's source was copied: a `=` where a line was broken, or characters as `=` and their digits.
fn is_quoted_printable(stripped: &Stripped) -> bool {
    let code = stripped.code.as_str();
    let is_broken = code.contains('=') && stripped.removed.contains(&Removed::LineBreak);
    is_broken
        || code.strip_suffix('=').is_some_and(is_cut)
        || ["=3D", "=2D", "=20"].iter().any(|digits| code.contains(digits))
}

/// Whether the text before a `=` at the end is a key in groups or of digits, and not base64, whose own end that may be.
fn is_cut(before: &str) -> bool {
    let has = |is: fn(&u8) -> bool| before.bytes().any(|byte| is(&byte));
    let is_of_one_case = !(has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase));
    let is_plain = before.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_plain && is_of_one_case && (before.contains('-') || !(before.len() + 1).is_multiple_of(4))
}

fn has_unmatched_mark(code: &str) -> bool {
    // `*` and `~` are masks and signs of their own.
    let is_mark = |c| is_pair_mark(c) && !matches!(c, '*' | '~');
    code.starts_with(is_mark) || code.ends_with(is_mark)
}

fn has_list_mark(code: &str) -> bool {
    let Some((mark, rest)) = code.split_once(is_white_space) else { return false };
    let number = mark.trim_end_matches(['.', ')', ':']);
    let is_number =
        number.len() < mark.len() && !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit());
    let is_bullet = matches!(
        mark,
        "-" | "*" | "+" | "\u{2022}" | "\u{2023}" | "\u{25cf}" | "\u{25e6}" | "\u{2013}" | "\u{b7}"
    );
    !rest.is_empty() && (is_number || is_bullet)
}

const fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '\\'
            | '|'
            | '\u{3002}'
            | '\u{3001}'
            | '\u{ff0c}'
            | '\u{ff0e}'
            | '\u{ff1b}'
            | '\u{ff1a}'
            | '\u{ff01}'
            | '\u{ff1f}'
    )
}

const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{2212}'
                | '\u{2796}'
                | '\u{2e3a}'
                | '\u{2e3b}'
                | '\u{fe58}'
                | '\u{fe63}'
                | '\u{ff0d}'
                | '\u{30fc}'
                | '\u{2500}'
    )
}

const fn is_typographic_quote(c: char) -> bool {
    matches!(
        c,
        '\u{2018}'
            ..='\u{201f}'
                | '\u{ab}'
                | '\u{bb}'
                | '\u{2039}'
                | '\u{203a}'
                | '\u{2032}'
                | '\u{2033}'
                | '\u{b4}'
    )
}

/// Traces of a wrong encoding, and characters that stand for a picture or belong to one font.
const fn is_garbled(c: char) -> bool {
    matches!(c, '\u{fffc}' | '\u{fffd}' | '\u{c2}' | '\u{c3}' | '\u{e000}'..='\u{f8ff}')
}

/// Letters that are drawn like Latin ones, with which a keyboard of another layout types a key.
fn is_lookalike(c: char) -> bool {
    // Cyrillic, then Greek, Armenian and Latin letters outside of ASCII.
    "АВЕЅІЈКМНОРСТУХЁаеорсухіјѕһӏԁԛԝҮүЗзБЬ".contains(c)
        || "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳονρυικχα".contains(c)
        || "ՕՍոսց".contains(c)
        || "ıİſǀΙ".contains(c)
}

fn is_styled(c: char) -> bool {
    matches!(c,
        '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}' | '\u{fb00}'..='\u{fb06}' | '\u{2460}'..='\u{24ff}'
        | '\u{1f100}'..='\u{1f1ff}' | '\u{2100}'..='\u{214f}' | '\u{2070}'..='\u{209f}' | '\u{300}'..='\u{36f}')
        || (!c.is_ascii() && c.is_numeric())
}

use std::fmt;

use crate::names::stable_names;

/// One kind of thing that was taken off a pasted key, because it can never be part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Removed {
    /// Terminal sequences: bracketed paste, colours, links.
    EscapeSequence,
    /// Invisible characters: byte order marks, zero-width characters, direction marks, soft hyphens.
    Invisible,
    /// Control characters inside the text, tabs among them.
    Control,
    /// White space of any kind at the ends.
    WhiteSpace,
    /// Line breaks inside the text, with the white space around them.
    LineBreak,
    /// `>` in front, by which mail programs mark what they quote.
    QuoteMark,
    /// A matching pair of quotation marks or backticks around the text.
    Quotes,
    /// A matching pair of brackets around the text.
    Brackets,
    /// A matching pair of `*` or `~~` around the text, as Markdown marks emphasis.
    Emphasis,
}

impl Removed {
    /// What was taken off, as a noun phrase: "invisible characters".
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::EscapeSequence => "terminal sequences",
            Self::Invisible => "invisible characters",
            Self::Control => "control characters",
            Self::WhiteSpace => "white space at the ends",
            Self::LineBreak => "line breaks",
            Self::QuoteMark => "mail quotation marks (>)",
            Self::Quotes => "quotation marks",
            Self::Brackets => "brackets",
            Self::Emphasis => "emphasis marks",
        }
    }
}

stable_names! { Removed:
    EscapeSequence = "escape_sequence",
    Invisible = "invisible",
    Control = "control",
    WhiteSpace = "white_space",
    LineBreak = "line_break",
    QuoteMark = "quote_mark",
    Quotes = "quotes",
    Brackets = "brackets",
    Emphasis = "emphasis",
}

impl fmt::Display for Removed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

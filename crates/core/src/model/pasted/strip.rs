//! Takes off what can never be part of a key.

use super::Removed;
use crate::text::is_formatting;

/// What is left of a text, and what was taken off it.
pub(super) struct Stripped {
    pub(super) code: String,
    pub(super) removed: Vec<Removed>,
}

impl Stripped {
    fn note(&mut self, kind: Removed) {
        if !self.removed.contains(&kind) {
            self.removed.push(kind);
        }
    }

    /// Replaces the code when `shorter` is, and notes why.
    fn take(&mut self, shorter: String, kind: Removed) -> bool {
        let is_shorter = shorter.len() < self.code.len();
        if is_shorter {
            self.code = shorter;
            self.note(kind);
        }
        is_shorter
    }
}

pub(super) fn strip(text: &str) -> Stripped {
    let mut rest = Stripped { code: text.to_owned(), removed: Vec::new() };
    if is_plain(text) {
        return rest;
    }
    // One layer may hide another: a quoted line in brackets, a terminal sequence between white space.
    while take_layer(&mut rest) {}
    rest
}

/// Whether a text has only characters of which none is ever taken off, as most keys do.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn take_layer(rest: &mut Stripped) -> bool {
    let before = rest.code.len();
    rest.take(without_escapes(&rest.code), Removed::EscapeSequence);
    rest.take(rest.code.chars().filter(|c| !is_formatting(*c)).collect(), Removed::Invisible);
    join_lines(rest);
    rest.take(rest.code.trim_matches(is_white_space).to_owned(), Removed::WhiteSpace);
    rest.take(rest.code.chars().filter(|c| !c.is_control()).collect(), Removed::Control);
    rest.take(without_quote_mark(&rest.code).to_owned(), Removed::QuoteMark);
    take_pair(rest);
    rest.code.len() < before
}

/// Joins the lines of a wrapped key. What surrounds a line break belongs to the break.
fn join_lines(rest: &mut Stripped) {
    if !rest.code.contains(is_line_break) {
        return;
    }
    let mut quoted = false;
    let lines = rest.code.split(is_line_break).map(|line| {
        let line = line.trim_matches(is_white_space);
        let bare = without_quote_mark(line);
        quoted |= bare.len() < line.len();
        bare.trim_matches(is_white_space)
    });
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if quoted {
        rest.note(Removed::QuoteMark);
    }
    let kind = if lines.len() > 1 { Removed::LineBreak } else { Removed::WhiteSpace };
    rest.take(lines.concat(), kind);
}

/// Removes a pair around the text, and as many of the same as there are on both sides.
fn take_pair(rest: &mut Stripped) {
    let (Some(first), Some(last)) = (rest.code.chars().next(), rest.code.chars().next_back()) else { return };
    let Some((.., kind)) = PAIRS.iter().find(|(open, close, _)| (*open, *close) == (first, last)) else {
        return;
    };
    let core = rest.code.trim_start_matches(first).trim_end_matches(last);
    let opened = rest.code.chars().take_while(|c| *c == first).count();
    let closed = rest.code.chars().rev().take_while(|c| *c == last).count();
    // `"A" and "B"` is not one quoted text, and one `~` marks nothing.
    let is_one = opened == closed && !core.contains([first, last]) && (first != '~' || opened > 1);
    if is_one {
        rest.take(core.to_owned(), *kind);
    }
}

const PAIRS: &[(char, char, Removed)] = &[
    ('"', '"', Removed::Quotes),
    ('\'', '\'', Removed::Quotes),
    ('`', '`', Removed::Quotes),
    ('\u{b4}', '\u{b4}', Removed::Quotes),
    ('`', '\u{b4}', Removed::Quotes),
    ('`', '\'', Removed::Quotes),
    ('\u{201c}', '\u{201d}', Removed::Quotes),
    ('\u{201d}', '\u{201d}', Removed::Quotes),
    ('\u{201c}', '\u{201c}', Removed::Quotes),
    ('\u{201e}', '\u{201c}', Removed::Quotes),
    ('\u{201e}', '\u{201d}', Removed::Quotes),
    ('\u{2018}', '\u{2019}', Removed::Quotes),
    ('\u{2019}', '\u{2019}', Removed::Quotes),
    ('\u{2018}', '\u{2018}', Removed::Quotes),
    ('\u{201a}', '\u{2018}', Removed::Quotes),
    ('\u{201a}', '\u{2019}', Removed::Quotes),
    ('\u{201f}', '\u{201d}', Removed::Quotes),
    ('\u{301d}', '\u{301e}', Removed::Quotes),
    ('\u{301d}', '\u{301f}', Removed::Quotes),
    ('\u{ff02}', '\u{ff02}', Removed::Quotes),
    ('\u{ff07}', '\u{ff07}', Removed::Quotes),
    ('\u{ab}', '\u{bb}', Removed::Quotes),
    ('\u{bb}', '\u{ab}', Removed::Quotes),
    ('\u{bb}', '\u{bb}', Removed::Quotes),
    ('\u{2039}', '\u{203a}', Removed::Quotes),
    ('\u{203a}', '\u{2039}', Removed::Quotes),
    ('<', '>', Removed::Brackets),
    ('(', ')', Removed::Brackets),
    ('[', ']', Removed::Brackets),
    ('{', '}', Removed::Brackets),
    ('\u{ff08}', '\u{ff09}', Removed::Brackets),
    ('\u{ff1c}', '\u{ff1e}', Removed::Brackets),
    ('\u{ff3b}', '\u{ff3d}', Removed::Brackets),
    ('\u{3008}', '\u{3009}', Removed::Brackets),
    ('\u{300a}', '\u{300b}', Removed::Brackets),
    ('\u{300c}', '\u{300d}', Removed::Brackets),
    ('\u{300e}', '\u{300f}', Removed::Brackets),
    ('\u{3010}', '\u{3011}', Removed::Brackets),
    ('\u{27e8}', '\u{27e9}', Removed::Brackets),
    ('*', '*', Removed::Emphasis),
    ('~', '~', Removed::Emphasis),
];

/// Whether `c` opens or closes a pair.
pub(super) fn is_pair_mark(c: char) -> bool {
    PAIRS.iter().any(|(open, close, _)| c == *open || c == *close)
}

/// Without the marks by which a mail program quotes a line: `> `, `>> `, `> > `.
fn without_quote_mark(line: &str) -> &str {
    let bare = line.trim_start_matches(|c| c == '>' || is_white_space(c));
    if line.trim_start_matches(is_white_space).starts_with('>') { bare } else { line }
}

pub(super) fn is_white_space(c: char) -> bool {
    // The braille blank is a printed character to Unicode, and empty to everybody who sees it.
    c.is_whitespace() || c == '\u{2800}'
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Without terminal sequences, and without what is left of a bracketed paste where the terminal took the escape
/// character for itself.
fn without_escapes(text: &str) -> String {
    let text = unbracketed(text);
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => skip_sequence(&mut rest),
            '\u{9b}' => skip_parameters(&mut rest),
            _ => kept.push(c),
        }
    }
    kept
}

/// Skips what follows an escape character.
fn skip_sequence(rest: &mut std::str::Chars<'_>) {
    let mut ahead = rest.clone();
    match ahead.next() {
        Some('[') => {
            *rest = ahead;
            skip_parameters(rest);
        }
        // An operating system command, such as a link, up to a bell or a terminator.
        Some(']') => {
            let end = ahead.as_str().find(['\u{7}', '\u{1b}']);
            let Some(end) = end.and_then(|end| ahead.as_str().get(end..)) else {
                *rest = ahead;
                return;
            };
            let after = end.strip_prefix("\u{1b}\\").or_else(|| end.strip_prefix('\u{7}'));
            *rest = after.unwrap_or(end).chars();
        }
        _ => {}
    }
}

/// Skips the parameters of a control sequence and the character that ends it.
fn skip_parameters(rest: &mut std::str::Chars<'_>) {
    let text = rest.as_str();
    let parameters = text.trim_start_matches(|c: char| (' '..='?').contains(&c));
    if parameters.starts_with(|c: char| ('@'..='~').contains(&c)) {
        *rest = parameters.chars();
        rest.next();
    }
}

fn unbracketed(text: &str) -> &str {
    let marks = [("^[[200~", "^[[201~"), ("[200~", "[201~"), ("200~", "201~"), ("00~", "01~")];
    let trimmed = text.trim_matches(is_white_space);
    let inner = |(open, close)| trimmed.strip_prefix(open)?.strip_suffix(close);
    marks.into_iter().find_map(inner).unwrap_or(text)
}

use proptest::prelude::*;

use super::*;

const KEY: &str = "12d05c40-45a3-4c19-9899-202fd20f0841";

fn parse(text: &str) -> PastedKey {
    PastedKey::parse(text).unwrap()
}

#[test]
fn decorations_that_no_key_has_are_taken_off_and_named() {
    use Removed::{
        Brackets, Control, Emphasis, EscapeSequence, Invisible, LineBreak, QuoteMark, Quotes, WhiteSpace,
    };
    for (text, removed) in [
        (format!("<{KEY}>"), &[Brackets][..]),
        (format!("`{KEY}`"), &[Quotes]),
        (format!("```\n{KEY}\n```"), &[LineBreak, Quotes]),
        (format!("\u{feff}{KEY}"), &[Invisible]),
        (format!("\u{feff}{KEY}\r\n"), &[Invisible, WhiteSpace]),
        (format!("\u{1b}[200~{KEY}\u{1b}[201~"), &[EscapeSequence]),
        (format!("^[[200~{KEY}^[[201~"), &[EscapeSequence]),
        (format!("\u{1b}[1;32m{KEY}\u{1b}[0m\n"), &[EscapeSequence, WhiteSpace]),
        (format!("\u{9b}1m{KEY}\u{9b}m"), &[EscapeSequence]),
        (format!("\u{1b}]8;;https://shop.example\u{1b}\\{KEY}\u{1b}]8;;\u{7}"), &[EscapeSequence]),
        (format!("\u{200e}{KEY}\u{200e}"), &[Invisible]),
        (format!("\u{2066}{KEY}\u{2069}"), &[Invisible]),
        (format!("{KEY}\u{2060}"), &[Invisible]),
        (format!("\u{200b}{KEY}\u{200b}"), &[Invisible]),
        ("12d05c40-45a3-\u{ad}4c19-9899-202f\u{200b}d20f0841".to_owned(), &[Invisible]),
        (format!("\"{KEY}\""), &[Quotes]),
        (format!("\u{201c}{KEY}\u{201d}"), &[Quotes]),
        (format!("\u{201e}{KEY}\u{201c}"), &[Quotes]),
        (format!("\u{ab}\u{a0}{KEY}\u{a0}\u{bb}"), &[Quotes, WhiteSpace]),
        (format!("['{KEY}']"), &[Brackets, Quotes]),
        (format!("**{KEY}**"), &[Emphasis]),
        (format!("**`{KEY}`**"), &[Emphasis, Quotes]),
        (format!("~~{KEY}~~"), &[Emphasis]),
        (format!("> {KEY}"), &[QuoteMark]),
        (format!("> > {KEY}\r\n>\r\n"), &[QuoteMark, WhiteSpace]),
        (format!("\u{3000}\u{2007}\u{a0}{KEY}\u{2028}\u{85}\u{2800}"), &[WhiteSpace]),
        (format!("\t{KEY}\u{0}"), &[WhiteSpace, Control]),
    ] {
        let pasted = parse(&text);
        assert_eq!(pasted.code.expose(), KEY, "{text:?}");
        for kind in removed {
            assert!(pasted.removed.contains(kind), "{text:?}: {kind} in {:?}", pasted.removed);
        }
        let unseen = pasted.removed.iter().all(|kind| removed.contains(kind) || *kind == WhiteSpace);
        assert!(unseen, "{text:?}: {:?}", pasted.removed);
    }
}

#[test]
fn a_wrapped_key_is_joined_and_hinted_at() {
    for text in [
        "12d05c40-45a3-4c19-9\r\n899-202fd20f0841",
        "  12d05c40-45a3-4c19-9\n    899-202fd20f0841\n",
        "> 12d05c40-45a3-4c19-9\n> 899-202fd20f0841",
        "12d05c40-45a3-4c19-9\u{2028}899-202fd20f0841",
    ] {
        let pasted = parse(text);
        assert_eq!((pasted.code.expose(), &*pasted.hints), (KEY, &[KeyHint::LineWrapped][..]), "{text:?}");
        assert!(pasted.removed.contains(&Removed::LineBreak));
    }
}

#[test]
fn what_was_probably_changed_is_kept_and_hinted_at() {
    for (text, hint) in [
        ("License key: AAAA-BBBB", KeyHint::Label),
        ("Lizenzschl\u{fc}ssel\u{ff1a}AAAA-BBBB", KeyHint::Label),
        ("LICENSE_KEY=AAAA-BBBB", KeyHint::Label),
        ("your license key AAAA-BBBB", KeyHint::Label),
        ("https://shop.example/activate?key=AAAA-BBBB", KeyHint::WebAddress),
        ("****-E304DA", KeyHint::Masked),
        ("AAAA-BB\u{2026}", KeyHint::Shortened),
        ("AAAA-BB...", KeyHint::Shortened),
        ("AAAA\u{e2}\u{20ac}\u{201c}BBBB", KeyHint::Garbled),
        ("AAAA\u{fffd}BBBB", KeyHint::Garbled),
        ("AAAA-BBBB\u{fffc}", KeyHint::Garbled),
        ("\u{e000}AAAA-BBBB", KeyHint::Garbled),
        ("AAAA\u{301}-BBBB", KeyHint::StyledCharacter),
        ("<b>AAAA-BBBB</b>", KeyHint::Markup),
        ("AAAA&#45;BBBB", KeyHint::Markup),
        ("AAAA-BBBB&nbsp;", KeyHint::Markup),
        ("AAAA%2DBBBB", KeyHint::PercentEncoded),
        ("AAAA\u{2013}BBBB", KeyHint::ChangedDash),
        ("AAAA\u{2212}BBBB", KeyHint::ChangedDash),
        ("AA\u{2019}AA", KeyHint::ChangedQuote),
        ("\u{410}AAA-BBBB", KeyHint::LookalikeLetter),
        ("AAAA-\u{392}BBB", KeyHint::LookalikeLetter),
        ("\u{ff21}AAA-BBBB", KeyHint::StyledCharacter),
        ("AAAA-\u{1d7cf}BBB", KeyHint::StyledCharacter),
        ("AAAA-\u{661}", KeyHint::StyledCharacter),
        ("\"AAAA-BBBB", KeyHint::UnmatchedMark),
        ("AAAA-BBBB)", KeyHint::UnmatchedMark),
        ("AAAA-BBBB.", KeyHint::TrailingPunctuation),
        ("AAAA-BBBB,", KeyHint::TrailingPunctuation),
        ("12d05c40-45a3-4c19-9899-202f=", KeyHint::QuotedPrintable),
        ("12d05c40-45a3-4c19-9899=\r\n-202fd20f0841", KeyHint::QuotedPrintable),
        ("12d05c40=2D45a3", KeyHint::QuotedPrintable),
        ("- AAAA-BBBB", KeyHint::ListMark),
        ("1. AAAA-BBBB", KeyHint::ListMark),
        ("_AAAA-BBBB_", KeyHint::Emphasis),
        ("AAAA\u{a0}BBBB", KeyHint::WhiteSpace),
        ("AAAA BBBB", KeyHint::WhiteSpace),
        ("AAAA\tBBBB", KeyHint::ControlCharacter),
        ("A\0A\0A\0A", KeyHint::ControlCharacter),
    ] {
        let pasted = parse(text);
        assert!(pasted.hints.contains(&hint), "{text:?}: {:?}", pasted.hints);
        assert!(hint.description().len() < 100 && !hint.description().ends_with('.'));
    }
}

#[test]
fn the_vendors_own_keys_pass_as_they_are() {
    for text in [
        KEY,
        "MYAPP-1C285B2D-6CE6-4BC7-B8BE-ADB6A7E304DA",
        "85DB562A-C11D4B06-A2335A6B-8C079166",
        "C1B6DE-39A6E3-DE1529-8559A0-4AF593-V3",
        "key/eyJhY2NvdW50IjoiYSJ9.c2lnbmF0dXJl_-==",
        "LK-001",
        "aB_c+d/e=",
        "bGljZW5zZQ==",
        "\u{e9}t\u{e9}-2027",
    ] {
        let pasted = parse(text);
        assert_eq!(pasted.code.expose(), text);
        assert!(pasted.removed.is_empty() && pasted.hints.is_empty(), "{text}: {:?}", pasted.hints);
    }
    assert_eq!(parse("MY APP-1C285B2D").code.expose(), "MY APP-1C285B2D", "a prefix may have spaces");
}

#[test]
fn pairs_that_do_not_match_stay() {
    for text in ["\"A\" and \"B\"", "(AAAA]", "((AAAA)", "~AAAA~", "*AAAA", "<b>AAAA</b>"] {
        assert_eq!(parse(text).code.expose(), text);
    }
}

#[test]
fn nothing_left_is_refused_without_echo() {
    for text in ["", " \n\t", "\"\"", "\u{feff}\u{200b}", "\0\u{1b}[0m", "> \r\n>", "``````", "**"] {
        let error = PastedKey::parse(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{text:?}");
    }
}

#[test]
fn files_are_read_in_the_encodings_that_programs_save() {
    let utf16 =
        |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let line = format!("{KEY}\r\n");
    let marked = format!("\u{feff}{line}");
    for file in [
        line.clone().into_bytes(),
        marked.clone().into_bytes(),
        utf16(&marked, u16::to_le_bytes),
        utf16(&marked, u16::to_be_bytes),
        utf16(&line, u16::to_le_bytes),
        utf16(&line, u16::to_be_bytes),
    ] {
        assert_eq!(PastedKey::decode(&file).unwrap().code.expose(), KEY, "{file:?}");
    }
}

#[test]
fn a_nul_character_makes_no_file_utf16() {
    for file in
        [format!("\0{KEY}\n"), KEY.replacen("12d", "1\u{0}2d", 1), format!("\0\0{KEY}"), format!("{KEY}\0\n")]
    {
        let pasted = PastedKey::decode(file.as_bytes()).unwrap();
        assert_eq!(pasted.code.expose(), KEY, "{file:?}");
        assert!(pasted.hints.contains(&KeyHint::ControlCharacter), "{file:?}");
    }
}

#[test]
fn other_files_are_named_without_echo() {
    for (file, word) in [
        (&b"caf\xe9-SECRET"[..], "UTF-8"),
        (b"\xff\xfe\0\0S\0\0\0", "UTF-32"),
        (b"\xff\xfeS\0E", "UTF-16"),
        (b"\xfe\xff\xd8\0\0S", "UTF-16"),
        (b"", "empty"),
    ] {
        let error = PastedKey::decode(file).unwrap_err();
        assert!(error.to_string().contains(word) && !error.to_string().contains("SECRET"), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plain_key_is_read_as_it_is(text in "[A-Za-z0-9_-]{1,40}") {
        let pasted = PastedKey::parse(&text).unwrap();
        prop_assert_eq!(pasted.code.expose(), &*text);
        prop_assert!(pasted.removed.is_empty());
    }

    #[test]
    fn what_is_left_holds_no_control_character_and_is_read_again_as_it_is(text in "\\PC{0,20}|[ -~\\x00-\\x20\u{1b}\u{9b}>*`\"<\u{200b}\u{ad}\u{2028}~^\\[\\]0-2]{0,30}") {
        if let Ok(pasted) = PastedKey::parse(&text) {
            let code = pasted.code.expose();
            prop_assert!(!code.chars().any(char::is_control));
            prop_assert_eq!(&pasted.code, &KeyCode::parse(&text).unwrap());
            let again = PastedKey::parse(code).unwrap();
            prop_assert_eq!(again.code.expose(), code);
            prop_assert!(again.removed.is_empty());
        }
    }
}

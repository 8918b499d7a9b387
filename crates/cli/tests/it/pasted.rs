//! Keys as people paste them: cleaned of what no key contains, and refused with a hint where something was changed.

use std::fs::File;

use anykey::Capability::ValidateWithoutSeat;

use crate::support::{Bench, Ran, Seller};

/// What becomes of a key that is written in this way.
enum Pasted {
    /// It is the key.
    Cleaned(Vec<u8>),
    /// It is sent as it is, and the vendor's refusal comes with this hint.
    Hinted(String, &'static str),
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

/// `code` with what surrounds or changes it in mail, documents, chats, terminals and files.
fn pasted(code: &str) -> Vec<Pasted> {
    let (head, tail) = code.split_at(code.len() / 2);
    let text = [
        // Invisible characters of web pages, mail programs and files.
        format!("\u{feff}{code}"),
        format!("\u{feff}{code}\r\n"),
        format!("\u{200b}{code}"),
        format!("{code}\u{200b}"),
        format!("{head}\u{200b}{tail}"),
        format!("{head}\u{ad}{tail}"),
        format!("\u{200e}{code}\u{200e}"),
        format!("\u{2066}{code}\u{2069}"),
        format!("\u{202a}{code}\u{202c}"),
        format!("{code}\u{2060}"),
        format!("{code}\u{0}"),
        // White space of all kinds.
        format!(" {code} "),
        format!("\t{code}\r\n\r\n"),
        format!("\u{a0}{code}\u{3000}"),
        format!("\u{2028}{code}\u{2029}"),
        // Terminals and consoles.
        format!("\u{1b}[200~{code}\u{1b}[201~"),
        format!("\u{1b}[1;32m{code}\u{1b}[0m\n"),
        format!("\u{1b}]8;;https://shop.example\u{1b}\\{code}\u{1b}]8;;\u{1b}\\"),
        // Quotation marks and brackets.
        format!("\"{code}\""),
        format!("'{code}'"),
        format!("\u{201c}{code}\u{201d}"),
        format!("\u{201e}{code}\u{201c}"),
        format!("\u{ab}\u{a0}{code}\u{a0}\u{bb}"),
        format!("<{code}>"),
        format!("[{code}]"),
        format!("(\"{code}\")"),
        // Markdown and mail.
        format!("`{code}`"),
        format!("```\n{code}\n```"),
        format!("**{code}**"),
        format!("> {code}"),
        format!("> > {head}\n> > {tail}\n"),
        // Wrapped lines.
        format!("{head}\r\n{tail}\n"),
        format!("{head}\n    {tail}"),
    ];
    let files = [
        [vec![0xff, 0xfe], utf16(&format!("{code}\r\n"), u16::to_le_bytes)].concat(),
        [vec![0xfe, 0xff], utf16(code, u16::to_be_bytes)].concat(),
        utf16(code, u16::to_le_bytes),
    ];
    let changed = [
        (format!("License key: {code}"), "looks like a label"),
        (format!("LICENSE_KEY={code}"), "looks like a label"),
        (format!("{code}."), "the punctuation at the end"),
        (format!("{code},"), "the punctuation at the end"),
        (format!("\"{code}"), "a quotation mark or bracket at one end"),
        (format!("{code})"), "a quotation mark or bracket at one end"),
        (format!("https://shop.example/activate?key={code}"), "looks like a web address"),
        (code.replacen('-', "\u{2013}", 1), "a hyphen may have been replaced"),
        (code.replacen('-', "&#45;", 1), "the text contains HTML"),
        (code.replacen('-', "%2D", 1), "percent-encoded characters"),
        (code.replacen('-', "\u{fffd}", 1), "damaged by a wrong text encoding"),
        (format!("{head}\u{2026}"), "looks like a shortened key"),
        (format!("****-{}", &code[code.len() - 6..]), "looks like a masked key"),
    ];
    let cleaned = text.into_iter().map(String::into_bytes).chain(files).map(Pasted::Cleaned);
    cleaned.chain(changed.map(|(text, hint)| Pasted::Hinted(text, hint))).collect()
}

fn validate(bench: &Bench, seller: &Seller, pasted: &[u8]) -> Ran {
    std::fs::write(bench.folder.path().join("key"), pasted).unwrap();
    bench.run_at(seller, &["validate", "--key-file", "key"])
}

#[test]
fn every_vendor_gets_the_key_alone_or_its_refusal_has_a_hint() {
    let bench = Bench::open();
    for seller in bench.able(&[ValidateWithoutSeat]) {
        for pasted in pasted(&seller.samples.good) {
            match pasted {
                Pasted::Cleaned(bytes) => {
                    let shown = String::from_utf8_lossy(&bytes).into_owned();
                    let ran = validate(&bench, seller, &bytes);
                    assert_eq!(ran.code, Some(0), "{} {shown:?}: {ran:?}", seller.name);
                }
                Pasted::Hinted(text, hint) => {
                    let ran = validate(&bench, seller, text.as_bytes());
                    assert_eq!(ran.code, Some(1), "{} {text:?}: {ran:?}", seller.name);
                    assert!(ran.stderr.contains(hint), "{} {text:?}: {ran:?}", seller.name);
                }
            }
        }
    }
}

#[test]
fn stdin_and_a_search_by_code_read_a_key_in_the_same_way() {
    let bench = Bench::open();
    let seller = bench.default_seller();
    for pasted in pasted(&seller.samples.good) {
        let Pasted::Cleaned(bytes) = pasted else { continue };
        validate(&bench, seller, &bytes).exits(0);
        bench.anykey("keys find --key-file key").exits(0);
        let mut command = bench.command(&["validate", "-"]);
        let stdin = File::open(bench.folder.path().join("key")).unwrap();
        Ran::of(command.stdin(stdin).output().unwrap()).exits(0);
    }
}

#[test]
fn a_key_that_is_created_is_the_pasted_one_without_its_decoration() {
    const CODE: &str = "MEMORY-7F3K-0001-aBcDeF";
    let bench = Bench::open();
    bench.write("memory.toml", "provider = \"memory\"");
    for pasted in pasted(CODE) {
        let (bytes, expected, hint) = match pasted {
            Pasted::Cleaned(bytes) => (bytes, CODE.to_owned(), ""),
            Pasted::Hinted(text, hint) => (text.clone().into_bytes(), text, hint),
        };
        std::fs::write(bench.folder.path().join("key"), &bytes).unwrap();
        let create =
            "--config memory.toml --show-keys keys create --key-file key --customer c --product p --json";
        let created = bench.anykey(create).exits(0);
        assert_eq!(created.json()["key"], *expected, "{:?}", String::from_utf8_lossy(&bytes));
        assert!(created.stderr.contains(hint), "{created:?}");
    }
}

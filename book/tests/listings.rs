//! Every listing is compiled: as a doctest of its chapter, or as a file of a package that the guide includes.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a listing may have, so that it can be read at once.
const MOST_LINES: usize = 150;

/// A reader of technical text reads about 200 words a minute.
const MOST_WORDS: usize = 60 * 200;

const ENTRY_POINTS: usize = 5;

struct Block {
    language: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The chapters in the order of the summary, with their texts.
fn chapters() -> Vec<(String, String)> {
    let summary = std::fs::read_to_string(root().join("src/SUMMARY.md")).unwrap();
    let names = summary
        .split('(')
        .skip(1)
        .filter_map(|rest| rest.split_once(".md)"))
        .map(|(name, _)| name.to_owned());
    let read = |name: String| {
        let text = std::fs::read_to_string(root().join("src").join(format!("{name}.md"))).unwrap();
        (name, text)
    };
    names.map(read).collect()
}

/// The code blocks of a chapter, and its other text.
fn split(chapter: &str) -> (Vec<Block>, String) {
    let (mut blocks, mut prose) = (Vec::new(), String::new());
    let mut open: Option<Block> = None;
    for line in chapter.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(language), None) => {
                open = Some(Block { language: language.to_owned(), text: String::new() })
            }
            (None, Some(block)) => block.text.push_str(&format!("{line}\n")),
            (None, None) => prose.push_str(&format!("{line}\n")),
        }
    }
    assert!(open.is_none(), "a listing has no end");
    (blocks, prose)
}

/// The file that a block includes, and the anchor of the part that it includes.
fn included(block: &Block) -> Option<(PathBuf, Option<&str>)> {
    let path = block.text.trim().strip_prefix("{{#include ")?.strip_suffix("}}")?;
    let (path, anchor) = path.split_once(':').map_or((path, None), |(path, anchor)| (path, Some(anchor)));
    Some((root().join("src").join(path), anchor))
}

/// What a reader sees of a block.
fn shown(block: &Block) -> String {
    let Some((file, anchor)) = included(block) else { return block.text.clone() };
    let text = std::fs::read_to_string(&file).unwrap();
    let Some(anchor) = anchor else { return text };
    let from_anchor = text.split_once(&format!("ANCHOR: {anchor}\n")).map(|(_, rest)| rest);
    let part = from_anchor.and_then(|rest| rest.split_once("// ANCHOR_END")).map(|(part, _)| part);
    part.expect("mdBook would include an empty text").to_owned()
}

#[test]
fn every_rust_listing_is_compiled() {
    let (mut tested, mut from_files) = (0, BTreeSet::new());
    for (name, text) in chapters() {
        for block in split(&text).0.iter().filter(|block| block.language.starts_with("rust")) {
            let lines = block.text.lines().count();
            assert!(lines < MOST_LINES, "{name}: a listing of {lines} lines");
            if block.language == "rust" {
                assert!(
                    !block.text.contains("{{#"),
                    "{name}: what is included is no doctest: write `rust,ignore`"
                );
                tested += 1;
                continue;
            }
            assert_eq!(block.language, "rust,ignore", "{name}");
            let (file, _) =
                included(block).unwrap_or_else(|| panic!("{name}: no test compiles this:\n{}", block.text));
            assert!(!shown(block).contains("mod tests;"), "{name}: {} needs another file", file.display());
            let file =
                file.canonicalize().unwrap_or_else(|error| panic!("{name}: {}: {error}", file.display()));
            let lines = std::fs::read_to_string(&file).unwrap().lines().count();
            assert!(lines < MOST_LINES, "{name}: {} has {lines} lines", file.display());
            assert!(file.ancestors().any(|folder| folder.join("Cargo.toml").exists()), "{}", file.display());
            from_files.insert(file);
        }
    }
    println!("listings: {tested} in the chapters, {} files", from_files.len());
    assert!(tested >= 10 && from_files.len() >= 6, "the guide has lost its listings");
}

#[test]
fn every_chapter_is_tested_and_in_the_summary() {
    let library = std::fs::read_to_string(root().join("lib.rs")).unwrap();
    let listed = library.split_once("chapters! {\n    introduction").unwrap().1;
    let tested: BTreeSet<String> = listed
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .chain(["introduction"])
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let written: BTreeSet<String> = chapters().into_iter().map(|(name, _)| name).collect();
    let files: BTreeSet<String> = std::fs::read_dir(root().join("src"))
        .unwrap()
        .filter_map(|entry| {
            Some(entry.unwrap().file_name().into_string().unwrap().strip_suffix(".md")?.to_owned())
        })
        .filter(|name| name != "SUMMARY")
        .collect();
    assert_eq!(tested, written);
    assert_eq!(files, written);
}

#[test]
fn the_guide_is_read_in_an_hour() {
    let words =
        |text: &str| text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let mut all = 0;
    for (name, text) in chapters() {
        let (blocks, prose) = split(&text);
        // A listing is looked at, and read as fast as half of its words. The generated tables are for reference.
        let listings: usize = blocks.iter().map(|block| words(&shown(block)) / 2).sum();
        println!("{name}: {} words, {listings} for its listings", words(&prose));
        all += words(&prose) + listings;
    }
    println!("{all} words: {} minutes", all / 200);
    assert!(all < MOST_WORDS, "{all} words are more than an hour");
}

#[test]
fn the_first_page_leads_to_the_entry_points() {
    let chapters = chapters();
    let (name, first) = chapters.first().unwrap();
    assert_eq!(name, "introduction");
    let table = first.lines().filter(|line| line.starts_with("| [")).count();
    assert_eq!(table, ENTRY_POINTS);
}

/// The names in the first column of a table of a chapter, which begins with `header`.
fn first_column(chapter: &str, header: &str) -> BTreeSet<String> {
    let (_, table) = chapter.split_once(&format!("| {header} |")).unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.filter_map(|row| Some(row.split('`').nth(1)?.to_owned())).collect()
}

/// The names that a type reads, from its own error about an unknown one.
fn known<T: std::str::FromStr<Err = anykey::Error>>() -> BTreeSet<String> {
    let error = "no such name".parse::<T>().err().unwrap();
    error.message().split_once("known are: ").unwrap().1.split(", ").map(str::to_owned).collect()
}

#[test]
fn every_error_and_every_refusal_has_its_remedy() {
    let chapter = chapters().into_iter().find(|(name, _)| name == "errors").unwrap().1;
    assert_eq!(first_column(&chapter, "kind"), known::<anykey::ErrorKind>());
    assert_eq!(first_column(&chapter, "reason"), known::<anykey::RefusalReason>());
}

//! How many source files outside the vendors' own folders name a vendor in code: as an identifier or in a string.
//! Comments and documentation may name vendors.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use proc_macro2::{TokenStream, TokenTree};

use crate::Result;
use crate::faults::Faults;
use crate::workspace::Workspace;

/// The most tests and examples that may. Lower it whenever one is cleaned.
const MOST_TESTS: usize = 16;

/// Where vendors are named on purpose: their own folders, the two lists of them, and what is measured, fed with or
/// compared with one vendor's data.
const THEIRS: [&str; 8] = [
    "crates/vendors/",
    "crates/sims/",
    "crates/anykey/src/builtin.rs",
    "crates/anykey/src/sim.rs",
    ".ci/official_packages/",
    ".ci/outside_app/",
    "benches/",
    "fuzz/",
];

pub(crate) fn check(workspace: &Workspace) -> Result {
    let vendors = vendors(workspace)?;
    let mut naming = Vec::new();
    for path in sources(workspace)? {
        let tokens: TokenStream =
            workspace.text(&path)?.parse().map_err(|error| format!("{path}: {error}"))?;
        if names_any(tokens, &vendors) {
            naming.push(path);
        }
    }
    let (tests, sources): (Vec<String>, Vec<String>) = naming.into_iter().partition(|path| is_test(path));
    for path in sources.iter().chain(&tests) {
        println!("{path}");
    }
    println!("files that name one of {vendors:?} in code: {} sources, {} tests", sources.len(), tests.len());
    let mut faults = Faults::default();
    faults.require(sources.is_empty(), || {
        "a source file names a vendor in code; read the vendor's facts from the registry instead".into()
    });
    faults.require(tests.len() <= MOST_TESTS, || {
        format!(
            "more than {MOST_TESTS} tests name a vendor in code; go over `anykey::sim::simulators()` instead"
        )
    });
    Ok(faults)
}

/// The vendors' words: the names of their adapters' folders.
fn vendors(workspace: &Workspace) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(workspace.root.join("crates/vendors"))? {
        names.insert(entry?.file_name().to_string_lossy().to_lowercase());
    }
    Ok(names)
}

fn sources(workspace: &Workspace) -> Result<Vec<String>> {
    let output = Command::new("git").args(["ls-files", "*.rs"]).current_dir(&workspace.root).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let listed = String::from_utf8(output.stdout)?;
    let ours = |path: &&str| !THEIRS.iter().any(|place| path.starts_with(place));
    Ok(listed.lines().filter(ours).map(str::to_owned).collect())
}

/// Whether the file is a test or an example, which may show one vendor.
fn is_test(path: &str) -> bool {
    path.split('/').any(|folder| matches!(folder, "tests" | "examples"))
}

fn names_any(tokens: TokenStream, vendors: &BTreeSet<String>) -> bool {
    let mut hash = false;
    tokens.into_iter().any(|token| {
        let follows_hash = std::mem::replace(&mut hash, false);
        match token {
            TokenTree::Punct(punct) => {
                hash = punct.as_char() == '#' || (follows_hash && punct.as_char() == '!');
                false
            }
            TokenTree::Group(group) if follows_hash && is_documentation(group.stream()) => false,
            TokenTree::Group(group) => names_any(group.stream(), vendors),
            token => {
                let text = token.to_string().to_lowercase();
                vendors.iter().any(|vendor| text.contains(vendor.as_str()))
            }
        }
    })
}

fn is_documentation(attribute: TokenStream) -> bool {
    matches!(attribute.into_iter().next(), Some(TokenTree::Ident(name)) if name == "doc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_and_strings_count_and_comments_do_not() {
        let vendors = BTreeSet::from(["acme".to_owned()]);
        let names = |text: &str| names_any(text.parse().unwrap(), &vendors);
        for text in [
            "use anykey_acme::Key;",
            "fn f() { g(&[\"an Acme key\"]) }",
            "struct AcmeSim;",
            "#[acme] fn f() {}",
        ] {
            assert!(names(text), "{text}");
        }
        for text in [
            "//! Acme.\n/// Acme.\n// Acme.\nfn f() {}",
            "/* acme */ fn f() {}",
            "const A: &str = \"a cme\";",
        ] {
            assert!(!names(text), "{text}");
        }
    }
}

//! The README's table of what each provider can do is what they declare.

use anykey::{Capabilities, Capability};
use anykey_tests::{TestSecrets, provider};

const ORGANIZATION: &str = "organization_id = \"57a10a51-653a-449f-a259-1c70a3bbc826\"";

#[test]
fn the_readme_shows_what_the_providers_declare() {
    let readme = include_str!("../../README.md");
    let shown =
        readme.split_once("<!-- capabilities -->\n").unwrap().1.split_once("\n<!-- end -->").unwrap().0;
    assert_eq!(shown, table(), "put this into the README:\n{}\n", table());
}

fn table() -> String {
    let columns = [
        ("memory", declared("provider = \"memory\"")),
        ("Dodo", declared("provider = \"dodo\"")),
        ("Dodo, API key", declared("provider = \"dodo\"\ntoken = { env = \"TOKEN\" }")),
        ("Lemon Squeezy", declared("provider = \"lemonsqueezy\"\nstore_id = \"1\"")),
        (
            "Lemon Squeezy, API key",
            declared("provider = \"lemonsqueezy\"\nstore_id = \"1\"\ntoken = { env = \"TOKEN\" }"),
        ),
        ("Polar", declared(&format!("provider = \"polar\"\n{ORGANIZATION}"))),
        (
            "Polar, session",
            declared(&format!(
                "provider = \"polar\"\n{ORGANIZATION}\nsession_token = {{ env = \"SESSION\" }}"
            )),
        ),
        (
            "Polar, token",
            declared(&format!("provider = \"polar\"\n{ORGANIZATION}\ntoken = {{ env = \"ORGANIZATION\" }}")),
        ),
    ];
    let mut lines = vec![
        row("", columns.iter().map(|(name, _)| *name)),
        row("---", columns.iter().map(|_| ":-:")).replace(' ', ""),
    ];
    for capability in Capability::ALL {
        let cells =
            columns.iter().map(|(_, declared)| if declared.contains(*capability) { "✓" } else { "–" });
        lines.push(row(capability.name(), cells));
    }
    lines.join("\n")
}

fn row<'a>(first: &'a str, rest: impl Iterator<Item = &'a str>) -> String {
    std::iter::once(first).chain(rest).fold("|".to_owned(), |row, cell| format!("{row} {cell} |"))
}

fn declared(config: &str) -> Capabilities {
    let secrets = TestSecrets::new(&[
        ("TOKEN", "an-api-key"),
        ("SESSION", "polar_cst_example"),
        ("ORGANIZATION", "polar_oat_example"),
    ]);
    provider(config, &secrets).unwrap().capabilities()
}

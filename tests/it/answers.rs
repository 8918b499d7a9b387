//! ANSWERS.md: what each vendor's answers mean, as its adapter reads them.
//!
//! A vendor lists its words in `tests/answers.toml` of its adapter. Each is put into the answer of the vendor's
//! simulator, and the table shows what the caller of the adapter gets.

mod asked;
mod changed;
mod listed;
mod table;

use std::path::{Path, PathBuf};

use anykey::sim::{Simulator, simulators};

use self::listed::Listed;

const INTRODUCTION: &str = "# What each vendor's answer means

Made by `tests/it/answers.rs` from the adapters: `ANYKEY_BLESS=1 cargo test -p anykey-tests answers` writes this file, and
the test fails when it is out of date. A vendor's words are listed in `tests/answers.toml` of its adapter, which is where a
new one belongs.

- *valid*: the key may be used.
- *refused*: the vendor says no, for this reason. *Doubtful*: the answer may also be due to a fault on the vendor's side.
- *error*: no answer about the key, of this kind. *Transient*: the same call may work later. *May have taken effect*: the
  vendor may have done it.
- *done*: the call succeeded.

A member in quotes is text, *absent* means that the answer does not have it. A 407, 408, 429 or 5xx is an error
whatever its body says, and so is every 4xx without the vendor's own words.
";

#[tokio::test(start_paused = true)]
async fn the_table_of_answers_shows_what_the_adapters_read() {
    let path = root().join("ANSWERS.md");
    let mut table = INTRODUCTION.to_owned();
    for simulator in simulators() {
        table += &section(simulator).await;
    }
    if std::env::var_os("ANYKEY_BLESS").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let shown = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        shown == table,
        "ANSWERS.md is out of date: run this test with ANYKEY_BLESS=1 and review the change"
    );
}

async fn section(simulator: Simulator) -> String {
    let listed =
        Listed::read(&root().join("crates/vendors").join(simulator.vendor).join("tests/answers.toml"));
    format!(
        "\n## {}\n\n{}\n{}",
        simulator.title,
        table::members(simulator, &listed.members).await,
        table::errors(simulator, &listed.errors).await
    )
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

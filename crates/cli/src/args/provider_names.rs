use std::ffi::OsString;
use std::path::PathBuf;

use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use crate::config::load;

/// The names of the configuration's providers, for the completions of a shell. None when it cannot be read.
pub(super) fn provider_names() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let Ok(loaded) = load(named_file(std::env::args_os()).as_deref()) else { return Vec::new() };
        let names = loaded.config.names();
        let described = names.map(|name| {
            let vendor = loaded.config.provider(name).map(|config| config.provider.clone());
            CompletionCandidate::new(name).help(vendor.ok().map(Into::into))
        });
        described.collect()
    })
}

/// The file that the line which is completed names, or the environment.
fn named_file(line: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    let mut words = line.skip_while(|word| word != "--").skip(1);
    while let Some(word) = words.next() {
        if word == "--config" {
            return words.next().map(PathBuf::from);
        }
        if let Some(file) = word.to_str().and_then(|word| word.strip_prefix("--config=")) {
            return Some(PathBuf::from(file));
        }
    }
    std::env::var_os("ANYKEY_CONFIG").map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_the_one_of_the_line_that_is_completed() {
        let named = |line: &str| named_file(line.split(' ').map(OsString::from));
        assert_eq!(named("anykey -- anykey --config a.toml -p "), Some("a.toml".into()));
        assert_eq!(named("anykey -- anykey -p x --config=b.toml "), Some("b.toml".into()));
        assert_eq!(named("anykey --config c.toml -- anykey -p "), None);
    }
}

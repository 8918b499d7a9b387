#![no_main]

use anykey::{Config, ErrorKind, Providers, Registry};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let opened =
        Config::from_toml(text).and_then(|config| Providers::open_with(&Registry::builtin(), &config));
    if let Err(error) = opened {
        assert_eq!(error.kind(), ErrorKind::Config);
    }
});

//! An installed app: from the configuration to an open guard.

use anykey::guard::{Guard, GuardConfig};
use anykey::{Config, Error, ErrorKind, Providers};

pub fn open(path: &str) -> Result<Guard, Box<dyn std::error::Error>> {
    let (config, guard) = read(path)?;
    Ok(guard.open(Providers::open(&config)?.default_provider()?)?)
}

fn read(path: &str) -> anykey::Result<(Config, GuardConfig)> {
    let config = Config::from_file(path)?;
    let guard = config.guard()?.ok_or_else(|| Error::new(ErrorKind::Config, "no section `[guard]`"))?;
    Ok((config, guard))
}

#[cfg(feature = "guard-blocking")]
pub fn open_blocking(path: &str) -> Result<anykey::guard::blocking::Guard, Box<dyn std::error::Error>> {
    let (config, guard) = read(path)?;
    let builder = guard.builder(Providers::open(&config)?.default_provider()?)?;
    Ok(anykey::guard::blocking::Guard::from_builder(builder)?)
}

#[cfg(feature = "guard-machine-id")]
pub fn installation() -> Result<anykey::guard::Installation, anykey::guard::GuardError> {
    anykey::guard::Installation::of_this_machine("com.example.studio")
}

#[cfg(feature = "guard-keyring")]
pub fn store(
    installation: anykey::guard::Installation,
) -> Result<anykey::guard::KeyringStore, anykey::guard::GuardError> {
    anykey::guard::KeyringStore::new(installation)
}

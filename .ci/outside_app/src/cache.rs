//! A server whose configuration has a section `[cache]`.

use std::sync::Arc;

use anykey::{Config, LicenseProvider, Registry};

pub fn open(path: &str) -> anykey::Result<Arc<dyn LicenseProvider>> {
    let config = Config::from_file(path)?;
    let provider = Registry::builtin().build(&config)?;
    Ok(match config.cache()? {
        Some(cache) => Arc::new(cache.wrap(provider)),
        None => provider,
    })
}

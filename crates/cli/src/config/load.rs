use std::path::Path;

use anykey::Config;

use super::{Place, trust};
use crate::failure::Failure;
use crate::shell_command::shell_command;

/// A configuration and where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    pub(crate) place: Place,
    pub(crate) config: Config,
}

/// Finds and reads the configuration; `named` is the file that the user asks for.
pub(crate) fn load(named: Option<&Path>) -> Result<Loaded, Failure> {
    let directory = std::env::current_dir()
        .map_err(|error| Failure::Usage(format!("there is no working directory: {error}")))?;
    let place = match Place::find(named, &directory, Place::user_folder().as_deref()) {
        Some(place) => place,
        None if std::env::var_os("ANYKEY_PROVIDER").is_some() => Place::Environment,
        None => return Err(Failure::Usage(nothing_found())),
    };
    if let Place::Upwards(path) = &place
        && let Some(doubt) = trust::doubt(path)
    {
        return Err(Failure::Usage(not_trusted(path, &doubt)));
    }
    let config = match place.path() {
        Some(path) => read(path)?,
        None => Config::from_env()?,
    };
    Ok(Loaded { place, config })
}

fn read(path: &Path) -> Result<Config, Failure> {
    Ok(Config::from_file(path)?)
}

fn not_trusted(path: &Path, doubt: &str) -> String {
    let naming = shell_command(Some(path), []);
    format!(
        "{} was found, but not used: {doubt}, so that it could send your credentials anywhere; next: if you trust it, name \
         it with `{naming}`, or in ANYKEY_CONFIG",
        path.display()
    )
}

fn nothing_found() -> String {
    let user = Place::user_folder()
        .map(|folder| format!(" or {}", folder.join("anykey.toml").display()))
        .unwrap_or_default();
    format!(
        "there is no configuration: write anykey.toml here{user}, name a file with --config, or set \
         ANYKEY_PROVIDER; `anykey sim` gives one to play with"
    )
}

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::StoreError;

/// The database's file, as it was when the store was opened.
///
/// SQLite goes on writing to a file that was removed or replaced, without an error in WAL mode, and everything
/// that it writes there is lost.
#[derive(Clone, Debug)]
pub(super) struct DatabaseFile(Option<Arc<Known>>);

#[derive(Debug)]
struct Known {
    path: PathBuf,
    identity: Identity,
}

#[derive(Debug, thiserror::Error)]
#[error("the database's file was moved, replaced or removed since it was opened; put it back or start again")]
struct NotInPlace;

impl DatabaseFile {
    /// The file at `path`; a database in memory has none.
    pub(super) fn at(path: &Path) -> Self {
        let known = || {
            let path = std::path::absolute(path).ok()?;
            let identity = identity(&path)?;
            Some(Arc::new(Known { path, identity }))
        };
        Self(known())
    }

    /// A file that is not known, and not checked.
    pub(super) const fn unknown() -> Self {
        Self(None)
    }

    /// Fails when another file, or none, is at the path now.
    pub(super) fn require_in_place(&self) -> Result<(), StoreError> {
        match &self.0 {
            Some(known) if identity(&known.path).as_ref() != Some(&known.identity) => {
                Err(StoreError::new(NotInPlace))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// Elsewhere an open database cannot be removed or replaced.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    std::fs::metadata(path).ok().map(drop)
}

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::StoreError;

/// The database file that was at the path when the store was opened.
///
/// SQLite continues to write to a file that was removed or replaced, in WAL mode without an error, and all of these
/// writes are lost.
#[derive(Clone, Debug)]
pub(super) struct DatabaseFile(Option<Arc<Known>>);

#[derive(Debug)]
struct Known {
    path: PathBuf,
    identity: Identity,
}

#[derive(Debug, thiserror::Error)]
#[error(
    "the database file was moved, replaced or removed after it was opened; restore it or restart the process"
)]
struct NotInPlace;

impl DatabaseFile {
    /// The file at `path`. A database in memory has no file and is not checked.
    pub(super) fn at(path: &Path) -> Self {
        let known = || {
            let path = std::path::absolute(path).ok()?;
            let identity = identity(&path)?;
            Some(Arc::new(Known { path, identity }))
        };
        Self(known())
    }

    /// An unknown file, which is not checked.
    pub(super) const fn unknown() -> Self {
        Self(None)
    }

    /// Fails if another file, or none, is at the path now.
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

/// On other systems an open database cannot be removed or replaced.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    std::fs::metadata(path).ok().map(drop)
}

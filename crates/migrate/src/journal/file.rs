//! The journal's file: private, and removed with what SQLite keeps beside it.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use crate::MigrateError;

/// Creates an empty file at `path` that only its owner can read, unless there is one. SQLite gives the files beside it
/// the same mode.
pub(super) fn create_private(path: &Path) -> Result<(), MigrateError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed("created", path, error)),
    }
}

/// Removes the file last, so that a removal that was cut off can be repeated.
pub(super) fn remove(path: &Path) -> Result<(), MigrateError> {
    for end in ["-wal", "-shm", "-journal", ""] {
        let mut name = OsString::from(path);
        name.push(end);
        let file = PathBuf::from(name);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed("removed", &file, error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// An error of the first statements, which fail on a file that is no database.
pub(super) fn not_a_journal(error: sqlx::Error) -> MigrateError {
    // SQLITE_NOTADB.
    if error.as_database_error().is_some_and(|error| error.code().as_deref() == Some("26")) {
        return MigrateError::journal("the file is no journal of a migration");
    }
    error.into()
}

fn failed(what: &str, path: &Path, error: io::Error) -> MigrateError {
    let message = format!("{} cannot be {what}: {error}", path.display());
    MigrateError::Journal { message, source: Some(Box::new(error)) }
}

//! The lock between the processes of one machine: a locked file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::{StoreLock, private_folder};

/// Acquires the lock at `path`; `None` when another process, or another store of this process, holds it.
///
/// The file is never removed: otherwise two processes could lock two different files. The operating system releases
/// the lock of a process that ended. A new file gets `mode`.
pub(super) fn try_lock(path: &Path, mode: u32) -> io::Result<Option<StoreLock>> {
    let file = open(path, mode)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(StoreLock::new(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Opens the file, or creates it. A symbolic link is an error: its target is neither locked nor created.
fn open(path: &Path, mode: u32) -> io::Result<File> {
    if path.is_symlink() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the lock file is a symbolic link"));
    }
    let mut existing = OpenOptions::new();
    existing.read(true).write(true);
    match existing.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut options = existing.clone();
            options.create_new(true);
            private_folder::set_mode(&mut options, mode);
            match options.open(path) {
                // Another process created it meanwhile.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => existing.open(path),
                opened => opened,
            }
        }
        opened => opened,
    }
}

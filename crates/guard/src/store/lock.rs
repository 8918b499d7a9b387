//! The lock that the processes of one machine share: a file that nobody but the system looks into.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::{StoreLock, private_folder};

/// Takes the lock at `path`; `None` when another process, or another store of this one, has it.
///
/// The file stays: removing it would split the lock in two. The system frees the lock of a process that is gone.
/// `mode` is that of a new file.
pub(super) fn try_lock(path: &Path, mode: u32) -> io::Result<Option<StoreLock>> {
    let file = open(path, mode)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(StoreLock::new(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Opens the file, and makes it when there is none. A link in its place is not followed: neither to lock what it
/// points to, nor to make that.
fn open(path: &Path, mode: u32) -> io::Result<File> {
    if path.is_symlink() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the lock's place holds a symbolic link"));
    }
    let mut existing = OpenOptions::new();
    existing.read(true).write(true);
    match existing.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut options = existing.clone();
            options.create_new(true);
            private_folder::set_mode(&mut options, mode);
            match options.open(path) {
                // Another process was faster.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => existing.open(path),
                opened => opened,
            }
        }
        opened => opened,
    }
}

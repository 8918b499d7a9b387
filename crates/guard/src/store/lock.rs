//! The lock that the processes of one machine share: a file that nobody but the system looks into.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::StoreLock;

/// Takes the lock at `path`; `None` when another process, or another store of this one, has it.
///
/// The file stays: who removed it would split the lock in two. The system frees the lock of a process that
/// is gone.
pub(super) fn try_lock(path: &Path) -> io::Result<Option<StoreLock>> {
    let file = open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(StoreLock::new(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

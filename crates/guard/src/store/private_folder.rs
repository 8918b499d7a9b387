//! The permissions of the record's directory and files.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

/// Creates `directory` and its missing parents, accessible only by the owner. If the directory exists and other users
/// can write to it, their access is removed, because they could replace the record. In a sticky directory such as
/// `/tmp` they cannot, and others need it.
#[cfg(unix)]
pub(super) fn make(directory: &Path) -> io::Result<()> {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};

    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let mode = metadata(directory)?.permissions().mode();
    let is_sticky = mode & 0o1000 != 0;
    if mode & 0o022 != 0 && !is_sticky {
        // The directory of another user is not changed: the record in it is sealed.
        set_permissions(directory, Permissions::from_mode(mode & 0o700)).ok();
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn make(directory: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(directory)
}

/// The mode of files in a shared directory: the read and write permissions of the directory.
#[cfg(unix)]
pub(super) fn shared_file_mode(directory: &Path) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt;

    let mode = std::fs::metadata(directory)?.permissions().mode();
    Ok(0o600 | (mode & 0o066))
}

#[cfg(not(unix))]
pub(super) fn shared_file_mode(directory: &Path) -> io::Result<u32> {
    std::fs::metadata(directory).map(|_| 0)
}

/// Sets the mode of a file that `options` creates, where the operating system has modes.
#[cfg(unix)]
pub(super) fn set_mode(options: &mut OpenOptions, mode: u32) {
    std::os::unix::fs::OpenOptionsExt::mode(options, mode);
}

#[cfg(not(unix))]
pub(super) fn set_mode(_: &mut OpenOptions, _: u32) {}

/// Sets the mode of an open file, regardless of the process's umask.
#[cfg(unix)]
pub(super) fn set_file_mode(file: &std::fs::File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(super) fn set_file_mode(_: &std::fs::File, _: u32) -> io::Result<()> {
    Ok(())
}

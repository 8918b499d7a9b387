//! The folder of the record, and who may use it.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

/// Makes `directory` and what is missing above it, for its owner alone. From one that exists already, others are
/// kept out if they could write in it: they could put another record there.
#[cfg(unix)]
pub(super) fn make(directory: &Path) -> io::Result<()> {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};

    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let mode = metadata(directory)?.permissions().mode();
    if mode & 0o022 != 0 {
        // A folder of somebody else, as `/tmp`, stays as it is: the record in it is sealed.
        set_permissions(directory, Permissions::from_mode(mode & 0o700)).ok();
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn make(directory: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(directory)
}

/// The mode of the files in a folder that several users share: as open for reading and writing as the folder.
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

/// Sets the mode of a file that `options` makes, where the system has modes.
#[cfg(unix)]
pub(super) fn set_mode(options: &mut OpenOptions, mode: u32) {
    std::os::unix::fs::OpenOptionsExt::mode(options, mode);
}

#[cfg(not(unix))]
pub(super) fn set_mode(_: &mut OpenOptions, _: u32) {}

/// Sets the mode of an open file, whatever the process' mask says.
#[cfg(unix)]
pub(super) fn open_to(file: &std::fs::File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(super) fn open_to(_: &std::fs::File, _: u32) -> io::Result<()> {
    Ok(())
}

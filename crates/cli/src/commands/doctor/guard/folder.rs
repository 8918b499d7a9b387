use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use super::super::finding::Finding;
use crate::exit::Exit;

const FOLDER: &str = "guard folder";
const LOCK: &str = "guard lock";

/// Whether the record can be kept in `folder`, and locked there.
pub(super) fn examine(folder: &Path, is_shared: bool) -> Vec<Finding> {
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => {
            match tempfile::Builder::new().prefix(".anykey-doctor-").tempfile_in(folder) {
                Ok(file) => vec![permissions(folder, &metadata, is_shared), lock(file.path())],
                Err(error) => vec![wrong(folder, &format!("cannot be written: {error}"), MINE)],
            }
        }
        Ok(_) => vec![wrong(folder, "is no folder", "remove the file, or set `directory` in [guard]")],
        Err(error) if error.kind() == io::ErrorKind::NotFound => vec![missing(folder, is_shared)],
        Err(error) => vec![wrong(folder, &format!("cannot be read: {error}"), MINE)],
    }
}

const MINE: &str = "let the user of the app write there, or set `directory` in [guard]";

fn wrong(folder: &Path, what: &str, remedy: &str) -> Finding {
    Finding::failure(None, FOLDER, format!("{} {what}", folder.display()), Exit::Usage, remedy)
}

/// A folder that the app, or for all users its installer, creates.
fn missing(folder: &Path, is_shared: bool) -> Finding {
    if is_shared {
        let remedy =
            "let the app's installer create it with the rights that its users need, or set `seat = \"user\"`";
        return wrong(folder, "does not exist, and users do not create it", remedy);
    }
    let above = folder.ancestors().skip(1).find(|above| above.exists()).unwrap_or(folder);
    match tempfile::tempfile_in(above) {
        Ok(_) => {
            Finding::good(None, FOLDER, format!("{} is created when a key is entered", folder.display()))
        }
        Err(error) => {
            let what = format!("cannot be created in {}: {error}", above.display());
            wrong(folder, &what, MINE)
        }
    }
}

#[cfg(unix)]
fn permissions(folder: &Path, metadata: &fs::Metadata, is_shared: bool) -> Finding {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = metadata.permissions().mode() & 0o777;
    let found = format!("{} (mode {mode:03o})", folder.display());
    match (mode & 0o022 != 0, is_shared) {
        (true, false) => Finding::warning(
            None,
            FOLDER,
            format!("{found} can be written by others, who can put another record there"),
            "take others' right to write to it: `chmod go-w`",
        ),
        (false, true) => Finding::warning(
            None,
            FOLDER,
            format!("{found} is meant for all users of this machine, and only its owner can write to it"),
            "give the users of the app the right to write to it, or set `seat = \"user\"`",
        ),
        _ => Finding::good(None, FOLDER, found),
    }
}

#[cfg(not(unix))]
fn permissions(folder: &Path, _: &fs::Metadata, _: bool) -> Finding {
    Finding::good(None, FOLDER, folder.display().to_string())
}

/// Whether a second lock of the same file is refused. The lock of the record itself is left to the app.
fn lock(file: &Path) -> Finding {
    let tried = || -> Result<bool, TryLockError> {
        let open = || File::options().read(true).write(true).open(file).map_err(TryLockError::Error);
        let (first, second) = (open()?, open()?);
        first.try_lock()?;
        match second.try_lock() {
            Err(TryLockError::WouldBlock) => Ok(true),
            other => other.map(|()| false),
        }
    };
    let remedy = "set `directory` in [guard] to a folder on a disk of this machine: two processes could take two seats";
    match tried() {
        Ok(true) => Finding::good(None, LOCK, "files can be locked there".to_owned()),
        Ok(false) => {
            let found = "a locked file can be locked again there, as on some network folders".to_owned();
            Finding::failure(None, LOCK, found, Exit::Usage, remedy)
        }
        Err(error) => Finding::failure(
            None,
            LOCK,
            format!("files cannot be locked there: {error}"),
            Exit::Usage,
            remedy,
        ),
    }
}

//! The record in a file.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use directories::BaseDirs;
use tempfile::Builder;

use super::{Store, StoreError, StoreErrorKind, StoreLock, lock, private_folder, seal};
use crate::{GuardError, Installation};

/// The usual name of the record.
const RECORD: &str = "seat.anykey";
/// The file that is locked. It stays, so that all processes lock the same one.
const LOCK: &str = "seat.lock";
/// The beginning of the names of temporary files.
const UNFINISHED: &str = ".seat-";
/// The beginning of the names of records that were moved aside.
const ASIDE: &str = "seat.aside-";
/// A record is about one kilobyte.
const LARGEST_RECORD: u64 = 64 * 1024;

/// Stores the record in a file that is replaced atomically, flushed to the disk, and readable only by its owner.
///
/// The directory contains the record `seat.anykey`, its copy `seat.copy.anykey`, the lock file `seat.lock`, and
/// unreadable records that were moved aside (`seat.aside-1`). On Unix, the directory is created with mode 0700 and
/// the files with mode 0600.
///
/// If several machines share a home directory, each has its own record; the record of the second machine is
/// `seat-<mark>.anykey`.
///
/// ```
/// use anykey_guard::{FileStore, Installation, Store};
///
/// # let folder = tempfile::tempdir()?;
/// # let directory = folder.path();
/// let installation = Installation::from_identity("com.example.studio", "volume-7f3a")?;
/// let store = FileStore::in_directory(installation, directory);
/// assert_eq!(store.read()?, None);
/// assert_eq!(store.path(), directory.join("seat.anykey"));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileStore {
    installation: Installation,
    directory: PathBuf,
    is_shared: bool,
}

impl FileStore {
    /// A store in the user's data directory for this app: below `~/.local/share` (Linux),
    /// `~/Library/Application Support` (macOS) or `%LOCALAPPDATA%` (Windows).
    ///
    /// Each user of a computer has one, so use it with `Installation::of_this_user`.
    ///
    /// # Errors
    ///
    /// [`GuardError::Installation`] when the user has no home directory. Use [`in_directory`](Self::in_directory)
    /// then.
    pub fn new(installation: Installation) -> Result<Self, GuardError> {
        let base = BaseDirs::new().ok_or_else(|| {
            GuardError::Installation(
                "the user has no home directory; set `directory` for the license record".into(),
            )
        })?;
        let directory = base.data_local_dir().join(installation.app_id()).join("license");
        Ok(Self::in_directory(installation, directory))
    }

    /// A store in `directory`, which is created on the first write. Each app needs its own directory. If the
    /// directory exists and other users can write to it, their access is removed, unless it is sticky as `/tmp` is.
    pub fn in_directory(installation: Installation, directory: impl Into<PathBuf>) -> Self {
        Self { installation, directory: directory.into(), is_shared: false }
    }

    /// A store in `directory` for all users of the computer who can write there: one seat for the machine, with
    /// `Installation::of_this_machine`. The app's installer creates the directory with the permissions that the users
    /// need; the files get the same permissions.
    pub fn shared_in_directory(installation: Installation, directory: impl Into<PathBuf>) -> Self {
        Self { installation, directory: directory.into(), is_shared: true }
    }

    /// The path of the record, unless another machine that shares the directory has its record there.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.directory.join(RECORD)
    }

    fn io(&self, path: &Path) -> impl FnOnce(io::Error) -> StoreError + use<> {
        let location = path.display().to_string();
        |error| StoreError::new(StoreErrorKind::Io, location).with_source(error)
    }

    /// Creates the directory and returns the mode of its files.
    fn create_directory(&self) -> Result<u32, StoreError> {
        let made = if self.is_shared {
            private_folder::shared_file_mode(&self.directory)
        } else {
            private_folder::make(&self.directory).map(|()| 0o600)
        };
        made.map_err(self.io(&self.directory))
    }

    /// Writes a temporary file, flushes it, and renames it to `path`; then flushes the directory, so that the new
    /// name survives a power failure.
    fn replace_file(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        let mut unfinished = Builder::new().prefix(UNFINISHED).tempfile_in(&self.directory)?;
        private_folder::set_file_mode(unfinished.as_file(), mode)?;
        unfinished.write_all(bytes)?;
        unfinished.as_file().sync_all()?;
        unfinished.persist(path)?;
        self.sync_directory()
    }

    /// The file to read the record from. If another machine's record has the usual name, this machine's record has
    /// the mark in its name.
    fn record_path(&self) -> PathBuf {
        let own = self.own_path();
        if own.exists() { own } else { self.path() }
    }

    /// The file to write the record to, never the record of another machine.
    fn target_path(&self) -> PathBuf {
        let path = self.record_path();
        if self.is_of_another_machine(&path) { self.own_path() } else { path }
    }

    /// The name with this machine's mark.
    fn own_path(&self) -> PathBuf {
        self.directory.join(format!("seat-{}.anykey", self.installation.mark()))
    }

    /// Whether the first line of a record has another mark. It is not authenticated, which is enough for the choice
    /// of a name.
    fn is_of_another_machine(&self, path: &Path) -> bool {
        let sealed = self.read_file(path).ok().flatten().unwrap_or_default();
        seal::mark_of(&sealed).is_some_and(|mark| mark != self.installation.mark())
    }

    /// The bytes of a file; `None` when there is none.
    ///
    /// # Errors
    ///
    /// `Damaged` for what cannot be a record: a directory, a device, or a file that is too large. A dangling link is
    /// an `Io` error, since the record may come back with its target.
    fn read_file(&self, path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotFound && !path.is_symlink() => return Ok(None),
            Err(error) => return Err(self.io(path)(error)),
        };
        if !metadata.is_file() || metadata.len() > LARGEST_RECORD {
            return Err(StoreError::new(StoreErrorKind::Damaged, path.display().to_string()));
        }
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(self.io(path))?;
        file.take(LARGEST_RECORD).read_to_end(&mut bytes).map_err(self.io(path))?;
        Ok(Some(bytes))
    }

    /// Removes a file; a missing one is no error.
    fn remove_file(&self, path: &Path) -> Result<(), StoreError> {
        match fs::remove_file(path) {
            Ok(()) => self.sync_directory().map_err(self.io(path)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(self.io(path)(error)),
        }
    }

    #[cfg(unix)]
    fn sync_directory(&self) -> io::Result<()> {
        File::open(&self.directory)?.sync_all()
    }

    #[cfg(not(unix))]
    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    /// Removes temporary files of a killed process. Only the holder of the lock writes, so none of them is in use.
    fn remove_unfinished(&self) {
        let Ok(entries) = fs::read_dir(&self.directory) else { return };
        for entry in entries.flatten() {
            if entry.file_name().to_str().is_some_and(|name| name.starts_with(UNFINISHED)) {
                fs::remove_file(entry.path()).ok();
            }
        }
    }
}

impl Store for FileStore {
    fn installation(&self) -> &Installation {
        &self.installation
    }

    fn location(&self) -> String {
        self.record_path().display().to_string()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read_file(&self.record_path())
    }

    fn read_copy(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read_file(&copy_of(&self.record_path()))
    }

    fn write(&self, sealed: &[u8]) -> Result<(), StoreError> {
        let mode = self.create_directory()?;
        self.remove_unfinished();
        let path = self.target_path();
        let record = self.replace_file(&path, sealed, mode);
        let copy = self.replace_file(&copy_of(&path), sealed, mode);
        match (record, copy) {
            (Err(error), Err(_)) => Err(self.io(&path)(error)),
            _ => Ok(()),
        }
    }

    fn remove(&self) -> Result<(), StoreError> {
        let path = self.target_path();
        self.remove_file(&copy_of(&path))?;
        self.remove_file(&path)
    }

    /// Moves the record to `seat.aside-1` and so on. The record of another machine stays where it is; this machine
    /// uses another file.
    fn set_aside(&self) -> Result<String, StoreError> {
        let path = self.record_path();
        if self.is_of_another_machine(&path) {
            return Ok(path.display().to_string());
        }
        let free = |number: &u32| self.directory.join(format!("{ASIDE}{number}")).symlink_metadata().is_err();
        let number = (1..=u32::MAX).find(free).unwrap_or(u32::MAX);
        let aside = self.directory.join(format!("{ASIDE}{number}"));
        fs::rename(&path, &aside).and_then(|()| self.sync_directory()).map_err(self.io(&path))?;
        Ok(aside.display().to_string())
    }

    fn try_lock(&self) -> Result<Option<StoreLock>, StoreError> {
        let mode = self.create_directory()?;
        let path = self.directory.join(LOCK);
        lock::try_lock(&path, mode).map_err(self.io(&path))
    }
}

/// The path of a record's copy.
fn copy_of(record: &Path) -> PathBuf {
    record.with_extension("copy.anykey")
}

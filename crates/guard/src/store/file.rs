use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use directories::BaseDirs;
use tempfile::Builder;

use super::{Store, StoreError, StoreErrorKind, StoreLock, lock, private_folder, seal};
use crate::{GuardError, Installation};

const RECORD: &str = "seat.anykey";
const LOCK: &str = "seat.lock";
const UNFINISHED: &str = ".seat-";
const ASIDE: &str = "seat.aside-";
/// A record has about one kilobyte.
const LARGEST_RECORD: u64 = 64 * 1024;

/// Keeps the record in a file of the user: replaced as a whole, flushed to the disk, readable by nobody else.
///
/// The folder holds `seat.anykey`, its copy `seat.copy.anykey`, the lock `seat.lock`, and what could not be read
/// and was set aside (`seat.aside-1`). Where the system knows such modes, only the owner may enter a folder that it
/// makes (0700) and read the files (0600).
///
/// In a home directory that several machines share, each machine has its own record: the second one's is
/// `seat-<mark>.anykey`.
#[derive(Clone, Debug)]
pub struct FileStore {
    installation: Installation,
    directory: PathBuf,
    is_shared: bool,
}

impl FileStore {
    /// The record in the user's own folder for this app: below `~/.local/share` (Linux),
    /// `~/Library/Application Support` (macOS) or `%LOCALAPPDATA%` (Windows).
    ///
    /// Each user of a computer has one, so it goes with `Installation::of_this_user`.
    ///
    /// # Errors
    ///
    /// [`GuardError::Installation`] when the user has no home: use
    /// [`in_directory`](Self::in_directory) then.
    pub fn new(installation: Installation) -> Result<Self, GuardError> {
        let base = BaseDirs::new().ok_or_else(|| {
            GuardError::Installation("the user has no home directory; name one for the license".into())
        })?;
        let directory = base.data_local_dir().join(installation.app_id()).join("license");
        Ok(Self::in_directory(installation, directory))
    }

    /// The record in `directory`, which is made when it is needed. Several apps need several directories. Of a
    /// directory that exists, others lose the right to write in it.
    pub fn in_directory(installation: Installation, directory: impl Into<PathBuf>) -> Self {
        Self { installation, directory: directory.into(), is_shared: false }
    }

    /// The record in `directory`, for all users of the computer who may write there: one seat for the machine, with
    /// `Installation::of_this_machine`. The installer of the app makes the directory, with the rights that it
    /// wants its users to have; the files get the same.
    pub fn shared_in_directory(installation: Installation, directory: impl Into<PathBuf>) -> Self {
        Self { installation, directory: directory.into(), is_shared: true }
    }

    /// The path of the record, unless another machine that shares the folder has its record there.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.directory.join(RECORD)
    }

    fn io(&self, path: &Path) -> impl FnOnce(io::Error) -> StoreError + use<> {
        let place = path.display().to_string();
        |error| StoreError::new(StoreErrorKind::Io, place).with_source(error)
    }

    /// Makes the directory, and returns the mode of the files in it.
    fn make_directory(&self) -> Result<u32, StoreError> {
        let made = if self.is_shared {
            private_folder::shared_file_mode(&self.directory)
        } else {
            private_folder::make(&self.directory).map(|()| 0o600)
        };
        made.map_err(self.io(&self.directory))
    }

    fn put(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        let mut unfinished = Builder::new().prefix(UNFINISHED).tempfile_in(&self.directory)?;
        private_folder::open_to(unfinished.as_file(), mode)?;
        unfinished.write_all(bytes)?;
        unfinished.as_file().sync_all()?;
        unfinished.persist(path)?;
        self.sync_directory()
    }

    /// The file that the record is read from. Where another machine's record has the usual name, this machine's has
    /// its mark in its name.
    fn record_path(&self) -> PathBuf {
        let own = self.own_path();
        if own.exists() { own } else { self.path() }
    }

    /// The file that the record is written to: never over the record of another machine.
    fn target_path(&self) -> PathBuf {
        let path = self.record_path();
        if self.is_of_another_machine(&path) { self.own_path() } else { path }
    }

    fn own_path(&self) -> PathBuf {
        self.directory.join(format!("seat-{}.anykey", self.installation.mark()))
    }

    fn is_of_another_machine(&self, path: &Path) -> bool {
        let sealed = self.read_file(path).ok().flatten().unwrap_or_default();
        seal::mark_of(&sealed).is_some_and(|mark| mark != self.installation.mark())
    }

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

    /// What a killed process left behind. Only the holder of the lock writes, so nobody misses it.
    fn sweep(&self) {
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

    fn place(&self) -> String {
        self.record_path().display().to_string()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read_file(&self.record_path())
    }

    fn read_copy(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read_file(&copy_of(&self.record_path()))
    }

    fn write(&self, sealed: &[u8]) -> Result<(), StoreError> {
        let mode = self.make_directory()?;
        self.sweep();
        let path = self.target_path();
        let record = self.put(&path, sealed, mode);
        let copy = self.put(&copy_of(&path), sealed, mode);
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

    /// Moves the record to `seat.aside-1` and so on. The record of another machine stays where it is, and this
    /// machine's gets a file of its own.
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
        let mode = self.make_directory()?;
        let path = self.directory.join(LOCK);
        lock::try_lock(&path, mode).map_err(self.io(&path))
    }
}

fn copy_of(record: &Path) -> PathBuf {
    record.with_extension("copy.anykey")
}

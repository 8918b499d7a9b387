use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use directories::BaseDirs;
use tempfile::Builder;

use super::{Store, StoreError, StoreErrorKind, StoreLock, lock};
use crate::{GuardError, Installation};

const RECORD: &str = "seat.anykey";
const LOCK: &str = "seat.lock";
const UNFINISHED: &str = ".seat-";
const ASIDE: &str = "seat.aside-";
/// A record has about one kilobyte.
const LARGEST_RECORD: u64 = 64 * 1024;

/// Keeps the record in a file of the user: replaced as a whole, flushed to the disk, readable by nobody else.
///
/// The folder holds `seat.anykey`, the lock `seat.lock`, and what could not be read and was set
/// aside (`seat.aside-1`). Only the owner may enter it (0700) and read the files (0600) where the system knows
/// such modes.
#[derive(Clone, Debug)]
pub struct FileStore {
    installation: Installation,
    directory: PathBuf,
}

impl FileStore {
    /// The record in the user's own folder for this app: below `~/.local/share` (Linux),
    /// `~/Library/Application Support` (macOS) or `%LOCALAPPDATA%` (Windows).
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

    /// The record in `directory`, which is made when it is needed. Several apps need several directories.
    pub fn in_directory(installation: Installation, directory: impl Into<PathBuf>) -> Self {
        Self { installation, directory: directory.into() }
    }

    /// The path of the record.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.directory.join(RECORD)
    }

    fn io(&self, path: &Path) -> impl FnOnce(io::Error) -> StoreError + use<> {
        let place = path.display().to_string();
        |error| StoreError::new(StoreErrorKind::Io, place).with_source(error)
    }

    fn make_directory(&self) -> Result<(), StoreError> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.directory).map_err(self.io(&self.directory))
    }

    fn put(&self, bytes: &[u8]) -> io::Result<()> {
        let mut unfinished = Builder::new().prefix(UNFINISHED).tempfile_in(&self.directory)?;
        unfinished.write_all(bytes)?;
        unfinished.as_file().sync_all()?;
        unfinished.persist(self.path())?;
        self.sync_directory()
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
        self.path().display().to_string()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path();
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotFound && !path.is_symlink() => return Ok(None),
            Err(error) => return Err(self.io(&path)(error)),
        };
        if !metadata.is_file() || metadata.len() > LARGEST_RECORD {
            return Err(StoreError::new(StoreErrorKind::Damaged, self.place()));
        }
        let mut bytes = Vec::new();
        let file = File::open(&path).map_err(self.io(&path))?;
        file.take(LARGEST_RECORD).read_to_end(&mut bytes).map_err(self.io(&path))?;
        Ok(Some(bytes))
    }

    fn write(&self, sealed: &[u8]) -> Result<(), StoreError> {
        self.make_directory()?;
        self.sweep();
        self.put(sealed).map_err(self.io(&self.path()))
    }

    fn remove(&self) -> Result<(), StoreError> {
        let path = self.path();
        match fs::remove_file(&path) {
            Ok(()) => self.sync_directory().map_err(self.io(&path)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(self.io(&path)(error)),
        }
    }

    fn set_aside(&self) -> Result<String, StoreError> {
        let path = self.path();
        let free = |number: &u32| self.directory.join(format!("{ASIDE}{number}")).symlink_metadata().is_err();
        let number = (1..=u32::MAX).find(free).unwrap_or(u32::MAX);
        let aside = self.directory.join(format!("{ASIDE}{number}"));
        fs::rename(&path, &aside).and_then(|()| self.sync_directory()).map_err(self.io(&path))?;
        Ok(aside.display().to_string())
    }

    fn try_lock(&self) -> Result<Option<StoreLock>, StoreError> {
        self.make_directory()?;
        let path = self.directory.join(LOCK);
        lock::try_lock(&path).map_err(self.io(&path))
    }
}

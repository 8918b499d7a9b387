//! Files for their owner alone, which are there as a whole or not at all.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// A file that is written and has no name yet. Dropping it leaves nothing.
#[derive(Debug)]
pub(crate) struct Unfinished(NamedTempFile);

impl Unfinished {
    /// Writes `bytes` into the folder of `path`, to a file with mode 0600.
    pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(Self(file))
    }

    /// Calls it `path`, which must not exist. The second result is the unfinished file, for another name.
    pub(crate) fn create_or_return(self, path: &Path) -> Result<(), (io::Error, Self)> {
        match self.0.persist_noclobber(path) {
            Ok(_) => Ok(()),
            Err(error) => Err((error.error, Self(error.file))),
        }
    }

    /// Calls it `path`, which must not exist.
    pub(crate) fn create(self, path: &Path) -> io::Result<()> {
        self.create_or_return(path).map_err(|(error, _)| error)
    }

    /// Calls it `path`, in place of the file that is there.
    pub(crate) fn replace(self, path: &Path) -> io::Result<()> {
        self.0.persist(path)?;
        Ok(())
    }
}

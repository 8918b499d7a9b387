use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};

use anykey::{HeaderMap, Timestamp};

use super::saved_request::saved;
use crate::failure::Failure;
use crate::private_file::Unfinished;

/// A folder of deliveries as they came, one file each: what `webhook verify` and `webhook replay` read.
///
/// They hold customers' data, so only their owner can read them. No file is overwritten.
#[derive(Debug)]
pub(super) struct Archive {
    folder: PathBuf,
}

impl Archive {
    /// Opens the folder, or creates it for its owner alone.
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .recursive(true)
            .create(folder)
            .map_err(|error| Failure::Usage(format!("{} cannot be created: {error}", folder.display())))?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Writes a delivery to `path` that came at `now`, and returns its file.
    ///
    /// A disk that is full leaves no part of one.
    pub(super) fn save(
        &self,
        path: &str,
        headers: &HeaderMap,
        body: &[u8],
        now: Timestamp,
    ) -> io::Result<PathBuf> {
        // A provider's name is any text, and a folder is none of it.
        let letters = path.trim_start_matches('/').chars();
        let name: String = letters.map(|it| if it.is_ascii_alphanumeric() { it } else { '-' }).collect();
        let time = now.strftime("%Y%m%dT%H%M%S");
        let mut unfinished = Unfinished::write(&self.folder.join("new"), &saved(path, headers, body))?;
        for number in 1_u32.. {
            let file = self.folder.join(format!("{time}-{name}-{number}.http"));
            unfinished = match unfinished.create_or_return(&file) {
                Ok(()) => return Ok(file),
                Err((error, again)) if error.kind() == io::ErrorKind::AlreadyExists => again,
                Err((error, _)) => return Err(error),
            };
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

#[cfg(test)]
mod tests {
    use super::super::saved_request::SavedRequest;
    use super::*;

    #[test]
    fn each_delivery_has_a_file_of_its_own_that_is_read_as_it_came() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(&folder.path().join("new/deliveries")).unwrap();
        let now: Timestamp = "2027-01-15T12:00:00Z".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.append("webhook-id", "a".parse().unwrap());
        headers.append("webhook-id", "b".parse().unwrap());
        let files: Vec<_> = ["{}\r\n", "second"]
            .map(|body| archive.save("/..%2Fmain%0A", &headers, body.as_bytes(), now).unwrap())
            .into();
        assert!(files[0].ends_with("new/deliveries/20270115T120000----2Fmain-0A-1.http"), "{files:?}");
        assert_ne!(files[0], files[1]);
        let read = SavedRequest::parse(&std::fs::read(&files[0]).unwrap()).ok().unwrap();
        assert_eq!((read.headers, read.body), (headers, b"{}\r\n".to_vec()));
        let all = std::fs::read_dir(folder.path().join("new/deliveries")).unwrap();
        assert_eq!(all.count(), files.len(), "nothing unfinished is left");
        #[cfg(unix)]
        for file in files {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}

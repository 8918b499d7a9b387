use std::io::{Error, ErrorKind, Read, Result};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use anykey_core::{SecretResolver, SecretString};

/// Resolves secret references from the process environment, from files and, with the feature `keyring`, from the
/// operating system's keyring. The default of [`Registry`](crate::Registry).
///
/// A file is read within bounds: [`LARGEST_FILE`](Self::LARGEST_FILE) and [`PATIENCE`](Self::PATIENCE). A pipe that
/// nobody writes to, or a device without an end, is an error and neither stops the app nor fills its memory.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct ProcessSecrets;

impl ProcessSecrets {
    /// The largest file that is read, in bytes: 1 MiB, several times the size of the largest bundle of certificates.
    pub const LARGEST_FILE: u64 = 1 << 20;

    /// How long reading a file may take: 5 seconds.
    pub const PATIENCE: Duration = Duration::from_secs(5);

    /// The content of the file at `path`, as it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FileTooLarge`] and [`ErrorKind::TimedOut`] beyond the bounds, and whatever reading says.
    pub fn bytes(&self, path: impl AsRef<Path>) -> Result<Vec<u8>> {
        let path = path.as_ref().to_owned();
        let (sender, read) = mpsc::sync_channel(1);
        // Opening a pipe waits for a writer, and nothing but another thread can stop waiting for it.
        std::thread::Builder::new().name("anykey-file".to_owned()).spawn(move || {
            let _nobody_waits_any_more = sender.send(read_all(path));
        })?;
        read.recv_timeout(Self::PATIENCE).unwrap_or_else(|_| {
            let seconds = Self::PATIENCE.as_secs();
            Err(Error::new(ErrorKind::TimedOut, format!("it cannot be read within {seconds} seconds")))
        })
    }

    /// Whether every user of this machine can write to the file at `path`, and so replace the secret in it. Reading a
    /// secret from such a file is reported as a warning in the traces. `false` where files have no Unix permissions.
    ///
    /// A file that everybody can only read is not reported: that is how containers mount secrets.
    #[must_use]
    pub fn is_writable_by_all(&self, path: impl AsRef<Path>) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;

            std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.mode() & 0o002 != 0)
        }
        #[cfg(not(unix))]
        {
            let _ = path;
            false
        }
    }

    /// Puts `secret` into the entry `entry` of the operating system's keyring, in place of what it held, where
    /// `{ keyring = "…" }` of a configuration finds it.
    ///
    /// # Errors
    ///
    /// Where there is no keyring, it stays locked, or it refuses the entry.
    #[cfg(feature = "keyring")]
    pub fn set_keyring(&self, entry: &str, secret: &SecretString) -> Result<()> {
        crate::keyring_entry::write(entry, secret)
    }

    /// The content of the file at `path`, without a byte order mark in front.
    pub(crate) fn text(self, path: &Path) -> Result<String> {
        let bytes = self.bytes(path)?;
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(Error::new(ErrorKind::InvalidData, "it is in UTF-16; save it as UTF-8 (plain text)"));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::new(ErrorKind::InvalidData, "it is no text in UTF-8; save it as UTF-8"))?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }
}

fn read_all(path: PathBuf) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(ProcessSecrets::LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= ProcessSecrets::LARGEST_FILE) {
        return Ok(bytes);
    }
    let largest = ProcessSecrets::LARGEST_FILE;
    Err(Error::new(ErrorKind::FileTooLarge, format!("it is larger than {largest} bytes")))
}

impl SecretResolver for ProcessSecrets {
    fn env(&self, name: &str) -> Option<SecretString> {
        std::env::var(name).ok().map(SecretString::from)
    }

    fn file(&self, path: &Path) -> Result<SecretString> {
        if self.is_writable_by_all(path) {
            tracing::warn!(path = %path.display(), "every user of this machine can write to the file of a secret");
        }
        self.text(path).map(SecretString::from)
    }

    #[cfg(feature = "keyring")]
    fn keyring(&self, entry: &str) -> Result<SecretString> {
        crate::keyring_entry::read(entry)
    }

    fn kept(&self) -> Option<Arc<dyn SecretResolver>> {
        Some(Arc::new(ReadAgain(*self)))
    }
}

/// The same for files that were read before: what is wrong with their permissions was reported then.
struct ReadAgain(ProcessSecrets);

impl SecretResolver for ReadAgain {
    fn env(&self, name: &str) -> Option<SecretString> {
        self.0.env(name)
    }

    fn file(&self, path: &Path) -> Result<SecretString> {
        self.0.text(path).map(SecretString::from)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn written(content: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, content).unwrap();
        (folder, path)
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_secret_and_utf_16_is_named() {
        let (_folder, path) = written("\u{feff}planted\r\n".as_bytes());
        assert_eq!(ProcessSecrets.file(&path).unwrap().expose_secret(), "planted\r\n");
        for damaged in [&b"\xff\xfep\0"[..], b"\xfe\xff\0p", b"p\xff"] {
            let (_folder, path) = written(damaged);
            let error = ProcessSecrets.file(&path).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
            assert!(error.to_string().contains("save it as UTF-8"), "{error}");
        }
    }

    #[test]
    fn the_largest_file_is_read_and_a_larger_one_is_not() {
        let largest = usize::try_from(ProcessSecrets::LARGEST_FILE).unwrap();
        let (_folder, path) = written(&vec![b'x'; largest]);
        assert_eq!(ProcessSecrets.bytes(&path).unwrap().len(), largest);
        let (_folder, path) = written(&vec![b'x'; largest + 1]);
        assert_eq!(ProcessSecrets.bytes(&path).unwrap_err().kind(), ErrorKind::FileTooLarge);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_everybody_can_write_is_known() {
        use std::os::unix::fs::PermissionsExt;

        let (_folder, path) = written(b"planted");
        for (mode, expected) in [(0o600, false), (0o644, false), (0o664, false), (0o666, true), (0o602, true)]
        {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(ProcessSecrets.is_writable_by_all(&path), expected, "{mode:o}");
        }
        assert!(
            !ProcessSecrets.is_writable_by_all("absent") && !ProcessSecrets.is_writable_by_all("/dev/null")
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_device_without_an_end_fills_no_memory() {
        assert_eq!(ProcessSecrets.bytes("/dev/zero").unwrap_err().kind(), ErrorKind::FileTooLarge);
    }
}

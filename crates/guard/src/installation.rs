use std::fmt;

use anykey_core::InstallationMark;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{GuardError, Result};

/// One app on one machine: the mark that its seat carries at the vendor, and the key that seals its record.
///
/// Both are digests of the app's id and of something that names the machine. The machine's name itself is
/// neither kept nor sent. The same app on the same machine is the same installation again, also after it
/// was removed and set up anew.
///
/// ```
/// use anykey_guard::Installation;
///
/// let pod = Installation::from_identity("com.example.studio", "volume-7f3a")?;
/// assert_eq!(pod, Installation::from_identity("com.example.studio", "volume-7f3a")?);
/// assert_ne!(pod, Installation::from_identity("com.example.viewer", "volume-7f3a")?);
/// # Ok::<_, anykey_guard::GuardError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Installation {
    app_id: Box<str>,
    mark: InstallationMark,
    seal_key: Zeroizing<[u8; 32]>,
}

impl Installation {
    /// The app `app_id` on this machine, known by the operating system's machine id.
    ///
    /// `app_id` names the app for ever: another one is another installation, with another seat. Reverse
    /// domain names are usual. Containers made from one image share a machine id: name them with
    /// [`from_identity`](Self::from_identity).
    ///
    /// # Errors
    ///
    /// [`GuardError::Installation`] when the system tells no id, or for an unusable `app_id`.
    #[cfg(feature = "machine-id")]
    pub fn of_this_machine(app_id: &str) -> Result<Self> {
        let identity = machine_uid::get().map_err(|cause| {
            GuardError::Installation(format!("the system tells no machine id: {cause}").into())
        })?;
        Self::from_identity(app_id, &Zeroizing::new(identity))
    }

    /// The app `app_id` on whatever `identity` names: a volume, a host, a user of a shared server. It is
    /// hashed and never kept as it is.
    ///
    /// # Errors
    ///
    /// [`GuardError::Installation`] when `identity` is blank, which would make all machines one, or when
    /// `app_id` is not made of letters, digits, `.`, `-` and `_`, starting with a letter or digit.
    pub fn from_identity(app_id: &str, identity: &str) -> Result<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if !app_id.starts_with(|c: char| c.is_ascii_alphanumeric()) || !app_id.chars().all(plain) {
            return Err(GuardError::Installation(
                "the app id has to start with a letter or digit and to consist of letters, digits, `.`, `-` and `_`"
                    .into(),
            ));
        }
        let identity = identity.trim();
        if identity.is_empty() {
            return Err(GuardError::Installation("the installation's identity is blank".into()));
        }
        let [a, b, c, d, e, f, ..] = *digest(identity, "mark", app_id)?;
        Ok(Self {
            app_id: app_id.into(),
            mark: InstallationMark::from_digest([a, b, c, d, e, f]),
            seal_key: digest(identity, "seal", app_id)?,
        })
    }

    /// The app's id.
    #[must_use]
    pub const fn app_id(&self) -> &str {
        &self.app_id
    }

    /// The mark that this installation's seat carries.
    #[must_use]
    pub const fn mark(&self) -> InstallationMark {
        self.mark
    }

    pub(crate) fn seal_key(&self) -> &[u8; 32] {
        &self.seal_key
    }
}

impl fmt::Debug for Installation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Installation")
            .field("app_id", &self.app_id)
            .field("mark", &self.mark)
            .finish_non_exhaustive()
    }
}

fn digest(identity: &str, purpose: &str, app_id: &str) -> Result<Zeroizing<[u8; 32]>> {
    let hmac = Hmac::<Sha256>::new_from_slice(identity.as_bytes())
        .map_err(|_| GuardError::Installation("the installation's identity cannot be hashed".into()))?;
    let hmac = hmac.chain_update("anykey 1 ").chain_update(purpose).chain_update(b"\0").chain_update(app_id);
    Ok(Zeroizing::new(hmac.finalize().into_bytes().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_never_changes_between_versions() {
        let installation = Installation::from_identity("com.example.studio", "machine-1").unwrap();
        assert_eq!(installation.mark().to_string(), "ak-cb0c6042af06");
    }

    #[test]
    fn mark_and_key_do_not_tell_the_machine_and_differ_from_each_other() {
        let installation = Installation::from_identity("com.example.studio", "machine-1").unwrap();
        let shown = format!("{installation:?}");
        assert!(!shown.contains("machine-1") && !shown.contains("seal_key"), "{shown}");
        assert!(installation.mark() != InstallationMark::from_digest(first_six(installation.seal_key())));
    }

    #[test]
    fn hostile_app_ids_and_blank_identities_are_refused() {
        for app_id in ["", ".", "..", "../x", "a/b", "a\\b", "a b", "é", "-x", "a\0"] {
            assert!(Installation::from_identity(app_id, "machine-1").is_err(), "{app_id:?}");
        }
        for identity in ["", " \n"] {
            assert!(Installation::from_identity("app", identity).is_err());
        }
    }

    fn first_six(key: &[u8; 32]) -> [u8; 6] {
        key[..6].try_into().unwrap()
    }
}

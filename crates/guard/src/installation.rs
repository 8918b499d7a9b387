use std::fmt;

use anykey_core::InstallationMark;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{GuardError, Result, UserMark};

#[cfg(feature = "machine-id")]
mod machine;
mod placeholder;

/// One app on one machine, or for one user of it: the mark that its seat carries at the vendor, and the key that
/// seals its record.
///
/// Both are digests of the app's id and of something that identifies the machine, which itself is neither kept nor
/// sent. The same app on the same machine is the same installation again, also after it was removed and set up
/// anew.
///
/// Who shares one seat:
///
/// | installation | store | seats |
/// |---|---|---|
/// | `of_this_user` | [`FileStore::new`](crate::FileStore::new) | one for each user |
/// | `of_this_machine` | [`FileStore::shared_in_directory`](crate::FileStore::shared_in_directory) | one for the machine |
/// | [`from_identity`](Self::from_identity) | any | one for each identity |
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
    user: Option<UserMark>,
    seal_key: Zeroizing<[u8; 32]>,
}

impl Installation {
    /// The app `app_id` on this machine, identified by the operating system's machine id, for all users of it. They
    /// share a seat, so it goes with a store that they share; the last one who
    /// [deactivates](crate::Guard::deactivate) gives it back.
    ///
    /// `app_id` identifies the app for ever: another one is another installation, with another seat. Reverse
    /// domain names are usual. Containers made from one image share a machine id: name them with
    /// [`from_identity`](Self::from_identity). So do clones of a virtual machine, until they get ids of their own.
    ///
    /// # Errors
    ///
    /// [`GuardError::Installation`] when the system has no machine id, or one that many machines have, or for an
    /// unusable `app_id`.
    #[cfg(feature = "machine-id")]
    pub fn of_this_machine(app_id: &str) -> Result<Self> {
        let machine = machine::id()?;
        let installation = Self::from_identity(app_id, &machine)?;
        match machine::user() {
            Some(user) => installation.shared_by(&user),
            None => Ok(installation),
        }
    }

    /// The app `app_id` for the present user of this machine, identified by the operating system's machine id and
    /// the user's home directory. Every user of the machine takes a seat of his own.
    ///
    /// # Errors
    ///
    /// As `of_this_machine`, and when the user has no home directory.
    #[cfg(feature = "machine-id")]
    pub fn of_this_user(app_id: &str) -> Result<Self> {
        let user = machine::user().ok_or_else(|| {
            GuardError::Installation("the user has no home directory; name the installation".into())
        })?;
        let identity = Zeroizing::new(format!("{}\n{}", *machine::id()?, *user));
        Self::from_identity(app_id, &identity)
    }

    /// The app `app_id` on whatever `identity` names: a volume, a host, a user of a shared server. It is
    /// hashed and never kept as it is.
    ///
    /// # Errors
    ///
    /// [`GuardError::Installation`] when `identity` is blank or a placeholder (`uninitialized`, only zeros, an id
    /// that many machines were delivered with), which would make many machines one, or when `app_id` is not made of
    /// letters, digits, `.`, `-` and `_`, starting with a letter or digit.
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
        if placeholder::is_placeholder(identity) {
            return Err(GuardError::Installation(
                "the installation's identity is a placeholder that many machines have".into(),
            ));
        }
        Ok(Self {
            app_id: app_id.into(),
            mark: InstallationMark::from_digest(first_six(&*digest(identity, "mark", app_id)?)),
            user: None,
            seal_key: digest(identity, "seal", app_id)?,
        })
    }

    /// The same installation, used by `user` and shared with others: one seat, given back by the last one who
    /// [deactivates](crate::Guard::deactivate). `user` is hashed and never kept as it is.
    ///
    /// # Errors
    ///
    /// [`GuardError::Installation`] when `user` is blank.
    pub fn shared_by(mut self, user: &str) -> Result<Self> {
        let user = user.trim();
        if user.is_empty() {
            return Err(GuardError::Installation("the user's name is blank".into()));
        }
        self.user = Some(UserMark::from_digest(first_six(&*digest(user, "user", &self.app_id)?)));
        Ok(self)
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

    /// The user for whom the installation is [shared](Self::shared_by); `None` when it is not.
    #[must_use]
    pub const fn user(&self) -> Option<UserMark> {
        self.user
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

fn first_six(digest: &[u8; 32]) -> [u8; 6] {
    let [a, b, c, d, e, f, ..] = *digest;
    [a, b, c, d, e, f]
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
    fn mark_and_key_do_not_reveal_the_machine_and_differ_from_each_other() {
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

    #[test]
    fn placeholders_are_refused_like_blank_identities() {
        for identity in [
            "uninitialized",
            "uninitialized\n",
            "UNINITIALIZED",
            "00000000000000000000000000000000",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "03000200-0400-0500-0006-000700080009",
            "{03000200-0400-0500-0006-000700080009}",
        ] {
            assert!(Installation::from_identity("app", identity).is_err(), "{identity}");
        }
        for identity in ["0", "1f00e6e5f6d0482a9e9c1c0b6f3b1a77", "pod-1", "machine-00000000"] {
            assert!(Installation::from_identity("app", identity).is_ok(), "{identity}");
        }
    }

    #[test]
    fn users_who_share_an_installation_have_its_mark_and_marks_of_their_own() {
        let machine = Installation::from_identity("app", "machine-1").unwrap();
        let shared = |user| machine.clone().shared_by(user).unwrap();
        assert_eq!(shared("ada").mark(), shared("bob").mark());
        assert_ne!(shared("ada").user(), shared("bob").user());
        assert!(machine.shared_by(" ").is_err());
    }
}

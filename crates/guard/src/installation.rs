//! Which machine or user a seat is for.

use std::fmt;

use anykey_core::InstallationMark;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{GuardError, Result, UserMark};

#[cfg(feature = "machine-id")]
mod machine;
mod placeholder;

/// One app on one machine, or for one user of it. It determines the mark in the seat's label at the vendor and the
/// encryption key of the record.
///
/// Both are digests of the app id and of something that identifies the machine, which itself is neither stored nor
/// sent. The same app on the same machine is the same installation, also after a reinstallation.
///
/// Which installations share a seat:
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
    /// The app `app_id` on this machine, for all its users, identified by the operating system's machine id. The
    /// users share one seat, so use it with a store that they share. The last user who
    /// [deactivates](crate::Guard::deactivate) releases the seat.
    ///
    /// `app_id` is permanent, usually a reverse domain name: another id is another installation with another seat.
    /// Containers made from one image share a machine id, and so do clones of a virtual machine until they get new
    /// ids; use [`from_identity`](Self::from_identity) for them.
    ///
    /// # Errors
    ///
    /// [`GuardError::Installation`] when the operating system has no machine id, or one that many machines share, or
    /// when `app_id` is not valid.
    #[cfg(feature = "machine-id")]
    pub fn of_this_machine(app_id: &str) -> Result<Self> {
        let machine = machine::id()?;
        let installation = Self::from_identity(app_id, &machine)?;
        match machine::user() {
            Some(user) => installation.shared_by(&user),
            None => Ok(installation),
        }
    }

    /// The app `app_id` for the current user of this machine, identified by the operating system's machine id and the
    /// user's home directory. Every user of the machine takes a seat.
    ///
    /// # Errors
    ///
    /// The errors of `of_this_machine`, and [`GuardError::Installation`] when the user has no home directory.
    #[cfg(feature = "machine-id")]
    pub fn of_this_user(app_id: &str) -> Result<Self> {
        let user = machine::user().ok_or_else(|| {
            GuardError::Installation(
                "the user has no home directory; set an identity for the installation".into(),
            )
        })?;
        let identity = Zeroizing::new(format!("{}\n{}", *machine::id()?, *user));
        Self::from_identity(app_id, &identity)
    }

    /// The app `app_id` on whatever `identity` identifies: a volume, a host, a user of a shared server. `identity` is
    /// hashed and never stored.
    ///
    /// # Errors
    ///
    /// [`GuardError::Installation`] when `identity` is blank or a placeholder (`uninitialized`, only zeros, an id
    /// that many machines were shipped with), which would identify many machines as one, or when `app_id` does not
    /// consist of letters, digits, `.`, `-` and `_` starting with a letter or digit.
    pub fn from_identity(app_id: &str, identity: &str) -> Result<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if !app_id.starts_with(|c: char| c.is_ascii_alphanumeric()) || !app_id.chars().all(plain) {
            return Err(GuardError::Installation(
                "the app id has to start with a letter or digit and consist of letters, digits, `.`, `-` and `_`"
                    .into(),
            ));
        }
        let identity = identity.trim();
        if identity.is_empty() {
            return Err(GuardError::Installation("the installation's identity is blank".into()));
        }
        if placeholder::is_placeholder(identity) {
            return Err(GuardError::Installation(
                "the installation's identity is a placeholder that many machines share".into(),
            ));
        }
        Ok(Self {
            app_id: app_id.into(),
            mark: InstallationMark::from_digest(first_six(&*digest(identity, "mark", app_id)?)),
            user: None,
            seal_key: digest(identity, "seal", app_id)?,
        })
    }

    /// The same installation, shared by several users, of which `user` is one. They share one seat, which the last
    /// user who [deactivates](crate::Guard::deactivate) releases. `user` is hashed and never stored.
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

    /// The app id.
    #[must_use]
    pub const fn app_id(&self) -> &str {
        &self.app_id
    }

    /// The mark in the label of this installation's seat.
    #[must_use]
    pub const fn mark(&self) -> InstallationMark {
        self.mark
    }

    /// The current user of a [shared](Self::shared_by) installation; `None` when it is not shared.
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

/// The keyed digest of `identity` for one purpose. The text `anykey 1` and the purposes are part of the format:
/// another text is another installation.
fn digest(identity: &str, purpose: &str, app_id: &str) -> Result<Zeroizing<[u8; 32]>> {
    let hmac = Hmac::<Sha256>::new_from_slice(identity.as_bytes())
        .map_err(|_| GuardError::Installation("the installation's identity cannot be hashed".into()))?;
    let hmac = hmac.chain_update("anykey 1 ").chain_update(purpose).chain_update(b"\0").chain_update(app_id);
    Ok(Zeroizing::new(hmac.finalize().into_bytes().into()))
}

/// Six bytes are enough to distinguish the installations of one key, and short enough for a label.
fn first_six(digest: &[u8; 32]) -> [u8; 6] {
    let [a, b, c, d, e, f, ..] = *digest;
    [a, b, c, d, e, f]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_the_same_in_every_version() {
        let installation = Installation::from_identity("com.example.studio", "machine-1").unwrap();
        assert_eq!(installation.mark().to_string(), "ak-cb0c6042af06");
    }

    #[test]
    fn mark_and_key_differ_and_do_not_reveal_the_machine() {
        let installation = Installation::from_identity("com.example.studio", "machine-1").unwrap();
        let shown = format!("{installation:?}");
        assert!(!shown.contains("machine-1") && !shown.contains("seal_key"), "{shown}");
        assert!(installation.mark() != InstallationMark::from_digest(first_six(installation.seal_key())));
    }

    #[test]
    fn invalid_app_ids_and_blank_identities_are_errors() {
        for app_id in ["", ".", "..", "../x", "a/b", "a\\b", "a b", "é", "-x", "a\0"] {
            assert!(Installation::from_identity(app_id, "machine-1").is_err(), "{app_id:?}");
        }
        for identity in ["", " \n"] {
            assert!(Installation::from_identity("app", identity).is_err());
        }
    }

    #[test]
    fn placeholder_identities_are_errors() {
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
    fn users_of_a_shared_installation_have_one_mark_and_different_user_marks() {
        let machine = Installation::from_identity("app", "machine-1").unwrap();
        let shared = |user| machine.clone().shared_by(user).unwrap();
        assert_eq!(shared("ada").mark(), shared("bob").mark());
        assert_ne!(shared("ada").user(), shared("bob").user());
        assert!(machine.shared_by(" ").is_err());
    }
}

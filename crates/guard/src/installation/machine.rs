//! What identifies this machine and its user, from the operating system.

use directories::BaseDirs;
use zeroize::Zeroizing;

use crate::{GuardError, Result};

/// The operating system's machine id: `/etc/machine-id` (Linux), `IOPlatformUUID` (macOS), `MachineGuid` (Windows).
///
/// # Errors
///
/// `Installation` when there is none, as in some containers.
pub(super) fn id() -> Result<Zeroizing<String>> {
    machine_uid::get().map(Zeroizing::new).map_err(|cause| {
        GuardError::Installation(format!("the operating system has no machine id: {cause}").into())
    })
}

/// The home directory, which identifies the current user on this machine and stays the same when the user is renamed.
/// `None` for a user without one.
pub(super) fn user() -> Option<Zeroizing<String>> {
    let home = BaseDirs::new()?.home_dir().to_string_lossy().into_owned();
    Some(Zeroizing::new(home))
}

//! What identifies this machine and its user, from the operating system.

use directories::BaseDirs;
use zeroize::Zeroizing;

use super::placeholder::is_placeholder;
use crate::{GuardError, Result};

/// The least digits of a machine id; those of illumos have eight, all others 32.
const LEAST_DIGITS: usize = 8;

/// The operating system's machine id: `/etc/machine-id` (Linux), `IOPlatformUUID` (macOS), `MachineGuid` (Windows).
///
/// # Errors
///
/// `Installation` when there is none, as in some containers, and when what is there identifies no machine.
pub(super) fn id() -> Result<Zeroizing<String>> {
    let id = machine_uid::get().map(Zeroizing::new).map_err(|cause| {
        GuardError::Installation(format!("the operating system has no machine id: {cause}").into())
    })?;
    checked(&id)
}

/// The id in lower case, as machine-id(5) writes it.
///
/// # Errors
///
/// `Installation` for an empty id, for a placeholder of an image, and for a text that is no number, such as a host's
/// name.
fn checked(id: &str) -> Result<Zeroizing<String>> {
    let id = Zeroizing::new(id.trim().to_ascii_lowercase());
    let digits = id.bytes().filter(u8::is_ascii_hexdigit).count();
    let is_number = id.bytes().all(|byte| byte.is_ascii_hexdigit() || b"-{}".contains(&byte));
    let fault = match &**id {
        "" => "is empty",
        id if is_placeholder(id) => "is a placeholder that many machines share",
        _ if !is_number || digits < LEAST_DIGITS => "is not one: it has to be a number in hexadecimal",
        _ => return Ok(id),
    };
    let message = format!(
        "the operating system's machine id {fault}; on Linux, remove it and run `systemd-machine-id-setup`, or set an \
         identity for the installation"
    );
    Err(GuardError::Installation(message.into()))
}

/// The home directory, which identifies the current user on this machine and stays the same when the user is renamed.
/// `None` for a user without one.
pub(super) fn user() -> Option<Zeroizing<String>> {
    let home = BaseDirs::new()?.home_dir().to_string_lossy().into_owned();
    Some(Zeroizing::new(home))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_identifies_no_machine_is_an_error() {
        for id in [
            "",
            "\n",
            " \t ",
            "uninitialized",
            "uninitialized\n",
            "UNINITIALIZED",
            "00000000000000000000000000000000",
            "00000000-0000-0000-0000-000000000000",
            "0000000000000000000000000000000",
            "ffffffffffffffffffffffffffffffff",
            "{FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF}",
            "03000200-0400-0500-0006-000700080009",
            "0123456789abcdef0123456789abcdef",
            "localhost",
            "none",
            "unknown",
            "To be filled by O.E.M.",
            "debian",
            "deb",
            "<html>",
            "1f00e6e5f6d0482a9e9c1c0b6f3b1a77\n/root",
        ] {
            assert!(checked(id).is_err(), "{id:?}");
        }
    }

    #[test]
    fn one_machine_has_one_id() {
        for (id, expected) in [
            ("1f00e6e5f6d0482a9e9c1c0b6f3b1a77", "1f00e6e5f6d0482a9e9c1c0b6f3b1a77"),
            ("1F00E6E5F6D0482A9E9C1C0B6F3B1A77\n", "1f00e6e5f6d0482a9e9c1c0b6f3b1a77"),
            // Cut, and one too long: not as systemd writes it, and still of one machine.
            ("1f00e6e5f6d0482a9e9c1c0b6f3b1a7", "1f00e6e5f6d0482a9e9c1c0b6f3b1a7"),
            ("1f00e6e5f6d0482a9e9c1c0b6f3b1a777", "1f00e6e5f6d0482a9e9c1c0b6f3b1a777"),
            ("1F00E6E5-F6D0-482A-9E9C-1C0B6F3B1A77", "1f00e6e5-f6d0-482a-9e9c-1c0b6f3b1a77"),
            ("80c3f1a2", "80c3f1a2"),
        ] {
            assert_eq!(&**checked(id).unwrap(), expected);
        }
    }
}

//! Whether a configuration that was found, and not named, may decide where credentials go.
//!
//! Decided as `git` does for `safe.directory`: the file and every folder above it must belong to this user or to
//! root, and nobody else can write to them. Otherwise anybody who can write to a parent folder could send this user's
//! credentials to a server of their own.

use std::path::Path;

/// Why the file at `path` is not to be trusted; `None` when it is.
#[cfg(unix)]
pub(crate) fn doubt(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;

    let own = own_users();
    let doubt_about = |path: &Path, metadata: std::io::Result<std::fs::Metadata>| {
        let Ok(metadata) = metadata else { return Some(format!("{} cannot be looked at", path.display())) };
        let others_write = metadata.mode() & 0o022 != 0 && !metadata.is_symlink();
        // In a sticky folder such as /tmp nobody can replace what belongs to another.
        let is_sticky = metadata.is_dir() && metadata.mode() & 0o1000 != 0;
        if !own.contains(&metadata.uid()) {
            Some(format!("{} belongs to another user", path.display()))
        } else if others_write && !is_sticky {
            Some(format!("others can write to {}", path.display()))
        } else {
            None
        }
    };
    // The link itself, and what it leads to, with the folders of both.
    let as_found = std::iter::once(doubt_about(path, path.symlink_metadata()));
    let above = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let behind = target.ancestors().map(|path| doubt_about(path, path.metadata()));
    as_found.chain(above.map(|folder| doubt_about(folder, folder.metadata()))).chain(behind).flatten().next()
}

/// This user and root; run by `sudo`, also the user who called it.
#[cfg(unix)]
fn own_users() -> Vec<u32> {
    let user = rustix::process::geteuid().as_raw();
    let caller = std::env::var("SUDO_UID").ok().and_then(|user| user.parse().ok());
    [Some(user), Some(0), caller.filter(|_| user == 0)].into_iter().flatten().collect()
}

/// Where the owner of a file cannot be asked for, the user's home is trusted and nothing else.
#[cfg(not(unix))]
pub(crate) fn doubt(path: &Path) -> Option<String> {
    doubt_outside(directories::BaseDirs::new()?.home_dir(), path)
}

#[cfg(any(test, not(unix)))]
fn doubt_outside(home: &Path, path: &Path) -> Option<String> {
    let home = home.canonicalize();
    let is_at_home = home.is_ok_and(|home| path.canonicalize().is_ok_and(|path| path.starts_with(home)));
    (!is_at_home).then(|| format!("{} is outside of the user's home", path.display()))
}

#[cfg(test)]
mod tests_without_owners {
    use super::*;

    #[test]
    fn only_what_is_in_the_home_is_trusted() {
        let root = tempfile::tempdir().unwrap();
        let (home, other) = (root.path().join("home"), root.path().join("home-of-another"));
        for folder in [&home, &other] {
            std::fs::create_dir(folder).unwrap();
            std::fs::write(folder.join("anykey.toml"), "").unwrap();
        }
        assert_eq!(doubt_outside(&home, &home.join("anykey.toml")), None);
        for path in
            [other.join("anykey.toml"), home.join("../home-of-another/anykey.toml"), home.join("absent")]
        {
            let reason = doubt_outside(&home, &path);
            assert_eq!(reason, Some(format!("{} is outside of the user's home", path.display())));
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn permissions(mode: u32) -> std::fs::Permissions {
        std::fs::Permissions::from_mode(mode)
    }

    #[test]
    fn a_file_is_trusted_while_nobody_else_can_write_it_or_a_folder_above() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/b");
        let file = folder.join("anykey.toml");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&file, "").unwrap();
        std::fs::set_permissions(root.path().join("a"), permissions(0o755)).unwrap();
        std::fs::set_permissions(&folder, permissions(0o755)).unwrap();
        std::fs::set_permissions(&file, permissions(0o644)).unwrap();
        assert_eq!(doubt(&file), None);
        for (path, safe, unsafe_modes) in [
            (file.clone(), 0o644, [0o666, 0o664, 0o622]),
            (folder.clone(), 0o755, [0o777, 0o775, 0o757]),
            (root.path().join("a"), 0o755, [0o777, 0o775, 0o757]),
        ] {
            for unsafe_mode in unsafe_modes {
                std::fs::set_permissions(&path, permissions(unsafe_mode)).unwrap();
                let reason = doubt(&file).unwrap();
                assert_eq!(reason, format!("others can write to {}", path.display()), "{unsafe_mode:o}");
            }
            std::fs::set_permissions(&path, permissions(safe)).unwrap();
        }
        std::fs::set_permissions(&folder, permissions(0o1777)).unwrap();
        assert_eq!(doubt(&file), None, "a sticky folder");
    }

    #[test]
    fn a_link_is_as_good_as_what_it_leads_to() {
        let root = tempfile::tempdir().unwrap();
        let open = root.path().join("open");
        std::fs::create_dir(&open).unwrap();
        std::fs::write(open.join("other.toml"), "").unwrap();
        let link = root.path().join("anykey.toml");
        symlink(open.join("other.toml"), &link).unwrap();
        std::fs::set_permissions(open.join("other.toml"), permissions(0o644)).unwrap();
        std::fs::set_permissions(&open, permissions(0o755)).unwrap();
        assert_eq!(doubt(&link), None);
        std::fs::set_permissions(&open, permissions(0o777)).unwrap();
        assert!(doubt(&link).is_some());
    }

    #[test]
    fn a_file_of_another_user_is_not_trusted() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("anykey.toml");
        std::fs::write(&file, "").unwrap();
        std::fs::set_permissions(&file, permissions(0o644)).unwrap();
        // Only root can give a file away.
        if std::os::unix::fs::chown(&file, Some(65_534), None).is_ok() {
            assert_eq!(doubt(&file), Some(format!("{} belongs to another user", file.display())));
        }
    }
}

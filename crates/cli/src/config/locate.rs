use std::fmt;
use std::path::{Path, PathBuf};

const FILE_NAME: &str = "anykey.toml";

/// Where a configuration comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The file that `--config` or `ANYKEY_CONFIG` names.
    Named(PathBuf),
    /// The `anykey.toml` nearest to the working directory, upwards.
    Upwards(PathBuf),
    /// The one in the user's configuration folder.
    User(PathBuf),
    /// `ANYKEY_PROVIDER` and the variables beside it; there is no file.
    Environment,
}

impl Place {
    /// Looks in the documented order; `None` when there is nothing anywhere.
    pub(crate) fn find(named: Option<&Path>, directory: &Path, user: Option<&Path>) -> Option<Self> {
        let named = named.filter(|path| !path.as_os_str().is_empty());
        let upwards = || {
            let mut candidates = directory.ancestors().map(|directory| directory.join(FILE_NAME));
            candidates.find(|path| path.is_file()).map(Self::Upwards)
        };
        let user = || user.map(|folder| folder.join(FILE_NAME)).filter(|path| path.is_file()).map(Self::User);
        named.map(|path| Self::Named(path.to_owned())).or_else(upwards).or_else(user)
    }

    /// The user's configuration folder for this command; `None` when there is no home.
    pub(crate) fn user_folder() -> Option<PathBuf> {
        directories::ProjectDirs::from("", "", "anykey").map(|folders| folders.config_dir().to_owned())
    }

    /// The file; `None` when there is none.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Named(path) | Self::Upwards(path) | Self::User(path) => Some(path),
            Self::Environment => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(path) => write!(f, "{} (named)", path.display()),
            Self::Upwards(path) => write!(f, "{} (found upwards)", path.display()),
            Self::User(path) => write!(f, "{} (user)", path.display()),
            Self::Environment => f.write_str("the environment variables ANYKEY_…"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_comes_before_nearest_before_the_users_own() {
        let root = tempfile::tempdir().unwrap();
        let project = root.path().join("project");
        let deep = project.join("a/b");
        let user = root.path().join("user");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::create_dir_all(&user).unwrap();
        let find = |named: Option<&Path>| Place::find(named, &deep, Some(&user));

        assert_eq!(find(None), None);
        std::fs::write(user.join(FILE_NAME), "").unwrap();
        assert_eq!(find(None), Some(Place::User(user.join(FILE_NAME))));
        std::fs::write(project.join(FILE_NAME), "").unwrap();
        assert_eq!(find(None), Some(Place::Upwards(project.join(FILE_NAME))));
        std::fs::write(deep.join(FILE_NAME), "").unwrap();
        assert_eq!(find(None), Some(Place::Upwards(deep.join(FILE_NAME))));
        let named = Path::new("elsewhere.toml");
        assert_eq!(find(Some(named)), Some(Place::Named(named.to_owned())));
        assert_eq!(find(Some(Path::new(""))), Some(Place::Upwards(deep.join(FILE_NAME))));
    }
}

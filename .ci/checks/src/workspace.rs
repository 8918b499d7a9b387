use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{Metadata, MetadataCommand, Package};

use crate::Result;

/// The workspace that this package belongs to, with every feature and for every platform.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) metadata: Metadata,
}

impl Workspace {
    pub(crate) fn read() -> Result<Self> {
        let metadata = MetadataCommand::new()
            .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .other_options(["--locked", "--all-features"].map(String::from))
            .exec()?;
        Ok(Self { root: metadata.workspace_root.clone().into(), metadata })
    }

    /// Every package of the workspace.
    pub(crate) fn members(&self) -> Vec<&Package> {
        self.metadata.workspace_packages()
    }

    /// The packages that are published.
    pub(crate) fn published(&self) -> impl Iterator<Item = &Package> {
        self.members().into_iter().filter(|package| is_published(package))
    }

    pub(crate) fn is_published(&self, name: &str) -> bool {
        self.published().any(|package| package.name.as_str() == name)
    }

    /// The folder of a package's pages among the built ones.
    pub(crate) fn page_folder(&self, package: &Package) -> Result<String> {
        let library = package.targets.iter().find(|target| target.is_lib() || target.is_proc_macro());
        let library = library.ok_or_else(|| format!("{} has no library", package.name))?;
        Ok(library.name.replace('-', "_"))
    }

    /// Owner and name of our repository on GitHub.
    pub(crate) fn repository(&self) -> Result<&str> {
        let address = self.published().find_map(|package| package.repository.as_deref());
        let ours = address.and_then(|address| address.strip_prefix("https://github.com/"));
        ours.ok_or_else(|| "no package names our repository on GitHub".into())
    }

    /// The published adapters: one for each vendor.
    pub(crate) fn adapters(&self) -> impl Iterator<Item = &Package> {
        let folder = self.root.join("crates/vendors");
        self.published().filter(move |package| package.manifest_path.as_std_path().starts_with(&folder))
    }

    pub(crate) fn text(&self, path: impl AsRef<Path>) -> Result<String> {
        let path = self.root.join(path);
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()).into())
    }

    /// The names of the crates that a build with these `cargo tree` arguments consists of.
    pub(crate) fn tree(&self, arguments: &[&str]) -> Result<Vec<String>> {
        let output = Command::new("cargo")
            .args(["tree", "--locked", "--prefix", "none", "-e", "normal"])
            .args(arguments)
            .current_dir(&self.root)
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        let text = String::from_utf8(output.stdout)?;
        Ok(text.lines().filter_map(|line| line.split_whitespace().next()).map(String::from).collect())
    }
}

fn is_published(package: &Package) -> bool {
    package.publish.as_ref().is_none_or(|registries| !registries.is_empty())
}

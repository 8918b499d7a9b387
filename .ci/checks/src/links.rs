//! Whether links lead somewhere: those of the built pages, of the built guide, and of the repository's Markdown files.
//!
//! A link to a page or a file is looked up with its anchor, also where it is written as the address of our own
//! repository or of our pages at docs.rs. Of other hosts only the syntax is checked.

mod html;
mod markdown;
mod walk;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::faults::Faults;
use crate::workspace::Workspace;
use walk::Walk;

/// What a page links to, and the anchors on it.
#[derive(Debug, Default)]
struct Page {
    links: Vec<String>,
    anchors: BTreeSet<String>,
    /// Where the source of a built page's item is shown.
    source: Option<String>,
    /// Where a page without content sends its reader.
    moved_to: Option<String>,
}

/// Checks the pages in the folder that the first argument names, the guide in the folder of the second one if there is
/// one, and the Markdown files.
pub(crate) fn check(workspace: &Workspace, arguments: &[String]) -> Result {
    let (folder, guide) = match arguments {
        [folder] => (folder, None),
        [folder, guide] => (folder, Some(workspace.root.join(guide))),
        _ => {
            return Err("usage: anykey-checks links <folder of the built pages> [folder of the guide]".into());
        }
    };
    let mut faults = Faults::default();
    let mut walk = Walk::new(workspace, workspace.root.join(folder))?;
    if let Some(guide) = guide {
        let mut pages = Vec::new();
        find_pages(&guide, &mut pages)?;
        faults.require(!pages.is_empty(), || format!("the guide has no pages in {}", guide.display()));
        for page in pages {
            walk.file(&page, false, &mut faults)?;
        }
    }
    for package in workspace.published() {
        let mut pages = Vec::new();
        find_pages(&walk.built.join(workspace.page_folder(package)?), &mut pages)?;
        faults.require(!pages.is_empty(), || format!("{} has no pages in {folder}", package.name));
        for page in pages {
            walk.page(&page, &mut faults)?;
        }
    }
    let front_pages: BTreeSet<PathBuf> = workspace
        .published()
        .filter_map(|package| Some(package.readme()?.into_std_path_buf()))
        .map(|readme| readme.canonicalize())
        .collect::<std::io::Result<_>>()?;
    for file in markdown_files(&workspace.root)? {
        walk.file(&file, front_pages.contains(&file.canonicalize()?), &mut faults)?;
    }
    println!("{folder}: {walk}");
    Ok(faults)
}

fn find_pages(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            find_pages(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "html") {
            found.push(path);
        }
    }
    Ok(())
}

fn markdown_files(root: &Path) -> Result<Vec<PathBuf>> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "*.md"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let names = String::from_utf8(output.stdout)?;
    Ok(names.lines().map(|name| root.join(name)).filter(|path| path.exists()).collect())
}

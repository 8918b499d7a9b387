//! Whether files of one crate import each other in a circle. Such files can only be understood together.

mod imports;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use petgraph::algo::tarjan_scc;
use petgraph::prelude::DiGraphMap;

use crate::Result;
use crate::faults::Faults;
use crate::workspace::Workspace;
use imports::{ModulePath, imports};

pub(crate) fn check(workspace: &Workspace) -> Result {
    let mut faults = Faults::default();
    let mut files = 0;
    for package in workspace.published() {
        let sources = package.manifest_path.as_std_path().with_file_name("src");
        let mut modules = BTreeMap::new();
        for path in rust_files(&sources)? {
            let text = fs::read_to_string(&path)?;
            let module = module_path(path.strip_prefix(&sources)?);
            let file = syn::parse_file(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            modules.insert(module.clone(), imports(&file, &module));
        }
        files += modules.len();
        for circle in circles(&modules) {
            faults.add(format!("{}: these modules import each other: {}", package.name, circle.join(", ")));
        }
    }
    println!("imports: {files} files");
    Ok(faults)
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}

/// `["keys", "list"]` for `keys/list.rs`; empty for the root of the crate.
fn module_path(file: &Path) -> ModulePath {
    let mut names: ModulePath = file
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if matches!(names.last().map(String::as_str), Some("lib" | "main" | "mod")) {
        names.pop();
    }
    names
}

/// Groups of files that import each other. What a file imports from the root of the crate or from a module around it is
/// no import of another file: such modules pass on what stands elsewhere.
fn circles(modules: &BTreeMap<ModulePath, BTreeSet<ModulePath>>) -> Vec<Vec<String>> {
    let mut graph = DiGraphMap::<&[String], ()>::new();
    for (module, imported) in modules.iter().filter(|(module, _)| !module.is_empty()) {
        for path in imported {
            let file = (1..=path.len()).rev().find_map(|length| modules.get_key_value(path.get(..length)?));
            if let Some((file, _)) = file
                && !module.starts_with(file)
            {
                graph.add_edge(module, file, ());
            }
        }
    }
    tarjan_scc(&graph)
        .into_iter()
        .filter(|group| group.len() > 1)
        .map(|group| group.iter().rev().map(|module| module.join("::")).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles_of(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let modules = files.iter().map(|(path, text)| {
            let module = module_path(Path::new(path));
            let found = imports(&syn::parse_file(text).unwrap(), &module);
            (module, found)
        });
        circles(&modules.collect())
    }

    #[test]
    fn files_that_import_each_other_are_named() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::{self, B};"),
            ("b.rs", "fn f() { super::c::g() }"),
            ("c.rs", "use crate::{a::A, c};"),
        ];
        let mut found = circles_of(&files);
        found.iter_mut().for_each(|circle| circle.sort());
        assert_eq!(found, [["a", "b", "c"]]);
    }

    #[test]
    fn a_module_and_its_parts_are_no_circle() {
        let files = [
            ("lib.rs", "mod list; pub use list::List;"),
            ("list.rs", "mod page; pub use self::page::Page; use crate::Error;"),
            ("list/page.rs", "use super::List; use crate::List;"),
        ];
        assert_eq!(circles_of(&files), Vec::<Vec<String>>::new());
    }
}

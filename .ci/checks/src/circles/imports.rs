use std::collections::BTreeSet;

use syn::visit::{self, Visit};
use syn::{File, ItemMod, ItemUse, Path, UseTree};

/// The names that lead from the root of a crate to a module or an item.
pub(crate) type ModulePath = Vec<String>;

/// What the code of `module` names with a path that begins with `crate`, `self` or `super`.
pub(crate) fn imports(file: &File, module: &ModulePath) -> BTreeSet<ModulePath> {
    let mut imports = Imports { module: module.clone(), found: BTreeSet::new() };
    imports.visit_file(file);
    imports.found
}

struct Imports {
    /// Where the visited code stands.
    module: ModulePath,
    found: BTreeSet<ModulePath>,
}

impl Imports {
    fn add(&mut self, names: &[String]) {
        let Some((first, rest)) = names.split_first() else { return };
        let mut path = match first.as_str() {
            "crate" => ModulePath::new(),
            "self" | "super" => self.module.clone(),
            _ => return,
        };
        if first == "super" {
            path.pop();
        }
        let outer = rest.iter().take_while(|name| *name == "super").count();
        path.truncate(path.len().saturating_sub(outer));
        path.extend(rest.iter().skip(outer).cloned());
        self.found.insert(path);
    }

    fn add_tree(&mut self, before: &[String], tree: &UseTree) {
        let extended = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.add_tree(&extended(&path.ident), &path.tree),
            UseTree::Name(name) if name.ident == "self" => self.add(before),
            UseTree::Name(name) => self.add(&extended(&name.ident)),
            UseTree::Rename(rename) => self.add(&extended(&rename.ident)),
            UseTree::Glob(_) => self.add(before),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(before, tree)),
        }
    }
}

impl<'ast> Visit<'ast> for Imports {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, import: &'ast ItemUse) {
        self.add_tree(&[], &import.tree);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&names);
        visit::visit_path(self, path);
    }
}

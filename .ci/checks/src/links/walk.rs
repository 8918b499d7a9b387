use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use url::Url;

use super::{Page, html, markdown};
use crate::Result;
use crate::faults::Faults;
use crate::workspace::Workspace;

/// Parts of a GitHub repository that are no files.
const SERVICES: [&str; 7] = ["actions", "commits", "compare", "issues", "pulls", "releases", "security"];

/// Modules that macros of other crates write and hide: rustdoc still links to their types.
const HIDDEN: &str = "__";

/// Follows links and counts them.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    workspace: &'a Workspace,
    /// The folder of the built pages.
    pub(super) built: PathBuf,
    /// The names of our libraries.
    libraries: BTreeSet<String>,
    read: HashMap<PathBuf, Page>,
    pages: usize,
    links: usize,
    anchors: usize,
    ours: usize,
    elsewhere: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(workspace: &'a Workspace, built: PathBuf) -> Result<Self> {
        let libraries = workspace.published().map(|package| workspace.page_folder(package));
        Ok(Self {
            workspace,
            built,
            libraries: libraries.collect::<Result<_>>()?,
            read: HashMap::new(),
            pages: 0,
            links: 0,
            anchors: 0,
            ours: 0,
            elsewhere: 0,
        })
    }

    /// Checks the links of a built page, unless the item's source is not ours: then the text is
    /// another crate's, too.
    pub(super) fn page(&mut self, path: &Path, faults: &mut Faults) -> Result<()> {
        let source = self.load(path)?.source.clone().unwrap_or_default();
        let library = source.split('/').skip_while(|folder| *folder != "src").nth(1);
        let is_ours = library.is_some_and(|library| self.libraries.contains(library));
        if !is_ours && path.file_name().is_some_and(|name| name != "all.html") {
            return Ok(());
        }
        self.each(path, faults, |_| None)
    }

    /// Checks the links of a Markdown file. If it is a crate's front page, a relative link is a fault: it leads
    /// nowhere on crates.io or on docs.rs.
    pub(super) fn file(&mut self, path: &Path, is_front_page: bool, faults: &mut Faults) -> Result<()> {
        self.each(path, faults, |link| {
            let relative = is_front_page && Url::parse(link).is_err() && !link.starts_with('#');
            relative.then(|| "it is relative, and the file is also a crate's front page".to_owned())
        })
    }

    fn each(
        &mut self,
        path: &Path,
        faults: &mut Faults,
        forbidden: impl Fn(&str) -> Option<String>,
    ) -> Result<()> {
        self.pages += 1;
        let links = self.load(path)?.links.clone();
        for link in links {
            self.links += 1;
            let fault = match forbidden(&link) {
                Some(fault) => Some(fault),
                None => self.fault(path, &link)?,
            };
            if let Some(fault) = fault {
                let path = path.strip_prefix(&self.workspace.root).unwrap_or(path);
                faults.add(format!("{}: {link}: {fault}", path.display()));
            }
        }
        Ok(())
    }

    /// What is wrong with `link` on the page `from`, if anything.
    fn fault(&mut self, from: &Path, link: &str) -> Result<Option<String>> {
        if link.starts_with(HIDDEN) {
            return Ok(None);
        }
        let base = Url::from_file_path(from).map_err(|()| format!("{} is not absolute", from.display()))?;
        let url = match base.join(link) {
            Ok(url) => url,
            Err(error) => return Ok(Some(error.to_string())),
        };
        match url.scheme() {
            "file" => {
                let path = url.to_file_path().map_err(|()| format!("{url} is no path"))?;
                self.target(&path, url.fragment())
            }
            "http" | "https" => self.remote(&url),
            "mailto" => Ok(None),
            "javascript" => Ok((url.as_str() != "javascript:void(0)").then(|| "it is a script".to_owned())),
            scheme => Ok(Some(format!("nothing is known about {scheme}"))),
        }
    }

    fn remote(&mut self, url: &Url) -> Result<Option<String>> {
        let path = percent_decode_str(url.path()).decode_utf8()?.into_owned();
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let ours = self.workspace.repository()?;
        let ours: Vec<&str> = ours.split('/').collect();
        match (url.host_str().unwrap_or_default(), &*parts) {
            ("", _) => Ok(Some("it names no host".to_owned())),
            ("github.com", [owner, name, rest @ ..]) if [*owner, *name] == *ours => {
                self.ours += 1;
                match rest {
                    [] => Ok(None),
                    ["blob" | "tree" | "raw", "main", file @ ..] => self.in_tree(file, url.fragment()),
                    [service, ..] if SERVICES.contains(service) => Ok(None),
                    _ => {
                        Ok(Some("it is neither a file on main nor another part of the repository".to_owned()))
                    }
                }
            }
            ("raw.githubusercontent.com", [owner, name, "main", file @ ..]) if [*owner, *name] == *ours => {
                self.ours += 1;
                self.in_tree(file, url.fragment())
            }
            ("docs.rs", [package, rest @ ..]) if self.workspace.is_published(package) => {
                self.ours += 1;
                let page = match rest {
                    [] | [_] => return Ok(None),
                    [_, page @ ..] => page.iter().collect::<PathBuf>(),
                };
                self.target(&self.built.join(page), url.fragment())
            }
            ("crates.io" | "docs.rs", [.., package]) if package.starts_with("anykey") => {
                self.ours += 1;
                let known = self.workspace.is_published(package);
                Ok((!known).then(|| format!("no package {package} is published from here")))
            }
            _ => {
                self.elsewhere += 1;
                Ok(None)
            }
        }
    }

    fn in_tree(&mut self, file: &[&str], anchor: Option<&str>) -> Result<Option<String>> {
        let path = file.iter().fold(self.workspace.root.clone(), |path, part| path.join(part));
        self.target(&path, anchor)
    }

    /// Looks a file and an anchor in it up.
    fn target(&mut self, path: &Path, anchor: Option<&str>) -> Result<Option<String>> {
        let index = path.join("index.html");
        let path = if path.starts_with(&self.built) && path.is_dir() { &index } else { path };
        if !path.exists() {
            return Ok(Some("there is no such file".to_owned()));
        }
        let Some(anchor) = anchor.filter(|anchor| !anchor.is_empty()) else { return Ok(None) };
        self.anchors += 1;
        if path.is_dir() {
            return Ok(Some("a folder has no anchors".to_owned()));
        }
        let raw = anchor;
        let anchor = percent_decode_str(raw).decode_utf8()?.into_owned();
        let page = self.load(path)?;
        if let Some(moved_to) = &page.moved_to {
            let moved_to = path.with_file_name(moved_to);
            self.anchors -= 1;
            return self.target(&moved_to, Some(raw));
        }
        // Lines of a source: `#12`, `#12-40`, and at GitHub `#L12-L40`. rustdoc encodes its anchors, too.
        let found = page.anchors.contains(raw)
            || page.anchors.contains(&anchor)
            || anchor.split('-').all(|line| page.anchors.contains(line.trim_start_matches('L')));
        Ok((!found).then(|| "there is no such anchor".to_owned()))
    }

    fn load(&mut self, path: &Path) -> Result<&Page> {
        if !self.read.contains_key(path) {
            let text = self.workspace.text(path)?;
            let page = match path.extension().and_then(|extension| extension.to_str()) {
                Some("html") => html::read(&text),
                Some("md") => markdown::read(&text),
                _ => lines(&text),
            };
            self.read.insert(path.to_owned(), page);
        }
        self.read.get(path).ok_or_else(|| "a page was lost".into())
    }
}

/// Any other file has its lines as anchors.
fn lines(text: &str) -> Page {
    let anchors = (1..=text.lines().count()).map(|line| line.to_string()).collect();
    Page { anchors, ..Page::default() }
}

impl fmt::Display for Walk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pages, links, anchors, ours, elsewhere, .. } = self;
        write!(f, "{links} links on {pages} pages, {anchors} of them with an anchor; ")?;
        write!(f, "{ours} to our repository and packages by address, {elsewhere} to other hosts")
    }
}

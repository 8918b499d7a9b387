//! What each published package carries: both license texts, its own words for the registry, and pages with all of
//! its features.

use std::collections::BTreeMap;

use cargo_metadata::Package;
use cargo_metadata::semver::Version;

use crate::Result;
use crate::faults::Faults;
use crate::workspace::Workspace;

pub(crate) fn check(workspace: &Workspace) -> Result {
    let mut faults = Faults::default();
    let mut descriptions = BTreeMap::new();
    let mut keywords = BTreeMap::new();
    for package in workspace.published() {
        let name = package.name.as_str();
        let mut require = |holds: bool, fault: &str| faults.require(holds, || format!("{name}: {fault}"));
        for text in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let carried = package.manifest_path.with_file_name(text);
            let same = std::fs::read(&carried).ok() == Some(std::fs::read(workspace.root.join(text))?);
            require(same, &format!("{text} is not the workspace's"));
        }
        let pages = format!("https://docs.rs/{name}");
        require(
            package.documentation.as_deref() == Some(pages.as_str()),
            &format!("its documentation is not {pages}"),
        );
        require(package.repository.is_some(), "it names no repository");
        require(package.readme.is_some(), "it has no README");
        require(!package.categories.is_empty(), "it has no category");
        require((1..=5).contains(&package.keywords.len()), "it has no keywords, or more than five");
        require(has_all_features(package), "its pages at docs.rs do not show all features");
        let library = workspace.text(package.manifest_path.with_file_name("src").join("lib.rs"))?;
        require(
            library.contains("#![cfg_attr(docsrs, feature(doc_cfg))]"),
            "its pages do not show which feature an item needs",
        );
        let other = descriptions.insert(package.description.as_deref().unwrap_or_default(), name);
        require(other.is_none(), &format!("its description is that of {}", other.unwrap_or_default()));
        let other = keywords.insert(package.keywords.clone(), name);
        require(other.is_none(), &format!("its keywords are those of {}", other.unwrap_or_default()));
    }
    println!("packages to publish: {}", descriptions.len());
    minimum_rust(workspace, &mut faults)?;
    Ok(faults)
}

fn has_all_features(package: &Package) -> bool {
    let settings = package.metadata.pointer("/docs/rs");
    let arguments = settings.and_then(|settings| settings.get("rustdoc-args")?.as_array());
    let badges = arguments.is_some_and(|arguments| arguments.iter().any(|argument| argument == "docsrs"));
    badges && settings.and_then(|settings| settings.get("all-features")?.as_bool()) == Some(true)
}

/// No package that is built, on any platform, asks for a newer Rust than the one that we declare.
fn minimum_rust(workspace: &Workspace, faults: &mut Faults) -> Result<()> {
    let ours: Version = workspace
        .published()
        .filter_map(|package| package.rust_version.clone())
        .min()
        .ok_or("no package declares its minimum Rust version")?;
    let mut declared = 0;
    for package in &workspace.metadata.packages {
        let Some(version) = &package.rust_version else { continue };
        declared += 1;
        faults.require(version <= &ours, || {
            format!("{} {} needs Rust {version}, we declare {ours}", package.name, package.version)
        });
    }
    println!(
        "minimum Rust {ours}: {declared} of {} packages declare theirs",
        workspace.metadata.packages.len()
    );
    Ok(())
}

use std::fs::DirBuilder;
use std::path::PathBuf;

/// The folder in which the processes of this user share the vendors' rate limits, created for its user alone; `None`
/// when there is no home, or nothing can be written there. Each process then keeps them alone.
pub(crate) fn pacing_folder() -> Option<PathBuf> {
    let folder = directories::ProjectDirs::from("", "", "anykey")?.cache_dir().join("pacing");
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(&folder).ok()?;
    Some(folder)
}

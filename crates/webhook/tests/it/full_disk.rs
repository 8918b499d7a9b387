//! A temporarily full disk: a small file system that the test mounts.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anykey_webhook::sqlx::sqlite::SqliteJournalMode;
use tempfile::TempDir;

use crate::sqlite_faults::App;

/// If set, the test fails instead of being skipped when it cannot mount a file system.
const REQUIRED: &str = "ANYKEY_REQUIRE_ROOT_TESTS";

struct SmallDisk(TempDir);

impl SmallDisk {
    /// `None` when this process is not allowed to mount file systems.
    fn mount() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "anykey-test"])
            .arg(folder.path())
            .output();
        mount.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills the disk, and returns the file to remove.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("fill");
        let mut file = std::fs::File::create(&path).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[tokio::test]
async fn deliveries_are_errors_while_the_disk_is_full() {
    for journal in [SqliteJournalMode::Wal, SqliteJournalMode::Delete] {
        for connections in [1, 2, 3] {
            let Some(disk) = SmallDisk::mount() else {
                assert!(
                    std::env::var_os(REQUIRED).is_none(),
                    "{REQUIRED} is set, but nothing can be mounted"
                );
                eprintln!("skipped: mounting a file system needs root");
                return;
            };
            let mut app = App::open(disk.path(), journal, connections).await;
            assert_eq!(app.deliver(10).await, 10);
            let fill = disk.fill();
            assert!(app.deliver(10).await < 10, "{journal:?}, {connections} connections: the disk is full");
            std::fs::remove_file(fill).unwrap();
            assert_eq!(app.deliver(20).await, 20, "{journal:?}, {connections} connections");
            app.assert_stored().await;
        }
    }
}

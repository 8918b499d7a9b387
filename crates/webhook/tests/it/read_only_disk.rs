//! A disk that becomes read-only while the database is open, as after an error of the disk: a file system in a file,
//! which the test mounts.

use std::path::{Path, PathBuf};
use std::process::Command;

use anykey_webhook::sqlx::sqlite::SqliteJournalMode;
use tempfile::TempDir;

use crate::sqlite_faults::App;

struct Disk(TempDir);

impl Disk {
    /// `None` when this process is not allowed to mount file systems, or there is no loop device.
    fn new() -> Option<Self> {
        let disk = Self(TempDir::new().unwrap());
        std::fs::File::create(disk.image()).unwrap().set_len(8 << 20).unwrap();
        std::fs::create_dir(disk.path()).unwrap();
        let made = run("mkfs.ext4", &["-q", "-F", "-O", "^has_journal"], &[&disk.image()]);
        (made && disk.mount()).then_some(disk)
    }

    fn image(&self) -> PathBuf {
        self.0.path().join("image")
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("disk")
    }

    fn mount(&self) -> bool {
        run("mount", &["-o", "loop"], &[&self.image(), &self.path()])
    }

    fn unmount(&self) -> bool {
        run("umount", &[], &[&self.path()])
    }

    /// Makes it read-only, whatever is open on it.
    fn fail(&self) {
        assert!(run("mount", &["-o", "remount,abort"], &[&self.path()]));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.unmount();
    }
}

/// Whether the program exists and succeeded.
fn run(program: &str, options: &[&str], paths: &[&Path]) -> bool {
    Command::new(program).args(options).args(paths).output().is_ok_and(|output| output.status.success())
}

#[tokio::test]
async fn deliveries_are_errors_while_the_disk_is_read_only() {
    for journal in [SqliteJournalMode::Wal, SqliteJournalMode::Delete] {
        for connections in [1, 3] {
            let Some(disk) = Disk::new() else {
                eprintln!("skipped: mounting a file system needs root and a loop device");
                return;
            };
            let mut app = App::open(&disk.path(), journal, connections).await;
            assert_eq!(app.deliver(10).await, 10);
            disk.fail();
            assert_eq!(app.deliver(10).await, 0, "{journal:?}, {connections} connections");
            app.close().await;
            assert!(disk.unmount() && disk.mount(), "the disk is repaired");
            app.assert_stored().await;
        }
    }
}

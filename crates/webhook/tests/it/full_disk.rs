//! A temporarily full disk.

use anykey_test_servers::SmallDisk;
use anykey_webhook::sqlx::sqlite::SqliteJournalMode;

use crate::sqlite_faults::App;

#[tokio::test]
async fn deliveries_are_errors_while_the_disk_is_full() {
    for journal in [SqliteJournalMode::Wal, SqliteJournalMode::Delete] {
        for connections in [1, 2, 3] {
            let Some(disk) = SmallDisk::mount(2) else { return };
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

//! A server whose disk is full for a while.

use anykey_test_servers::{PostgresServer, SmallDisk};
use anykey_webhook::sqlx::Executor as _;

use crate::store::{LONG, database, is_stored, open, pool, seen};

#[tokio::test]
async fn what_a_full_disk_does_not_store_is_no_success_and_is_stored_later() {
    let Some(disk) = SmallDisk::mount(128) else { return };
    let Some(mut server) = PostgresServer::start_in(disk.path()) else { return };
    let url = database(&server).await;
    let (deliveries, admin) = (open(&url).await, pool(&url).await);
    let mut number = 1;
    assert!(is_stored(&deliveries, number, LONG).await);

    let fill = disk.fill();
    // The last page of each table has some room.
    while is_stored(&deliveries, number, LONG).await {
        number += 1;
        assert!(number < 2_000, "the disk is full");
    }
    assert!(!is_stored(&deliveries, number, LONG).await, "no table can grow");
    assert_eq!(seen(&admin).await, (number - 1, number - 1), "what was answered with success");
    std::fs::remove_file(fill).unwrap();
    assert!(is_stored(&deliveries, number, LONG).await, "the same server stores again");

    let fill = disk.fill();
    // Its log needs another file, without which it ends.
    admin.execute("SELECT pg_switch_wal()").await.unwrap();
    assert!(!is_stored(&deliveries, number + 1, LONG).await, "the log cannot grow");
    std::fs::remove_file(fill).unwrap();
    server.restart();
    while !is_stored(&deliveries, number + 1, LONG).await {}
    assert_eq!(
        seen(&pool(&url).await).await,
        (number + 1, number + 1),
        "none is lost, none is applied twice"
    );
}

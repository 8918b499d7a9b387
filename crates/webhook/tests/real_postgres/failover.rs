//! A primary whose machine is lost, and a standby that takes its place.

use std::thread;
use std::time::Duration;

use anykey_test_deliveries::event;
use anykey_test_servers::{PostgresServer, Proxy};
use anykey_webhook::Claim;
use anykey_webhook::sqlx::{self, Executor as _, PgPool};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::timeout;

use crate::receiver::Receiver;
use crate::store::{apply, database, open, pool, seen};

/// How many are answered before the primary is lost, and after.
const DELIVERIES: usize = 50;

/// Lets commits wait for the standby.
async fn make_synchronous(primary: &PgPool) {
    for statement in ["ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"] {
        primary.execute(statement).await.unwrap();
    }
    let waits = "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(primary).await.unwrap() {}
}

/// Delivers one after the other, each until it is answered with success, for as long as somebody listens; returns how
/// many.
fn deliver(mut receiver: Receiver, answered: &UnboundedSender<usize>) -> usize {
    let is_last = |number: &usize| {
        while receiver.deliver(*number).expect("it runs") != 200 {}
        answered.send(*number).is_err()
    };
    (1..).find(is_last).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_synchronous_standby_that_takes_over_has_each_delivery_once() {
    let Some(mut primary) = PostgresServer::start() else { return };
    let url = database(&primary).await;
    let name = url.rsplit('/').next().unwrap();
    let standby = primary.start_standby();
    let on_primary = open(&url).await;
    make_synchronous(&pool(&url).await).await;
    let proxy = Proxy::to(primary.port()).await;
    let (mut process, receiver) = Receiver::start(&primary.url_at(proxy.port(), name));
    let (answered, mut answers) = unbounded_channel();
    let vendor = thread::spawn(move || deliver(receiver, &answered));
    for _ in 0..DELIVERIES {
        answers.recv().await.unwrap();
    }

    standby.pause();
    let mut last = DELIVERIES;
    while let Ok(number) = answers.try_recv() {
        last = number;
    }
    let before = last;
    let listen = async {
        while let Some(number) = answers.recv().await {
            last = number;
        }
    };
    let _silence = timeout(Duration::from_millis(200), listen).await;
    // The answer to one was on its way.
    assert!(last <= before + 1, "what the standby lacks is no success");
    let under_way = event("acme", &format!("msg_{}", last + 1));
    let mut again = Claim::New;
    while again != Claim::InProgress {
        again = apply(&on_primary, &under_way, false).await.unwrap();
        assert_ne!(again, Claim::Done, "nor on the vendor's next attempt");
    }
    primary.kill();
    standby.resume();
    let promoted = pool(&standby.url(name)).await;
    promoted.execute("SELECT pg_promote()").await.unwrap();
    proxy.lead_to(standby.port());
    for _ in 0..DELIVERIES {
        answers.recv().await.unwrap();
    }

    drop(answers);
    let delivered = vendor.join().unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    let deliveries = open(&standby.url(name)).await;
    for number in 1..=delivered {
        let again = apply(&deliveries, &event("acme", &format!("msg_{number}")), true).await;
        assert_eq!(again.unwrap(), Claim::Done, "delivery {number} was answered with success");
    }
    let delivered = i64::try_from(delivered).unwrap();
    assert_eq!(seen(&promoted).await, (delivered, delivered), "none is lost, none is applied twice");
}

//! Receivers that are killed while they apply deliveries.

use std::collections::VecDeque;
use std::process::Child;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread;

use anykey_test_servers::PostgresServer;
use anykey_webhook::sqlx::Executor as _;

use crate::receiver::Receiver;
use crate::store::{database, open, pool, seen};

const RECEIVERS: usize = 4;

/// One receiver in so many deliveries is killed.
const KILLED_EVERY: usize = 50;

/// The four receivers, and a vendor that delivers until each delivery is answered with success.
struct Vendor {
    url: String,
    waiting: Mutex<VecDeque<usize>>,
    deliveries: usize,
    answered: AtomicUsize,
    killed: AtomicUsize,
    processes: [Mutex<Option<Child>>; RECEIVERS],
}

impl Vendor {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<usize>> {
        self.waiting.lock().unwrap()
    }

    /// Delivers to one receiver, which is started again whenever it was killed.
    fn deliver_to(&self, number: usize) {
        while self.answered.load(Ordering::SeqCst) < self.deliveries {
            let (process, mut receiver) = Receiver::start(&self.url);
            *self.processes[number].lock().unwrap() = Some(process);
            while self.answered.load(Ordering::SeqCst) < self.deliveries {
                let Some(delivery) = self.waiting().pop_front() else {
                    thread::yield_now();
                    continue;
                };
                let status = receiver.deliver(delivery);
                if status == Some(200) {
                    self.count();
                    continue;
                }
                self.waiting().push_back(delivery);
                if status.is_none() {
                    break;
                }
            }
            if let Some(mut process) = self.processes[number].lock().unwrap().take() {
                let _may_have_ended = process.kill();
                process.wait().unwrap();
            }
        }
    }

    /// Counts an answered delivery, and kills another receiver now and then.
    fn count(&self) {
        let answered = self.answered.fetch_add(1, Ordering::SeqCst) + 1;
        if answered.is_multiple_of(KILLED_EVERY) {
            let victim = &self.processes[(answered / KILLED_EVERY) % RECEIVERS];
            if let Some(process) = &mut *victim.lock().unwrap() {
                process.kill().unwrap();
                self.killed.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
}

/// `ANYKEY_DELIVERIES=10000` for the long form.
#[tokio::test]
async fn each_delivery_is_applied_once_by_processes_that_are_killed() {
    let Some(server) = PostgresServer::shared() else { return };
    let number = std::env::var("ANYKEY_DELIVERIES").ok();
    let deliveries: usize = number.map_or(1_000, |number| number.parse().unwrap());
    let url = database(&server).await;
    open(&url).await;
    let pool = pool(&url).await;
    // A transaction takes a while, so that most are killed within one.
    let slow = "CREATE FUNCTION wait() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(0.002); RETURN NEW; END $$ \
                LANGUAGE plpgsql; CREATE TRIGGER wait AFTER INSERT ON seen FOR EACH ROW EXECUTE FUNCTION wait()";
    pool.execute(slow).await.unwrap();
    // Each is delivered twice.
    let waiting = (0..deliveries).chain(0..deliveries).collect();
    let vendor = Vendor {
        url,
        waiting: Mutex::new(waiting),
        deliveries: 2 * deliveries,
        answered: AtomicUsize::new(0),
        killed: AtomicUsize::new(0),
        processes: Default::default(),
    };
    thread::scope(|scope| {
        let vendor = &vendor;
        (0..RECEIVERS).for_each(|number| drop(scope.spawn(move || vendor.deliver_to(number))));
    });
    let killed = vendor.killed.load(Ordering::SeqCst);
    assert!(killed >= deliveries / KILLED_EVERY, "only {killed} were killed");
    eprintln!("{deliveries} deliveries, {killed} receivers killed");
    let all = i64::try_from(deliveries).unwrap();
    assert_eq!(seen(&pool).await, (all, all), "each is applied, and none twice");
}

//! Two simulated vendors tell the receiver of ten thousand changes, on a bad network and through crashes.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod dodo_shop;
mod network;
mod polar_shop;
mod process;
mod random;
mod shop;
mod table;

use std::time::Instant;

use anykey::SignedDuration;

use crate::network::Network;
use crate::process::Receiver;
use crate::shop::Shop;

/// How many changes each vendor makes.
const CHANGES: usize = 2_700;
/// How many changes happen between two rounds of deliveries.
const CHANGES_A_ROUND: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_is_applied_twice() {
    let started = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let mut shop = Shop::open(folder.path()).await;
    let receiver = Receiver::start(folder.path(), &shop.config, shop.clock.now()).await;
    let mut network = Network::new(receiver);

    for round in 0..CHANGES / CHANGES_A_ROUND {
        for _ in 0..CHANGES_A_ROUND {
            shop.change().await;
        }
        network.kills_midway = round % 200 == 150;
        network.dies_unanswered = round % 200 == 50;
        network.deliver(&shop, 96, true).await;
    }
    while let Some(at) = shop.next_delivery_at() {
        shop.clock.set(at.max(shop.clock.now()) + SignedDuration::from_secs(2));
        network.deliver(&shop, usize::MAX, false).await;
    }

    let figures = &network.figures;
    let tally = network.tally();
    println!("{} changes, {tally:?}, {figures:?}, {:?}", 2 * CHANGES, started.elapsed());
    assert_eq!(shop.undelivered(), 0);
    assert_eq!(figures.given_up, 0, "the vendor gave a message up: {figures:?}");
    assert!(tally.events >= 10_000 && tally.duplicates > 1_000, "{tally:?}");
    assert!(tally.unreadable > 10 && tally.ignored > 10, "{tally:?}");
    assert!(figures.overtaken > 50 && figures.lost_answers > 100, "{figures:?}");
    let deaths = [figures.deaths_at_commit, figures.deaths_unanswered, figures.kills];
    assert!(deaths.iter().all(|deaths| *deaths >= 3), "{figures:?}");

    let written = table::open(folder.path()).await;
    assert_eq!(written.events().await, network.applied(), "each delivery is applied once");
    assert_eq!(written.unreadable().await, network.unreadable(), "each unreadable delivery is kept once");
    let truth = shop.truth().await;
    println!("{} keys", truth.len());
    table::assert_same(&written.keys().await, &truth);
    table::assert_same(&written.deliveries_by_key().await, &network.deliveries_by_key());
    let instants = written.instants().await;
    let aged: Vec<_> = network.youngest().iter().filter(|(name, told)| instants[*name] < **told).collect();
    assert!(aged.is_empty(), "{aged:?}");
}

/// No test: the process that the test above starts, and that dies.
#[test]
#[ignore = "started by the other test"]
fn receiver_process() {
    process::serve();
}

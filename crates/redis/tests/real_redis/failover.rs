//! A replica that takes over, behind an address that follows the primary.

use anykey_core::LicenseProviderExt as _;
use anykey_test_deliveries::{event, minute};
use anykey_test_servers::{Proxy, RedisServer};
use anykey_webhook::{Claim, Deliveries as _};

use crate::deliveries::store;
use crate::pacing::{limit, number};
use crate::pacing_faults::at_once;
use crate::support::{Vendor, cache, clock, connect, is_valid, until};

/// How far the data of a server has come.
fn offset(server: &RedisServer) -> Option<String> {
    let replication = server.command(&["INFO", "replication"]);
    let mut lines = replication.lines();
    lines.find(|line| line.starts_with("master_repl_offset:")).map(str::to_owned)
}

#[tokio::test]
async fn a_replica_that_takes_over_has_the_budget_and_the_deliveries_and_refuses_nobody() {
    let Some(mut primary) = RedisServer::start() else { return };
    let Some(replica) = RedisServer::start() else { return };
    primary.command(&["CONFIG", "SET", "repl-diskless-sync-delay", "0"]);
    replica.command(&["REPLICAOF", "127.0.0.1", &primary.port().to_string()]);
    until(async || replica.command(&["INFO", "replication"]).contains("master_link_status:up")).await;
    let proxy = Proxy::to(primary.port()).await;
    let url = format!("redis://127.0.0.1:{}", proxy.port());

    let pacer = |limits: &[_]| connect(&url).pacer("acme", &anykey_http::Pacer::new(limits), number(2));
    let limits = [limit(8, 4_000)];
    let turns = [pacer(&limits).acquire().await, pacer(&limits).acquire().await];
    let store = store(&url);
    let one = event("acme", "msg_1");
    assert_eq!(store.claim(&one, minute(0)).await.unwrap(), Claim::New);
    store.finish(&one, minute(0)).await.unwrap();
    let clock = clock();
    let vendor = Vendor::new(&clock, std::time::Duration::ZERO);
    let fleet = [cache(&url, &vendor, &clock), cache(&url, &vendor, &clock)];
    assert!(is_valid(&fleet[0]).await && is_valid(&fleet[1]).await);

    until(async || offset(&primary) == offset(&replica)).await;
    primary.stop();
    assert_eq!(replica.command(&["REPLICAOF", "NO", "ONE"]), "+OK");
    proxy.lead_to(replica.port());

    assert!(is_valid(&fleet[0]).await && is_valid(&fleet[1]).await, "nobody is refused");
    let mut claim = store.claim(&one, minute(1)).await;
    while claim.is_err() {
        claim = store.claim(&one, minute(1)).await;
    }
    assert_eq!(claim.unwrap(), Claim::Done, "it was applied before");
    assert_eq!(at_once(&pacer(&limits)).await, 6, "two of eight are under way");
    drop(turns);
    let key = vendor.key().await;
    fleet[0].disable(&key.id).await.unwrap();
    until(async || !is_valid(&fleet[1]).await).await;
}

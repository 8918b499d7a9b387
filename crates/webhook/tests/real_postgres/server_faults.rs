//! A server that crashes, stops answering or cannot be reached.

use anykey_test_servers::{PostgresServer, Proxy};

use crate::store::{LONG, SHORT, database, is_stored, open, pool, seen};

#[tokio::test]
async fn nothing_is_lost_when_the_server_crashes_stops_answering_or_is_cut_off() {
    let Some(mut server) = PostgresServer::start() else { return };
    let url = database(&server).await;
    let proxy = Proxy::to(server.port()).await;
    let behind = url.replace(&format!(":{}/", server.port()), &format!(":{}/", proxy.port()));
    let deliveries = open(&behind).await;
    assert!(is_stored(&deliveries, 1, LONG).await);
    server.restart();
    // The pool's connections are gone; the vendor delivers again.
    while !is_stored(&deliveries, 2, LONG).await {}
    proxy.cut();
    assert!(!is_stored(&deliveries, 3, SHORT).await, "no answer is no success");
    proxy.mend();
    while !is_stored(&deliveries, 4, LONG).await {}
    while !is_stored(&deliveries, 3, LONG).await {}
    server.pause();
    assert!(!is_stored(&deliveries, 5, SHORT).await, "no answer is no success");
    server.resume();
    while !is_stored(&deliveries, 5, LONG).await {}
    assert_eq!(seen(&pool(&url).await).await, (5, 5), "none is lost, none is applied twice");
}

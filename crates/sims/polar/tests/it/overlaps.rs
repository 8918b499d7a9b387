//! Requests that are sent together.

use anykey_polar_sim::Environment;
use futures_util::FutureExt;
use futures_util::future::join_all;

use super::*;

/// The statuses of requests that are all sent before any of them is answered.
fn together(shop: &Shop, requests: impl IntoIterator<Item = Request<Bytes>>) -> Vec<u16> {
    let sent = requests.into_iter().map(|request| shop.sim.send(request));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers = runtime.block_on(join_all(sent));
    answers.into_iter().map(|answer| answer.unwrap().status().as_u16()).collect()
}

fn list(token: &str) -> Request<Bytes> {
    Request::get(format!("https://api.polar.sh{MANAGEMENT}/"))
        .header("authorization", format!("Bearer {token}"))
        .body(Bytes::new())
        .unwrap()
}

#[test]
fn a_token_that_was_not_seen_lately_has_the_smaller_budget() {
    let shop = Shop::with(|builder| builder.environment(Environment::Production));
    let hundred = |shop: &Shop| together(shop, (0..100).map(|_| list(&shop.token)));
    let refused = |statuses: &[u16]| statuses.iter().filter(|status| **status == 429).count();
    assert_eq!(refused(&hundred(&shop)), 40, "nothing is known of the token");
    assert_eq!(refused(&hundred(&shop)), 0, "the organization's own budget");
    shop.wait(301);
    assert_eq!(refused(&hundred(&shop)), 40, "it is forgotten after five minutes");
    shop.wait(60);
    let first = together(&shop, [list(&shop.token)]);
    assert_eq!((first, refused(&hundred(&shop))), (vec![200], 0), "one first, then the rest");
}

#[test]
fn every_deactivation_that_is_under_way_frees_the_seat() {
    let shop = Shop::new();
    let key = shop.sell(devices(3)).key;
    let id = shop.activate(&key, "");
    let organization = shop.sim.organization_id();
    let body = format!(r#"{{"key":"{key}","organization_id":"{organization}","activation_id":"{id}"}}"#);
    let deactivate = || {
        Request::post(format!("https://api.polar.sh{DEVICE}/deactivate"))
            .header("content-type", "application/json")
            .header("content-length", body.len())
            .body(body.clone().into())
            .unwrap()
    };
    assert_eq!(together(&shop, [(); 3].map(|()| deactivate())), [204, 204, 204]);
    assert_eq!(together(&shop, [deactivate()]), [404]);
}

#[test]
fn a_request_waits_for_those_that_are_sent_with_it_and_for_nothing_else() {
    let shop = Shop::new();
    let mut sent = shop.sim.send(list(&shop.token));
    assert!((&mut sent).now_or_never().is_none());
    assert_eq!(sent.now_or_never().unwrap().unwrap().status(), 200);
}

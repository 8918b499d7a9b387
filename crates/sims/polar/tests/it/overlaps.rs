//! Concurrent requests.

use anykey_polar_sim::Environment;
use futures_util::FutureExt;
use futures_util::future::join_all;

use super::*;

/// Sends requests concurrently, and returns the statuses of their answers.
fn together(seller: &Seller, requests: impl IntoIterator<Item = Request<Bytes>>) -> Vec<u16> {
    let sent = requests.into_iter().map(|request| seller.sim.send(request));
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
fn a_token_that_was_not_used_recently_has_a_lower_limit() {
    let seller = Seller::with(|builder| builder.environment(Environment::Production));
    let hundred = |seller: &Seller| together(seller, (0..100).map(|_| list(&seller.token)));
    let refused = |statuses: &[u16]| statuses.iter().filter(|status| **status == 429).count();
    assert_eq!(refused(&hundred(&seller)), 40, "the token is unknown");
    assert_eq!(refused(&hundred(&seller)), 0, "the organization's own budget");
    seller.wait(301);
    assert_eq!(refused(&hundred(&seller)), 40, "it is forgotten after five minutes");
    seller.wait(60);
    let first = together(&seller, [list(&seller.token)]);
    assert_eq!((first, refused(&hundred(&seller))), (vec![200], 0), "one request first, then the others");
}

#[test]
fn all_concurrent_deactivations_succeed() {
    let seller = Seller::new();
    let key = seller.sell(devices(3)).key;
    let id = seller.activate(&key, "");
    let organization = seller.sim.organization_id();
    let body = format!(r#"{{"key":"{key}","organization_id":"{organization}","activation_id":"{id}"}}"#);
    let deactivate = || {
        Request::post(format!("https://api.polar.sh{DEVICE}/deactivate"))
            .header("content-type", "application/json")
            .header("content-length", body.len())
            .body(body.clone().into())
            .unwrap()
    };
    assert_eq!(together(&seller, [(); 3].map(|()| deactivate())), [204, 204, 204]);
    assert_eq!(together(&seller, [deactivate()]), [404]);
}

#[test]
fn a_request_waits_only_for_concurrent_requests() {
    let seller = Seller::new();
    let mut sent = seller.sim.send(list(&seller.token));
    assert!((&mut sent).now_or_never().is_none());
    assert_eq!(sent.now_or_never().unwrap().unwrap().status(), 200);
}

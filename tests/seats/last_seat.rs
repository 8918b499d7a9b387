//! Many machines at once, one seat.

use std::sync::Arc;

use anykey::{ActivateRequest, RefusalReason};
use anykey_testkit::LoopbackServer;
use futures_util::future::join_all;

use crate::vendor::Vendor;

const MACHINES: usize = 24;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_one_wins_the_last_seat() {
    for vendor in [Vendor::Dodo, Vendor::Polar] {
        for free in [1, 3] {
            let shop = vendor.shop(1, free);
            let (key, code) = shop.keys[0].clone();
            let device = shop.device(shop.transport.clone());
            let race = (0..MACHINES).map(|number| {
                let (device, code) = (device.clone(), code.clone());
                tokio::spawn(async move {
                    device.activate(ActivateRequest::new(code, format!("[ak-{number:012x}]"))).await
                })
            });
            let mut won = 0;
            for answer in join_all(race).await {
                match answer.unwrap() {
                    Ok(_) => won += 1,
                    Err(error) => {
                        let reason = error.refusal().map(|refusal| refusal.reason);
                        assert_eq!(
                            reason,
                            Some(RefusalReason::ActivationLimitReached),
                            "{vendor:?}: {error:?}"
                        );
                    }
                }
            }
            assert_eq!(won, usize::try_from(free).unwrap(), "{vendor:?}");
            assert_eq!(shop.marks(&key).await.len(), won, "{vendor:?}");
        }
    }
    println!("the last seat: {MACHINES} machines at once, 2 vendors, 1 and 3 free seats");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_simulator_behind_a_socket_gives_the_last_seat_once() {
    for vendor in [Vendor::Dodo, Vendor::Polar] {
        let shop = vendor.shop(1, 1);
        let server = LoopbackServer::start(shop.transport.clone()).await.unwrap();
        let (method, path) = match vendor {
            Vendor::Dodo => ("POST", "/licenses/activate"),
            Vendor::Polar => ("POST", "/v1/customer-portal/license-keys/activate"),
        };
        let transport = Arc::new(anykey_http::ReqwestTransport::default());
        let body = match vendor {
            Vendor::Dodo => {
                serde_json::json!({ "license_key": shop.keys[0].1.expose(), "name": "[ak-000000000001]" })
            }
            Vendor::Polar => serde_json::json!({
                "key": shop.keys[0].1.expose(), "organization_id": shop.organization(), "label": "[ak-000000000001]"
            }),
        };
        let race = (0..8).map(|_| {
            let request = http::Request::builder()
                .method(method)
                .uri(format!("{}{path}", server.url()))
                .header("content-type", "application/json")
                .body(body.to_string().into())
                .unwrap();
            let transport = transport.clone();
            async move { anykey_http::HttpTransport::send(&*transport, request).await.unwrap().status() }
        });
        let won = join_all(race).await.into_iter().filter(|status| status.is_success()).count();
        assert_eq!((won, shop.marks(&shop.keys[0].0).await.len()), (1, 1), "{vendor:?}");
    }
}

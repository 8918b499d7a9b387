//! Many machines at once, one seat.

use std::sync::Arc;

use anykey::{ActivateRequest, RefusalReason};
use anykey_http::ReqwestTransport;
use anykey_testkit::LoopbackServer;
use anykey_tests::simulators_with_seats;
use futures_util::future::join_all;

use super::seller::Seller;

const MACHINES: usize = 24;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_one_wins_the_last_seat() {
    for simulator in simulators_with_seats() {
        for free in [1, 3] {
            let seller = Seller::at(simulator, 1, free);
            let (key, code) = seller.keys[0].clone();
            let device = seller.device(seller.transport.clone());
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
                            "{simulator:?}: {error:?}"
                        );
                    }
                }
            }
            assert_eq!(won, usize::try_from(free).unwrap(), "{simulator:?}");
            assert_eq!(seller.marks(&key).len(), won, "{simulator:?}");
        }
    }
    println!("the last seat: {MACHINES} machines at once, 1 and 3 free seats");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_simulator_behind_a_socket_gives_the_last_seat_once() {
    for simulator in simulators_with_seats() {
        let seller = Seller::at(simulator, 1, 1);
        let (key, code) = seller.keys[0].clone();
        let server = LoopbackServer::start(seller.transport.clone()).await.unwrap();
        let device = seller.simulation.device_plane().field("base_url", server.url());
        let device = seller.simulation.provider_on(&device, Arc::new(ReqwestTransport::default()));
        let race = (0..8).map(|_| device.activate(ActivateRequest::new(code.clone(), "[ak-000000000001]")));
        let won = join_all(race).await.into_iter().filter(Result::is_ok).count();
        assert_eq!((won, seller.marks(&key).len()), (1, 1), "{simulator:?}");
    }
}

//! Both transports carry the same application over a socket, and tell the same when nobody is there.

use std::sync::Arc;

use anykey::sim::{IssueSpec, IssuedKey};
use anykey::{
    ActivateRequest, Capability, DeactivateRequest, ErrorKind, KeyCode, LicenseProvider, LicenseProviderExt,
    RefusalReason, ValidateRequest,
};
use anykey_http::{HttpTransport, HyperTransport, ReqwestTransport};
use anykey_testkit::LoopbackServer;
use anykey_tests::{Simulation, simulations};
use futures_util::TryStreamExt;

const KEYS: usize = 230;

fn transports() -> [Arc<dyn HttpTransport>; 2] {
    [Arc::new(ReqwestTransport::default()), Arc::new(HyperTransport::default())]
}

/// What an app sees of a vendor: the keys' ids in order, and the words of every refusal.
async fn story(provider: &dyn LicenseProvider, sold: &IssuedKey) -> (Vec<String>, Vec<RefusalReason>) {
    let keys = provider.keys(Simulation::listing(provider, sold).page_size(100)).prefetch(4);
    let ids = keys.map_ok(|key| key.id.to_string()).try_collect().await.unwrap();
    let code = sold.code.clone();
    let mut nobody = ValidateRequest::new(KeyCode::parse("no-such-key").unwrap());
    if !provider.capabilities().contains(Capability::Activate) {
        let unknown = provider.validate(nobody).await.unwrap();
        return (ids, vec![unknown.refusal().unwrap().reason]);
    }
    let seat = provider.activate(ActivateRequest::new(code.clone(), "laptop")).await.unwrap();
    let on_seat = ValidateRequest::new(code.clone()).activation(seat.id.clone());
    assert!(provider.validate(on_seat.clone()).await.unwrap().is_valid());
    nobody = nobody.activation(seat.id.clone());
    let give_back = DeactivateRequest::new(code, seat.id);
    provider.deactivate(give_back.clone()).await.unwrap();
    let again = provider.deactivate(give_back).await;
    let stale = provider.validate(on_seat).await.unwrap();
    let unknown = provider.validate(nobody).await.unwrap();
    // Some vendors say that the seat was given back before, which is a success.
    let again = again.err().map(|error| error.refusal().unwrap().reason);
    let refused = [stale, unknown].map(|answer| answer.refusal().unwrap().reason);
    (ids, again.into_iter().chain(refused).collect())
}

#[tokio::test]
async fn every_vendor_is_the_same_over_both() {
    for simulation in simulations() {
        let keys: Vec<_> = (0..KEYS).map(|_| simulation.issue(IssueSpec::new())).collect();
        let server = LoopbackServer::start(simulation.vendor.transport()).await.unwrap();
        let mut stories = Vec::new();
        for transport in transports() {
            let provider = simulation.seller_at(&server.url(), transport);
            stories.push(story(&*provider, &keys[0]).await);
        }
        assert_eq!(stories[0].0.len(), KEYS);
        assert_eq!(stories[0], stories[1]);
    }
}

#[tokio::test]
async fn a_vendor_that_is_not_there_is_no_refusal_over_either() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for simulation in simulations() {
        for transport in transports() {
            let provider = simulation.seller_at(&format!("http://{address}"), transport);
            let mut request = ValidateRequest::new(KeyCode::parse("AAAA-BBBB").unwrap());
            if !provider.capabilities().contains(Capability::ValidateWithoutSeat) {
                request = request.activation("any");
            }
            let error = provider.validate(request).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Transport, "{error:?}");
            assert!(error.refusal().is_none());
        }
    }
}

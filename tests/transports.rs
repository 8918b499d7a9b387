//! Both transports carry the same application over a socket, and tell the same when nobody is there.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::Arc;

use anykey::{
    ActivateRequest, DeactivateRequest, ErrorKind, KeyCode, LicenseProvider, LicenseProviderExt, ListQuery,
    ManualClock, RefusalReason, ValidateRequest,
};
use anykey_dodo::DodoProvider;
use anykey_dodo_sim::{ApiKeyScope, DodoSim, KeySpec};
use anykey_http::{HttpTransport, HyperTransport, ReqwestTransport};
use anykey_polar::PolarProvider;
use anykey_polar_sim::{ActivationSpec, BenefitSpec, CustomerSpec, GrantSpec, PolarSim, Scope};
use anykey_testkit::LoopbackServer;
use futures_util::TryStreamExt;

const KEYS: usize = 230;

fn transports() -> [Arc<dyn HttpTransport>; 2] {
    [Arc::new(ReqwestTransport::default()), Arc::new(HyperTransport::default())]
}

fn clock() -> ManualClock {
    ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap())
}

/// What an app sees of a vendor: the keys' ids in order, and the words of every refusal.
async fn story(provider: &dyn LicenseProvider, typed: &str) -> (Vec<String>, Vec<RefusalReason>) {
    let keys = provider.keys(ListQuery::new().page_size(100)).prefetch(4);
    let ids = keys.map_ok(|key| key.id.to_string()).try_collect().await.unwrap();
    let code = KeyCode::parse(typed).unwrap();
    let seat = provider.activate(ActivateRequest::new(code.clone(), "laptop")).await.unwrap();
    let on_seat = ValidateRequest::new(code.clone()).activation(seat.id.clone());
    assert!(provider.validate(on_seat.clone()).await.unwrap().is_valid());
    let give_back = DeactivateRequest::new(code, seat.id);
    provider.deactivate(give_back.clone()).await.unwrap();
    let again = provider.deactivate(give_back).await.unwrap_err();
    let stale = provider.validate(on_seat).await.unwrap();
    let nobody = ValidateRequest::new(KeyCode::parse("no-such-key").unwrap());
    let unknown = provider.validate(nobody).await.unwrap();
    let reasons = [again.refusal().cloned(), stale.refusal().cloned(), unknown.refusal().cloned()];
    (ids, reasons.into_iter().map(|refusal| refusal.unwrap().reason).collect())
}

#[tokio::test]
async fn dodo_is_the_same_over_both() {
    let sim = DodoSim::new(clock());
    let issued = sim.issue(KeySpec::default()).unwrap();
    sim.issue_many(KEYS - 1, &KeySpec::default()).unwrap();
    let token = sim.api_key(ApiKeyScope::ReadWrite);
    let server = LoopbackServer::start(Arc::new(sim)).await.unwrap();
    let mut stories = Vec::new();
    for transport in transports() {
        let builder = DodoProvider::builder().base_url(server.url().parse().unwrap()).token(token.as_str());
        let provider = builder.transport(transport).build().unwrap();
        stories.push(story(&provider, &issued.key).await);
    }
    assert_eq!(stories[0].0.len(), KEYS);
    assert_eq!(stories[0], stories[1]);
}

#[tokio::test]
async fn polar_is_the_same_over_both() {
    let sim = PolarSim::new(clock());
    let customer = sim.add_customer(CustomerSpec::default()).unwrap();
    let activations = Some(ActivationSpec { limit: 1, enable_customer_admin: false });
    let benefit = sim.add_benefit(BenefitSpec { activations, ..BenefitSpec::default() }).unwrap();
    let order = GrantSpec::order(benefit, customer);
    let granted = sim.grant(order.clone()).unwrap();
    sim.grant_all(std::iter::repeat_n(order, KEYS - 1)).unwrap();
    let organization = sim.organization_id();
    let token = sim.organization_token(organization, [Scope::LicenseKeysWrite]).unwrap();
    let server = LoopbackServer::start(Arc::new(sim)).await.unwrap();
    let mut stories = Vec::new();
    for transport in transports() {
        let builder =
            PolarProvider::builder(organization.to_string()).base_url(server.url().parse().unwrap());
        let provider = builder.token(token.as_str()).transport(transport).build().unwrap();
        stories.push(story(&provider, &granted.key).await);
    }
    assert_eq!(stories[0].0.len(), KEYS);
    assert_eq!(stories[0], stories[1]);
}

#[tokio::test]
async fn a_vendor_that_is_not_there_is_no_refusal_over_either() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for transport in transports() {
        let builder = DodoProvider::builder().base_url(format!("http://{address}").parse().unwrap());
        let provider = builder.transport(transport).build().unwrap();
        let request = ValidateRequest::new(KeyCode::parse("AAAA-BBBB").unwrap());
        let error = provider.validate(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error:?}");
        assert!(error.refusal().is_none());
    }
}

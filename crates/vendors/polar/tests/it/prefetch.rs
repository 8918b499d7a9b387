//! Pages in flight: Polar reports the number of pages, so no request is wasted.

use std::sync::Arc;

use anykey_core::{LicenseKey, LicenseProviderExt, ListQuery, ManualClock};
use anykey_http::Pacer;
use anykey_polar::PolarProvider;
use anykey_polar_sim::{BenefitSpec, CustomerSpec, GrantSpec, PolarSim, Scope};
use anykey_testkit::transport::RecordingTransport;
use futures_util::TryStreamExt;

/// All keys, and how many requests that took.
async fn read(sim: &PolarSim, pages: usize) -> (Vec<LicenseKey>, usize) {
    let transport = RecordingTransport::new(sim.clone());
    let provider = PolarProvider::builder(sim.organization_id().to_string())
        .token(sim.organization_token(sim.organization_id(), [Scope::LicenseKeysRead]).unwrap())
        .transport(Arc::new(transport.clone()))
        .management_pacer(Pacer::unlimited())
        .build()
        .unwrap();
    let keys = provider.keys(ListQuery::new()).prefetch(pages).try_collect().await.unwrap();
    (keys, transport.requests().len())
}

#[tokio::test(start_paused = true)]
async fn pages_in_flight_waste_no_request() {
    for keys in [0, 1, 99, 100, 101, 198, 199, 1_234] {
        let sim = PolarSim::new(ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap()));
        let benefit = sim.add_benefit(BenefitSpec::default()).unwrap();
        let customer = sim.add_customer(CustomerSpec::default()).unwrap();
        for _ in 0..keys {
            sim.grant(GrantSpec::order(benefit, customer)).unwrap();
        }
        let one_by_one = read(&sim, 1).await;
        assert_eq!(one_by_one.0.len(), keys);
        assert_eq!(read(&sim, 8).await, one_by_one, "{keys} keys");
    }
}

//! Pages in flight at every vendor: the same keys, with few wasted requests.

use std::sync::Arc;
use std::time::Duration;

use anykey::sim::{IssueSpec, SimulatedPlane};
use anykey::{
    Capability, HttpTransport, LicenseKey, LicenseProvider, LicenseProviderExt, ListQuery, TransportError,
    async_trait,
};
use anykey_testkit::transport::RecordingTransport;
use anykey_tests::{Simulation, simulations};
use bytes::Bytes;
use futures_util::TryStreamExt;
use tokio::time::Instant;

const ROUND_TRIP: Duration = Duration::from_millis(20);
const AT_ONCE: usize = 8;

/// A vendor one round trip away.
#[derive(Clone, Debug)]
struct Distant(Arc<dyn HttpTransport>);

#[async_trait]
impl HttpTransport for Distant {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        tokio::time::sleep(ROUND_TRIP).await;
        self.0.send(request).await
    }
}

/// All keys in `plane`, how many requests that took, and how long.
async fn read(
    simulation: &Simulation,
    plane: &SimulatedPlane,
    pages: usize,
) -> (Vec<LicenseKey>, usize, Duration) {
    let transport = RecordingTransport::new(Distant(simulation.vendor.transport()));
    let provider: Arc<dyn LicenseProvider> = simulation.provider_on(plane, Arc::new(transport.clone()));
    let start = Instant::now();
    let keys = provider.keys(ListQuery::new()).prefetch(pages).try_collect().await.unwrap();
    (keys, transport.requests().len(), start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn pages_in_flight_find_the_same_keys_and_waste_few_requests() {
    for simulation in simulations() {
        let mut issued = 0;
        for keys in [0, 1, 99, 100, 101, 198, 199, 1_234] {
            for _ in issued..keys {
                let _issued = simulation.issue(IssueSpec::new());
            }
            issued = keys;
            for plane in simulation.vendor.planes() {
                let capabilities = simulation.provider(&plane).capabilities();
                if !capabilities.contains(Capability::ListAll) {
                    continue;
                }
                let (expected, needed, slow) = read(&simulation, &plane, 1).await;
                let (found, sent, fast) = read(&simulation, &plane, AT_ONCE).await;
                let name = format!("{} {}, {keys} keys", simulation.vendor.vendor(), plane.name);
                assert_eq!(found.len(), keys, "{name}");
                assert_eq!(found, expected, "{name}");
                let wasted = sent - needed;
                assert!(wasted < AT_ONCE && wasted < needed, "{name}: {wasted} of {sent} requests wasted");
                assert!(fast <= slow, "{name}: {fast:?} after {slow:?}");
            }
        }
    }
}

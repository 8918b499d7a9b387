//! How close a run comes to what the vendor allows.

use std::sync::Arc;
use std::time::Duration;

use anykey::migrate::Journal;
use anykey::{HttpTransport, LicenseProvider, ListQuery, TransportError, async_trait};
use anykey_testkit::transport::RecordingTransport;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::time::Instant;

use crate::pair::{Pair, targets};

/// A vendor one round trip away.
#[derive(Clone, Debug)]
struct Distant(Arc<dyn HttpTransport>);

#[async_trait]
impl HttpTransport for Distant {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        tokio::time::sleep(Duration::from_millis(80)).await;
        self.0.send(request).await
    }
}

/// The adapters wait by themselves, so that they stay under the vendors' documented limits.
#[tokio::test(start_paused = true)]
async fn a_run_takes_as_long_as_its_requests_under_the_documented_limits() {
    let is_limited = |pair: &Pair| pair.target_plane().fields.contains_key("pacing");
    let pairs: Vec<_> = targets().into_iter().map(|target| Pair::new(target, target)).collect();
    assert!(pairs.iter().any(is_limited));
    for pair in pairs.into_iter().filter(is_limited) {
        let target = pair.target.vendor.vendor();
        pair.seed(998);
        let plane = pair.target_plane().field("pacing", true);
        let transport = RecordingTransport::new(Distant(pair.target.vendor.transport()));
        let provider = || pair.target.provider_on(&plane, Arc::new(transport.clone()));

        let start = Instant::now();
        let mut journal = Journal::in_memory().await.unwrap();
        let outcome = pair.migration_to(provider()).run(&mut journal, &mut |_| {}).await.unwrap();
        let run = start.elapsed();
        assert_eq!(outcome.created, 1_000);
        let requests = transport.requests().len();

        let (start, provider) = (Instant::now(), provider());
        let page = || provider.list(ListQuery::new().page_size(1));
        let bare = stream::iter(0..requests).map(|_| page()).buffer_unordered(8);
        assert_eq!(bare.count().await, requests);
        let ratio = start.elapsed().as_secs_f64() / run.as_secs_f64();
        println!("{target}: {requests} requests in {run:?}, {ratio:.3} of what is allowed");
        assert!(ratio > 0.95, "{target}: {ratio}");
    }
}

//! The feeds of a router's providers as one.

use std::sync::{Arc, Mutex};

use anykey_core::{Error, ErrorKind, HeaderMap, PendingDelivery, Result, WebhookFeed, async_trait};
use anykey_router::RouterFeed;

/// The ids of deliveries in memory; none answers from the first failure on.
#[derive(Debug)]
pub(crate) struct Feed(Mutex<Option<Vec<String>>>);

impl Feed {
    pub(crate) fn with(ids: &[&str]) -> Self {
        Self(Mutex::new(Some(ids.iter().map(|id| (*id).to_owned()).collect())))
    }

    fn set_down(&self) {
        *self.0.lock().unwrap() = None;
    }

    fn down() -> Error {
        Error::new(ErrorKind::Unavailable, "down for maintenance")
    }
}

#[async_trait]
impl WebhookFeed for Feed {
    async fn pending(&self) -> Result<Vec<PendingDelivery>> {
        let ids = self.0.lock().unwrap().clone().ok_or_else(Self::down)?;
        Ok(ids.into_iter().map(|id| PendingDelivery::new(id, HeaderMap::new(), *b"{}")).collect())
    }

    async fn acknowledge(&self, id: &str) -> Result<()> {
        self.0.lock().unwrap().as_mut().ok_or_else(Self::down)?.retain(|known| known != id);
        Ok(())
    }
}

async fn ids(feed: &RouterFeed) -> Vec<String> {
    feed.pending().await.unwrap().into_iter().map(|delivery| delivery.id.into_string()).collect()
}

#[tokio::test]
async fn a_delivery_is_acknowledged_at_its_own_provider() {
    let [main, legacy] = [["evt_1", "evt_2"], ["evt_1", "evt_3"]].map(|ids| Arc::new(Feed::with(&ids)));
    let feeds: [(Box<str>, Arc<dyn WebhookFeed>); 2] =
        [("main".into(), main.clone()), ("legacy".into(), legacy.clone())];
    let feed = RouterFeed::new("all", feeds);
    assert_eq!(ids(&feed).await, ["main:evt_1", "main:evt_2", "legacy:evt_1", "legacy:evt_3"]);
    feed.acknowledge("legacy:evt_1").await.unwrap();
    assert_eq!(ids(&feed).await, ["main:evt_1", "main:evt_2", "legacy:evt_3"]);
    for unknown in ["evt_1", "other:evt_1", "mainevt_1"] {
        let error = feed.acknowledge(unknown).await.unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::InvalidRequest, Some("all")));
    }
    main.set_down();
    assert_eq!(ids(&feed).await, ["legacy:evt_3"], "another provider's outage does not delay it");
    feed.acknowledge("legacy:evt_3").await.unwrap();
    assert_eq!(feed.pending().await.unwrap_err().kind(), ErrorKind::Unavailable);
}

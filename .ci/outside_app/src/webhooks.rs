//! A server that receives webhooks.

use anykey::webhook::{DeliveriesExt, MemoryDeliveries};
use anykey::{HeaderMap, Providers, Timestamp, WebhookError};

pub async fn endpoint(
    providers: &Providers,
    deliveries: &MemoryDeliveries,
    headers: &HeaderMap,
    body: &[u8],
) -> anykey::Result<u16> {
    let now = Timestamp::now();
    Ok(match providers.webhooks("main")?.verify(headers, body, now) {
        Ok(event) => {
            let applied = deliveries.once(&event, now, async { Ok::<_, std::io::Error>(()) }).await;
            applied.map_or(500, |once| once.status_hint())
        }
        Err(WebhookError::Unreadable(_)) => 500,
        Err(refused) => refused.status_hint(),
    })
}

#[cfg(feature = "webhooks-sqlite")]
pub use anykey::webhook::{SqliteDeliveries, sqlx};

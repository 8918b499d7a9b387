use std::collections::BTreeMap;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Operation, PendingDelivery, Result, Timestamp, WebhookFeed, async_trait};
use anykey_http::{ApiClient, ApiRequest, PathSegment};
use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::NAME;
use crate::answer::{of_another_request, segment, succeed};
use crate::config::CreemBuilder;

/// The most deliveries that one request may ask for (package 1.13.0).
const MOST: u32 = 100;
const LIST: Operation = Operation::Vendor("pending_deliveries");
const ACKNOWLEDGE: Operation = Operation::Vendor("acknowledge_delivery");

/// Reads the deliveries of a webhook endpoint with Creem's delivery mode `cli`: webhooks without a public address.
///
/// Such an endpoint keeps its deliveries until they are acknowledged. Ask for them every few seconds, handle each as
/// one that was received, and [`acknowledge`](WebhookFeed::acknowledge) it then. One that could not be handled is left
/// alone and comes again. Every request counts against the API key's rate limit. The API key needs the scopes
/// `webhooks:read` and `webhooks:write`.
///
/// ```no_run
/// use anykey_core::{Environment, Timestamp, WebhookError, WebhookFeed, WebhookReceiver};
/// use anykey_creem::{CreemProvider, CreemWebhooks};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let builder = CreemProvider::builder("creem_test_1a2b3c4d5e6f").environment(Environment::Sandbox);
/// let feed = builder.feed("wh_1a2b3c4d5e6f")?;
/// let webhooks = CreemWebhooks::new(Environment::Sandbox, ["whsec_1a2b3c4d5e6f7a8b".into()])?;
/// for delivery in feed.pending().await? {
///     let at = delivery.received_at(Timestamp::now());
///     match webhooks.verify(&delivery.headers, &delivery.body, at) {
///         Ok(event) => println!("{:?}", event.kind),
///         Err(WebhookError::NotOfInterest(_)) => {}
///         Err(error) => return Err(error.into()),
///     }
///     feed.acknowledge(&delivery.id).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct CreemFeed {
    client: ApiClient,
    endpoint: PathSegment,
}

#[derive(Deserialize)]
struct PendingList {
    items: Vec<PendingBody>,
}

#[derive(Deserialize)]
struct PendingBody {
    id: Box<str>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: String,
}

#[derive(Serialize)]
struct AcknowledgeBody {
    status_code: u16,
}

#[derive(Deserialize)]
struct Acknowledged {
    id: Box<str>,
}

impl CreemBuilder {
    /// The deliveries of the webhook endpoint with the id `endpoint`, whose delivery mode is `cli`. Nothing is sent.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build), and [`ErrorKind::InvalidRequest`](anykey_core::ErrorKind::InvalidRequest) when
    /// `endpoint` cannot be an id.
    pub fn feed(self, endpoint: &str) -> Result<CreemFeed> {
        let endpoint = segment("endpoint id", endpoint, Operation::Configure)?;
        let client =
            self.client().map_err(|error| error.with_provider(NAME).with_operation(Operation::Configure))?;
        Ok(CreemFeed { client, endpoint })
    }
}

#[async_trait]
impl WebhookFeed for CreemFeed {
    /// The deliveries that nobody acknowledged, oldest first, at most 100. Empty when there are none.
    ///
    /// Verify each with a [`CreemWebhooks`](crate::CreemWebhooks), at the time
    /// [`received_at`](PendingDelivery::received_at): the vendor does not say whether a delivery that waited is signed
    /// again.
    ///
    /// # Errors
    ///
    /// [`NotFound`](anykey_core::ErrorKind::NotFound) when the API key's store has no such endpoint, or when its
    /// delivery mode is another; [`Unauthenticated`](anykey_core::ErrorKind::Unauthenticated) also when the API key
    /// lacks the scope.
    async fn pending(&self) -> Result<Vec<PendingDelivery>> {
        let call = ApiRequest::get(LIST)
            .path(&["v1", "webhooks"])
            .segment(self.endpoint.clone())
            .path(&["events", "pending"])
            .query("limit", MOST);
        let response = succeed(self.client.send(call).await?, &[])?;
        let PendingList { items } = response.json()?;
        Ok(items.into_iter().map(PendingBody::delivery).collect())
    }

    /// Reports that a delivery was handled, so that it does not come again. Can be repeated: Creem keeps the first
    /// acknowledgement.
    ///
    /// # Errors
    ///
    /// [`NotFound`](anykey_core::ErrorKind::NotFound) when the endpoint has no such event.
    async fn acknowledge(&self, id: &str) -> Result<()> {
        let call = ApiRequest::post(ACKNOWLEDGE)
            .path(&["v1", "webhooks"])
            .segment(self.endpoint.clone())
            .path(&["events"])
            .segment(segment("event id", id, ACKNOWLEDGE)?)
            .path(&["ack"])
            .json(&AcknowledgeBody { status_code: 200 })
            .repeatable();
        let response = succeed(self.client.send(call).await?, &[])?;
        let acknowledged: Acknowledged = response.json()?;
        if *acknowledged.id == *id { Ok(()) } else { Err(of_another_request(&response)) }
    }
}

impl PendingBody {
    fn delivery(self) -> PendingDelivery {
        let known = |(name, value): (&String, &String)| {
            Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_str(value).ok()?))
        };
        let headers = self.headers.iter().filter_map(known).collect();
        let second = self.headers.get("webhook-timestamp").and_then(|text| text.parse().ok());
        let signed_at = second.and_then(|second| Timestamp::from_second(second).ok());
        PendingDelivery::new(self.id, headers, self.body.into_bytes()).with_signed_at(signed_at)
    }
}

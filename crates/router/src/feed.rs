//! One feed of waiting deliveries for all providers.

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, PendingDelivery, Result, WebhookFeed, async_trait};

use crate::target::SEPARATOR;

/// The waiting deliveries of a [`Router`](crate::Router)'s providers as one feed.
///
/// The id of a delivery has the form of the router's ids, `main:evt_1`. Those of one provider are in its order, one
/// provider after the other. What one provider does not answer is left out as long as another one has deliveries: it
/// comes again.
#[derive(Debug)]
pub struct RouterFeed {
    /// The router's name.
    name: Box<str>,
    /// One of each provider that has one, with its name.
    feeds: Vec<(Box<str>, Arc<dyn WebhookFeed>)>,
}

impl RouterFeed {
    /// The feeds of the providers of the router called `name`, each with the name of its provider.
    pub fn new(
        name: impl Into<Box<str>>,
        feeds: impl IntoIterator<Item = (Box<str>, Arc<dyn WebhookFeed>)>,
    ) -> Self {
        Self { name: name.into(), feeds: feeds.into_iter().collect() }
    }
}

#[async_trait]
impl WebhookFeed for RouterFeed {
    /// The deliveries of all providers.
    ///
    /// # Errors
    ///
    /// That of the first provider that does not answer, if there is no delivery of another one.
    async fn pending(&self) -> Result<Vec<PendingDelivery>> {
        let mut all = Vec::new();
        let mut failure = None;
        for (name, feed) in &self.feeds {
            match feed.pending().await {
                Ok(deliveries) => all.extend(deliveries.into_iter().map(|mut delivery| {
                    delivery.id = format!("{name}{SEPARATOR}{}", delivery.id).into();
                    delivery
                })),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        match failure {
            Some(error) if all.is_empty() => Err(error),
            _ => Ok(all),
        }
    }

    /// Reports the delivery to its provider.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] when `id` names no provider with a feed, and that provider's own.
    async fn acknowledge(&self, id: &str) -> Result<()> {
        let of_provider = |(name, feed): &(Box<str>, Arc<dyn WebhookFeed>)| {
            let id = id.strip_prefix(&**name)?.strip_prefix(SEPARATOR)?;
            Some((Arc::clone(feed), id.to_owned()))
        };
        match self.feeds.iter().find_map(of_provider) {
            Some((feed, id)) => feed.acknowledge(&id).await,
            None => Err(Error::new(
                ErrorKind::InvalidRequest,
                "the id of a delivery of a router is `provider:id`, and this one names no provider with a feed",
            )
            .with_provider(self.name.to_string())
            .with_operation(Operation::Vendor("acknowledge_delivery"))),
        }
    }
}

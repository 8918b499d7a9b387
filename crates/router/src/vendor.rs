//! The router as a choice in a configuration.
//!
//! It is the only vendor that is built over others: the registry builds those first and lends them to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use anykey_core::adapter::{BuildContext, ProviderSettings, Siblings, Vendor};
use anykey_core::{LicenseProvider, Result, WebhookFeed, WebhookReceiver};

use crate::builder::config_error;
use crate::config::placed;
use crate::{Router, RouterConfig, RouterFeed, RouterReceiver};

/// `provider = "router"` in a configuration.
pub const VENDOR: Vendor = vendor();

/// The parts that the features add.
const fn vendor() -> Vendor {
    let vendor =
        Vendor::new(Router::VENDOR, "Router", build).with_webhooks(receive).with_feed(feed).over_others();
    #[cfg(feature = "schema")]
    let vendor = vendor.with_schema(|| schemars::schema_for!(RouterConfig).to_value());
    vendor
}

/// Reads the settings and builds the router over its siblings.
fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
    let config: RouterConfig = settings.read()?;
    Ok(Arc::new(config.build(context.name(), siblings(context)?)?))
}

/// The receivers of all providers that have one.
///
/// # Errors
///
/// `Config` if none of them is set up for webhooks.
fn receive(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn WebhookReceiver>> {
    let receivers = of_each_provider(settings, context, |siblings, name| siblings.receiver(name))?;
    if receivers.is_empty() {
        return Err(config_error("none of the router's providers is set up for webhooks, with `webhook_secrets` or a field like it".to_owned()));
    }
    let receivers = receivers.into_iter().map(|(_, receiver)| receiver);
    Ok(Arc::new(RouterReceiver::new(context.name(), receivers)))
}

/// The waiting deliveries of all providers that have some; `None` if there is no such provider.
fn feed(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Option<Arc<dyn WebhookFeed>>> {
    let feeds = of_each_provider(settings, context, |siblings, name| siblings.feed(name))?;
    if feeds.is_empty() {
        return Ok(None);
    }
    Ok(Some(Arc::new(RouterFeed::new(context.name(), feeds))))
}

/// What each provider behind the router has of something, with the provider's name. One that is named twice is asked
/// once.
fn of_each_provider<T>(
    settings: &ProviderSettings,
    context: &BuildContext<'_>,
    find: impl Fn(&dyn Siblings, &str) -> Result<Option<T>>,
) -> Result<Vec<(Box<str>, T)>> {
    let config: RouterConfig = settings.read()?;
    let siblings = siblings(context)?;
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for (field, name) in config.references() {
        if known.insert(name) {
            let part = find(siblings, name).map_err(|error| placed(error, &field))?;
            found.extend(part.map(|part| (name.into(), part)));
        }
    }
    Ok(found)
}

/// The other providers of the configuration.
///
/// # Errors
///
/// `Config` for a router that is not part of a configuration with others.
fn siblings<'a>(context: &BuildContext<'a>) -> Result<&'a dyn Siblings> {
    context.siblings().ok_or_else(|| {
        config_error(
            "`provider`: a router is built over other providers of the same configuration: [providers.NAME]"
                .to_owned(),
        )
    })
}

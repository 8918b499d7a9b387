//! The router as a choice in a configuration.

use std::collections::BTreeSet;
use std::sync::Arc;

use anykey_core::adapter::{BuildContext, ProviderSettings, Siblings, Vendor};
use anykey_core::{LicenseProvider, Result, WebhookReceiver};

use crate::builder::config_error;
use crate::config::placed;
use crate::{Router, RouterConfig, RouterReceiver};

/// `provider = "router"` in a configuration.
pub const VENDOR: Vendor = vendor();

const fn vendor() -> Vendor {
    let vendor = Vendor::new(Router::VENDOR, "Router", build).with_webhooks(receive).over_others();
    #[cfg(feature = "schema")]
    let vendor = vendor.with_schema(|| schemars::schema_for!(RouterConfig).to_value());
    vendor
}

fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
    let config: RouterConfig = settings.read()?;
    Ok(Arc::new(config.build(context.name(), siblings(context)?)?))
}

fn receive(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn WebhookReceiver>> {
    let config: RouterConfig = settings.read()?;
    let siblings = siblings(context)?;
    let mut known = BTreeSet::new();
    let mut receivers = Vec::new();
    for (field, name) in config.references() {
        if known.insert(name) {
            receivers.extend(siblings.receiver(name).map_err(|error| placed(error, &field))?);
        }
    }
    if receivers.is_empty() {
        return Err(config_error("none of the router's providers is set up for webhooks, with `webhook_secrets` or a field like it".to_owned()));
    }
    Ok(Arc::new(RouterReceiver::new(context.name(), receivers)))
}

fn siblings<'a>(context: &BuildContext<'a>) -> Result<&'a dyn Siblings> {
    context.siblings().ok_or_else(|| {
        config_error(
            "`provider`: a router is built over other providers of the same configuration: [providers.NAME]"
                .to_owned(),
        )
    })
}

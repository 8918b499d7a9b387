//! From a configuration to the receivers of its vendors' deliveries.

use std::sync::Arc;

use anykey_core::{Result, WebhookReceiver};
use anykey_webhook::WebhookFactory;

use crate::Registry;
use crate::config::{Config, ProviderConfig, config_error};

/// The vendors of this library that send webhooks, as far as their features are switched on.
pub(crate) fn builtin() -> Vec<WebhookFactory> {
    vec![
        #[cfg(feature = "dodo")]
        anykey_dodo::WEBHOOK_FACTORY,
        #[cfg(feature = "polar")]
        anykey_polar::WEBHOOK_FACTORY,
    ]
}

/// With the feature `webhooks`.
impl Registry {
    /// Adds the deliveries of a vendor. One with the same name takes the place of the one before.
    #[must_use]
    pub fn with_webhooks(mut self, factory: WebhookFactory) -> Self {
        self.webhooks.retain(|known| known.name != factory.name);
        self.webhooks.push(factory);
        self
    }

    /// Builds the receiver of the configuration's default provider, from its field `webhook_secrets`. Nothing is
    /// sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), saying what is wrong and what to do.
    ///
    /// ```
    /// # #[cfg(all(feature = "toml", feature = "dodo"))] {
    /// use anykey::{Config, Registry};
    ///
    /// let config = Config::from_toml(r#"
    ///     provider = "dodo"
    ///     webhook_secrets = [{ env = "DODO_WEBHOOK_SECRET" }, { env = "DODO_WEBHOOK_SECRET_BEFORE" }]
    /// "#)?;
    /// let error = Registry::builtin().webhooks(&config).unwrap_err();
    /// assert!(error.to_string().contains("DODO_WEBHOOK_SECRET is not set"));
    /// # }
    /// # Ok::<_, anykey::Error>(())
    /// ```
    pub fn webhooks(&self, config: &Config) -> Result<Arc<dyn WebhookReceiver>> {
        self.build_webhooks(config.provider(config.default_name()?)?)
    }

    /// Builds the receiver of one provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// As [`webhooks`](Self::webhooks).
    pub fn build_webhooks(&self, config: &ProviderConfig) -> Result<Arc<dyn WebhookReceiver>> {
        let wanted = config.provider.as_str();
        match self.webhooks.iter().find(|factory| factory.name == wanted) {
            Some(factory) => (factory.build)(&config.settings, &*self.secrets),
            None if self.names().any(|name| name == wanted) => {
                Err(config_error(format!("`provider`: `{wanted}` has no webhooks")))
            }
            None => Err(self.unknown(wanted)),
        }
    }
}

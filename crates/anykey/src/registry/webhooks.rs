//! Building the receivers and the feeds of webhooks.

use std::sync::Arc;

use anykey_core::adapter::Siblings;
use anykey_core::{Result, WebhookFeed, WebhookReceiver};

use super::{Opening, Registry};
use crate::config::{Config, ProviderConfig, config_error};

impl Registry {
    /// Builds the webhook receiver of the default provider, with the secrets of its field `webhook_secrets`. Sends
    /// nothing.
    ///
    /// Needs the feature `webhooks`; without it no built-in vendor has a receiver.
    ///
    /// ```
    /// # #[cfg(all(feature = "toml", feature = "dodo", feature = "webhooks"))] {
    /// use anykey::{Config, Registry};
    ///
    /// let config = Config::from_toml(r#"
    ///     provider = "dodo"
    ///     webhook_secrets = [{ env = "DODO_WEBHOOK_SECRET" }, { env = "DODO_OLD_WEBHOOK_SECRET" }]
    /// "#)?;
    /// let error = Registry::builtin().webhooks(&config).unwrap_err();
    /// assert!(error.to_string().contains("DODO_WEBHOOK_SECRET is not set"));
    /// # }
    /// # Ok::<_, anykey::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`build`](Self::build), and [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when the
    /// vendor has no webhooks.
    pub fn webhooks(&self, config: &Config) -> Result<Arc<dyn WebhookReceiver>> {
        Opening::new(self, config.providers()).receiver(config.default_name()?)
    }

    /// Builds the webhook receiver of one provider, which is called `name`. Sends nothing.
    ///
    /// # Errors
    ///
    /// The errors of [`webhooks`](Self::webhooks).
    pub fn build_webhooks(&self, name: &str, config: &ProviderConfig) -> Result<Arc<dyn WebhookReceiver>> {
        self.build_receiver_in(name, config, None)
    }

    pub(super) fn build_receiver_in(
        &self,
        name: &str,
        config: &ProviderConfig,
        siblings: Option<&dyn Siblings>,
    ) -> Result<Arc<dyn WebhookReceiver>> {
        let vendor = self.vendor(&config.provider)?;
        if !cfg!(feature = "webhooks") && !vendor.has_webhooks() {
            return Err(config_error(
                "webhooks need the feature `webhooks` of the crate `anykey`; switch it on".to_owned(),
            ));
        }
        vendor.build_receiver(&config.settings, &self.context(name, &self.secrets_of(vendor), siblings))
    }

    /// Builds the feed of waiting deliveries of the default provider: its webhooks without a public address. `None`
    /// when the vendor has no such feed, or when the configuration names none. Sends nothing.
    ///
    /// Its deliveries are verified by the receiver of [`webhooks`](Self::webhooks). Needs the feature `webhooks`;
    /// without it no built-in vendor has a feed.
    ///
    /// # Errors
    ///
    /// The errors of [`build`](Self::build): a feed is asked for with the provider's credential.
    pub fn webhook_feed(&self, config: &Config) -> Result<Option<Arc<dyn WebhookFeed>>> {
        let registry = self.paced_by(config)?;
        Opening::new(&registry, config.providers()).feed(config.default_name()?)
    }

    /// Builds the feed of waiting deliveries of one provider, which is called `name`. Sends nothing.
    ///
    /// # Errors
    ///
    /// The errors of [`webhook_feed`](Self::webhook_feed).
    pub fn build_webhook_feed(
        &self,
        name: &str,
        config: &ProviderConfig,
    ) -> Result<Option<Arc<dyn WebhookFeed>>> {
        self.build_feed_in(name, config, None)
    }

    pub(super) fn build_feed_in(
        &self,
        name: &str,
        config: &ProviderConfig,
        siblings: Option<&dyn Siblings>,
    ) -> Result<Option<Arc<dyn WebhookFeed>>> {
        let vendor = self.vendor(&config.provider)?;
        vendor.build_feed(&config.settings, &self.context(name, &self.secrets_of(vendor), siblings))
    }
}

#[cfg(all(test, feature = "toml"))]
mod tests {
    use anykey_core::adapter::{BuildContext, ErrorExt as _, ProviderSettings, Vendor};
    use anykey_core::{
        Error, ErrorKind, HeaderMap, InMemoryProvider, LicenseProvider, PendingDelivery, Timestamp,
        async_trait,
    };

    use super::*;
    use crate::Providers;

    const ACME: Vendor = Vendor::new("acme", "Acme Licensing", build).with_feed(feed);

    fn build(_: &ProviderSettings, _: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
        Ok(Arc::new(InMemoryProvider::new(Timestamp::now)))
    }

    fn feed(settings: &ProviderSettings, _: &BuildContext<'_>) -> Result<Option<Arc<dyn WebhookFeed>>> {
        match settings.names().next() {
            None => Ok(None),
            Some("webhook_endpoint") => Ok(Some(Arc::new(OneDelivery))),
            Some(other) => Err(Error::new(ErrorKind::Config, format!("unknown field `{other}`"))),
        }
    }

    #[derive(Debug)]
    struct OneDelivery;

    #[async_trait]
    impl WebhookFeed for OneDelivery {
        async fn pending(&self) -> Result<Vec<PendingDelivery>> {
            Ok(vec![PendingDelivery::new("evt_1", HeaderMap::new(), *b"{}")])
        }

        async fn acknowledge(&self, _: &str) -> Result<()> {
            Err(Error::new(ErrorKind::Unavailable, "down for maintenance").with_provider("acme"))
        }
    }

    #[tokio::test]
    async fn a_configured_feed_is_built_by_the_name_of_its_provider() {
        let registry = Registry::builtin().with(ACME);
        let config = Config::from_toml(
            "default = \"without\"\n[providers.without]\nprovider = \"acme\"\n\
             [providers.main]\nprovider = \"acme\"\nwebhook_endpoint = \"wh_1\"\naliases = [\"old\"]\n\
             [providers.memory]\nprovider = \"memory\"\n",
        )
        .unwrap();
        assert!(registry.webhook_feed(&config).unwrap().is_none());
        let providers = Providers::open_with(&registry, &config).unwrap();
        for without in ["without", "memory"] {
            assert!(providers.webhook_feed(without).unwrap().is_none());
        }
        for name in ["main", "old"] {
            let feed = providers.webhook_feed(name).unwrap().unwrap();
            assert_eq!(&*feed.pending().await.unwrap()[0].id, "evt_1");
            assert_eq!(feed.acknowledge("evt_1").await.unwrap_err().provider(), Some("main"));
        }
        assert_eq!(providers.webhook_feed("other").unwrap_err().kind(), ErrorKind::Config);
    }

    #[test]
    fn an_error_of_a_feed_names_its_provider() {
        let config = Config::from_toml("provider = \"acme\"\nendpiont = \"wh_1\"\n").unwrap();
        let error = Registry::builtin().with(ACME).webhook_feed(&config).unwrap_err();
        assert_eq!((error.provider(), error.kind()), (Some("acme"), ErrorKind::Config));
        assert!(error.message().contains("`endpiont`"), "{error}");
    }
}

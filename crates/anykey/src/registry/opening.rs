//! Building the providers of one configuration, also those that are built over others of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::adapter::Siblings;
use anykey_core::{LicenseProvider, Result, WebhookFeed, WebhookReceiver};

use super::Registry;
use crate::ProviderConfig;
use crate::config::{config_error, in_table, unknown_provider};

type Built = BTreeMap<String, Arc<dyn LicenseProvider>>;

/// The providers of one configuration, each built once, when it is asked for.
pub(crate) struct Opening<'a> {
    registry: &'a Registry,
    configured: &'a BTreeMap<String, ProviderConfig>,
    built: Mutex<Built>,
}

impl<'a> Opening<'a> {
    pub(crate) fn new(registry: &'a Registry, configured: &'a BTreeMap<String, ProviderConfig>) -> Self {
        Self { registry, configured, built: Mutex::default() }
    }

    /// The provider called `name`. An error of another one that it is built over has that one's name and table.
    pub(crate) fn provider(&self, name: &str) -> Result<Arc<dyn LicenseProvider>> {
        self.build(name, None)
    }

    pub(crate) fn receiver(&self, name: &str) -> Result<Arc<dyn WebhookReceiver>> {
        let scope = Scope { opening: self, name, outer: None };
        self.registry.build_receiver_in(name, self.config(name)?, Some(&scope))
    }

    pub(crate) fn feed(&self, name: &str) -> Result<Option<Arc<dyn WebhookFeed>>> {
        let scope = Scope { opening: self, name, outer: None };
        self.registry.build_feed_in(name, self.config(name)?, Some(&scope))
    }

    fn build(&self, name: &str, outer: Option<&Scope<'_>>) -> Result<Arc<dyn LicenseProvider>> {
        if let Some(built) = self.built().get(name) {
            return Ok(Arc::clone(built));
        }
        let scope = Scope { opening: self, name, outer };
        let config = self.config(name)?;
        let provider = self.registry.build_in(name, config, Some(&scope)).map_err(|error| match outer {
            Some(_) => in_table(error, name),
            None => error,
        })?;
        self.built().insert(name.to_owned(), Arc::clone(&provider));
        Ok(provider)
    }

    fn config(&self, name: &str) -> Result<&'a ProviderConfig> {
        let names = self.configured.keys().map(String::as_str);
        self.configured.get(name).ok_or_else(|| unknown_provider(name, names))
    }

    fn built(&self) -> MutexGuard<'_, Built> {
        self.built.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A provider that is being built, and the one that it is built for.
struct Scope<'a> {
    opening: &'a Opening<'a>,
    name: &'a str,
    outer: Option<&'a Self>,
}

impl Scope<'_> {
    /// Fails if the provider called `name` is being built already.
    fn check_cycle(&self, name: &str) -> Result<()> {
        let names: Vec<&str> =
            std::iter::successors(Some(self), |scope| scope.outer).map(|scope| scope.name).collect();
        if !names.contains(&name) {
            return Ok(());
        }
        let path: Vec<String> =
            names.iter().rev().copied().chain([name]).map(|name| format!("`{name}`")).collect();
        Err(config_error(format!("`{name}` would be built over itself: {}", path.join(" → "))))
    }
}

impl Siblings for Scope<'_> {
    fn provider(&self, name: &str) -> Result<Arc<dyn LicenseProvider>> {
        self.check_cycle(name)?;
        self.opening.build(name, Some(self))
    }

    fn aliases(&self, name: &str) -> &[String] {
        self.opening.configured.get(name).map(|config| config.aliases.as_slice()).unwrap_or_default()
    }

    fn receiver(&self, name: &str) -> Result<Option<Arc<dyn WebhookReceiver>>> {
        self.check_cycle(name)?;
        let config = self.opening.config(name)?;
        let vendor = self.opening.registry.vendor(&config.provider)?;
        if !vendor.receives_webhooks(&config.settings) && !vendor.is_over_others() {
            return Ok(None);
        }
        let scope = Scope { opening: self.opening, name, outer: Some(self) };
        let receiver = self.opening.registry.build_receiver_in(name, config, Some(&scope));
        receiver.map(Some).map_err(|error| in_table(error, name))
    }

    fn feed(&self, name: &str) -> Result<Option<Arc<dyn WebhookFeed>>> {
        self.check_cycle(name)?;
        let scope = Scope { opening: self.opening, name, outer: Some(self) };
        let feed = self.opening.registry.build_feed_in(name, self.opening.config(name)?, Some(&scope));
        feed.map_err(|error| in_table(error, name))
    }
}

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use anykey_core::adapter::{BuildContext, Siblings, Vendor, closest};
use anykey_core::{Clock, Error, HttpTransport, LicenseProvider, Result, SecretResolver, Timestamp};

use crate::ProcessSecrets;
use crate::builtin;
use crate::config::{Config, ProviderConfig, config_error};

mod foreign;
mod opening;
mod webhooks;

use foreign::SecretsOf;
pub(crate) use opening::Opening;

/// The vendors that a configuration can choose, and the secrets, transport and clock for their providers.
///
/// A registry is a plain value without global state. [`with`](Self::with) adds a vendor from another crate.
///
/// ```
/// # #[cfg(feature = "toml")] {
/// use anykey::{Config, Registry};
///
/// let config = Config::from_toml(r#"provider = "memory""#)?;
/// let provider = Registry::builtin().build(&config)?;
/// assert_eq!(provider.name(), "memory");
/// # }
/// # Ok::<_, anykey::Error>(())
/// ```
#[derive(Clone)]
pub struct Registry {
    vendors: Vec<Vendor>,
    secrets: Arc<dyn SecretResolver>,
    transport: Option<Arc<dyn HttpTransport>>,
    clock: Clock,
    pacing_folder: Option<PathBuf>,
    #[cfg(feature = "http")]
    shared_pacing: Option<anykey_http::SharedPacing>,
}

impl Registry {
    /// The vendors whose features are switched on, and `memory`.
    #[must_use]
    pub fn builtin() -> Self {
        Self {
            vendors: builtin::vendors(),
            secrets: Arc::new(ProcessSecrets),
            transport: None,
            clock: Clock::new(Timestamp::now),
            pacing_folder: None,
            #[cfg(feature = "http")]
            shared_pacing: None,
        }
    }

    /// Adds a vendor. It replaces a vendor of the same name.
    #[must_use]
    pub fn with(mut self, vendor: Vendor) -> Self {
        self.vendors.retain(|known| known.name() != vendor.name());
        self.vendors.push(vendor);
        self
    }

    /// Sets the resolver of secret references. Default: the process environment and files ([`ProcessSecrets`]).
    #[must_use]
    pub fn with_secrets(mut self, secrets: impl SecretResolver + 'static) -> Self {
        self.secrets = Arc::new(secrets);
        self
    }

    /// Sends every request of every provider through `transport`: a simulator, a recorder, a dry run. The
    /// configuration's `network` tables are ignored then.
    #[must_use]
    pub fn with_transport(mut self, transport: Arc<dyn HttpTransport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sets the clock. Default: the system clock.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Into<Clock>) -> Self {
        self.clock = clock.into();
        self
    }

    /// Lets all processes that use this folder keep the vendors' rate limits together, such as several runs of a
    /// command. The folder has to exist, for its user alone. It gets a small file for each address of a vendor, with
    /// the times of requests and nothing else. Default: each process keeps them alone.
    #[must_use]
    pub fn with_pacing_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.pacing_folder = Some(folder.into());
        self
    }

    /// Shares the vendors' rate limits with other processes by `sharing`, in place of a
    /// [`with_pacing_folder`](Self::with_pacing_folder). The section `[pacing]` of a configuration precedes it.
    #[cfg(feature = "http")]
    #[must_use]
    pub fn with_shared_pacing(mut self, sharing: anykey_http::SharedPacing) -> Self {
        self.shared_pacing = Some(sharing);
        self
    }

    /// The built-in vendors in alphabetical order, then the added ones.
    pub fn vendors(&self) -> impl Iterator<Item = &Vendor> {
        self.vendors.iter()
    }

    /// The names of the vendors, as in the configuration's field `provider`.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.vendors.iter().map(Vendor::name)
    }

    /// The vendor called `name`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when there is no such vendor, with the feature to switch
    /// on or the names that exist.
    pub fn vendor(&self, name: &str) -> Result<&Vendor> {
        self.vendors.iter().find(|vendor| vendor.name() == name).ok_or_else(|| self.unknown(name))
    }

    /// Builds the configuration's default provider. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when a field, a secret or the vendor is wrong, with what
    /// to change; also when a secret begins as the credentials of another vendor of this registry do.
    pub fn build(&self, config: &Config) -> Result<Arc<dyn LicenseProvider>> {
        let registry = self.paced_by(config)?;
        Opening::new(&registry, config.providers()).provider(config.default_name()?)
    }

    /// Builds one provider and names it `name`. Sends nothing.
    ///
    /// It knows no other provider and no section, so a router cannot be built in this way, and `[pacing]` has no
    /// effect.
    ///
    /// # Errors
    ///
    /// The errors of [`build`](Self::build).
    pub fn build_provider(&self, name: &str, config: &ProviderConfig) -> Result<Arc<dyn LicenseProvider>> {
        self.build_in(name, config, None)
    }

    fn build_in(
        &self,
        name: &str,
        config: &ProviderConfig,
        siblings: Option<&dyn Siblings>,
    ) -> Result<Arc<dyn LicenseProvider>> {
        let vendor = self.vendor(&config.provider)?;
        let provider =
            vendor.build(&config.settings, &self.context(name, &self.secrets_of(vendor), siblings))?;
        #[cfg(feature = "metrics")]
        let provider = Arc::new(crate::counted::Counted::new(provider));
        Ok(provider)
    }

    /// This registry with the section `[pacing]` of `config`.
    pub(crate) fn paced_by(&self, config: &Config) -> Result<Cow<'_, Self>> {
        #[cfg(feature = "redis")]
        if let Some(pacing) = config.pacing()? {
            return Ok(Cow::Owned(self.clone().with_shared_pacing(pacing.sharing(&*self.secrets)?)));
        }
        let _ = config;
        Ok(Cow::Borrowed(self))
    }

    #[cfg(feature = "redis")]
    pub(crate) fn secrets(&self) -> &dyn SecretResolver {
        &*self.secrets
    }

    #[cfg(feature = "cache")]
    pub(crate) const fn clock(&self) -> &Clock {
        &self.clock
    }

    fn secrets_of(&self, vendor: &Vendor) -> SecretsOf {
        SecretsOf {
            vendor: *vendor,
            vendors: self.vendors.clone().into(),
            secrets: Arc::clone(&self.secrets),
        }
    }

    fn context<'a>(
        &'a self,
        name: &'a str,
        secrets: &'a dyn SecretResolver,
        siblings: Option<&'a dyn Siblings>,
    ) -> BuildContext<'a> {
        let mut context = BuildContext::new(name, secrets, self.clock.clone());
        if let Some(transport) = &self.transport {
            context = context.with_transport(Arc::clone(transport));
        }
        if let Some(siblings) = siblings {
            context = context.with_siblings(siblings);
        }
        if let Some(folder) = &self.pacing_folder {
            context = context.with_pacing_folder(folder);
        }
        #[cfg(feature = "http")]
        if let Some(sharing) = &self.shared_pacing {
            context = context.with_extension(sharing.clone());
        }
        context
    }

    fn unknown(&self, wanted: &str) -> Error {
        if builtin::SWITCHED_OFF.contains(&wanted) {
            return config_error(format!(
                "`provider`: `{wanted}` is not compiled in; switch on the feature `{wanted}` of the crate `anykey`"
            ));
        }
        let hint = closest(wanted, self.names()).map(|known| format!("; did you mean `{known}`?"));
        config_error(format!(
            "`provider`: there is no vendor called `{wanted}`; known are {}{}",
            self.names().collect::<Vec<_>>().join(", "),
            hint.unwrap_or_default()
        ))
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

//! The guard's section of a configuration.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use anykey_core::{LicenseProvider, SignedDuration};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::{Enforcement, FileStore, Guard, GuardBuilder, Installation, OfflineGrace, Policy, Result, Store};

/// The section `[guard]` of a configuration. An unknown field is an error.
///
/// ```toml
/// [guard]
/// app_id = "com.example.studio"
/// check_interval_hours = 24
/// offline_grace_days = 14        # or "unlimited"
/// enforcement = "strict"         # or "advisory"
/// buy_url = "https://example.com/buy"
/// manage_url = "https://example.com/account"
/// ```
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::{InMemoryProvider, Timestamp};
/// use anykey_guard::GuardConfig;
///
/// # let folder = tempfile::tempdir()?;
/// # let text = format!("app_id = \"com.example.studio\"\nidentity = \"pod-1\"\ndirectory = {:?}", folder.path());
/// # let text = &text;
/// let config: GuardConfig = toml::from_str(text)?;
/// let guard = config.open(Arc::new(InMemoryProvider::new(Timestamp::now)))?;
/// assert!(!guard.access().is_allowed());
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct GuardConfig {
    /// The app's permanent id, usually a reverse domain name. Another id is another installation with another seat.
    pub app_id: Box<str>,
    /// Identifies this installation where the machine id does not, as in containers. Absent: the machine id, which
    /// needs the feature `machine-id`.
    pub identity: Option<Identity>,
    /// Whether all users of the machine share one seat (`machine`) or each user has one (`user`). Used only when
    /// `identity` is absent. Absent: `machine` when `directory` is set, `user` otherwise.
    pub seat: Option<SeatScope>,
    /// The machine's name in the activation's label. Absent: the name of the operating system.
    pub device: Option<Box<str>>,
    /// Where the record is stored: `file` or `keyring`. Absent: `file`.
    #[serde(default)]
    pub store: StoreChoice,
    /// The directory of the file. Absent: the user's data directory for this app. For one seat of the whole machine,
    /// the app's installer creates the directory with the permissions that the users need.
    pub directory: Option<PathBuf>,
    /// [`Policy::check_interval`] in hours.
    pub check_interval_hours: Option<u32>,
    /// [`Policy::jitter_percent`].
    pub jitter_percent: Option<u8>,
    /// [`Policy::offline_grace`] in days, or `"unlimited"`.
    #[serde(default, deserialize_with = "grace")]
    pub offline_grace_days: Option<OfflineGrace>,
    /// [`Policy::grace_needs_good_check`].
    pub grace_needs_good_check: Option<bool>,
    /// [`Policy::payment_grace`] in days.
    pub payment_grace_days: Option<u32>,
    /// [`Policy::enforcement`]: `strict` or `advisory`.
    #[serde(default, deserialize_with = "enforcement")]
    pub enforcement: Option<Enforcement>,
    /// [`Policy::clock_tolerance`] in minutes.
    pub clock_tolerance_minutes: Option<u32>,
    /// The page where the app is sold, for a "Buy" button. The guard does not use it.
    pub buy_url: Option<Box<str>>,
    /// The page where customers manage keys, seats and payments, for a "Manage" button. The guard does not use it.
    pub manage_url: Option<Box<str>>,
}

/// The identity of an installation, such as the id of a volume. The record's encryption key is derived from it, so
/// `Debug` does not print it.
///
/// It has to be the same at every start and different on every machine: a new one is a new installation, which takes
/// another seat.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Identity(Box<str>);

/// Where a configured guard stores its record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum StoreChoice {
    /// In a file: [`FileStore`].
    #[default]
    File,
    /// In the operating system's keyring: `KeyringStore`. Needs the feature `keyring`.
    Keyring,
}

/// Who shares the seat of a configured guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SeatScope {
    /// All users of the machine share one seat.
    Machine,
    /// Each user of the machine has a seat.
    User,
}

impl GuardConfig {
    /// The default configuration for the app `app_id`.
    pub fn new(app_id: impl Into<Box<str>>) -> Self {
        Self {
            app_id: app_id.into(),
            identity: None,
            seat: None,
            device: None,
            store: StoreChoice::default(),
            directory: None,
            check_interval_hours: None,
            jitter_percent: None,
            offline_grace_days: None,
            grace_needs_good_check: None,
            payment_grace_days: None,
            enforcement: None,
            clock_tolerance_minutes: None,
            buy_url: None,
            manage_url: None,
        }
    }

    /// Opens the guard with `provider`. Sends nothing.
    ///
    /// # Errors
    ///
    /// The errors of [`builder`](Self::builder) and [`Guard::open`].
    pub fn open(&self, provider: Arc<dyn LicenseProvider>) -> Result<Guard> {
        self.builder(provider)?.open()
    }

    /// A builder with these settings, for options that a configuration does not have.
    ///
    /// # Errors
    ///
    /// [`GuardError::Installation`](crate::GuardError::Installation) when `app_id` is not valid, when nothing
    /// identifies the installation, or when a needed feature is off. [`GuardError::Store`](crate::GuardError::Store)
    /// when there is no keyring.
    pub fn builder(&self, provider: Arc<dyn LicenseProvider>) -> Result<GuardBuilder> {
        let builder = GuardBuilder::new(self.open_store()?, provider).policy(self.policy());
        Ok(match &self.device {
            Some(device) => builder.device(device.clone()),
            None => builder,
        })
    }

    /// The policy. Absent fields have the values of [`Policy::default`].
    #[must_use]
    pub fn policy(&self) -> Policy {
        let default = Policy::default();
        let hours = |hours| SignedDuration::from_hours(i64::from(hours));
        Policy {
            check_interval: self.check_interval_hours.map_or(default.check_interval, hours),
            jitter_percent: self.jitter_percent.unwrap_or(default.jitter_percent),
            offline_grace: self.offline_grace_days.unwrap_or(default.offline_grace),
            grace_needs_good_check: self.grace_needs_good_check.unwrap_or(default.grace_needs_good_check),
            payment_grace: self.payment_grace_days.map(|days| hours(days) * 24).or(default.payment_grace),
            enforcement: self.enforcement.unwrap_or(default.enforcement),
            clock_tolerance: self
                .clock_tolerance_minutes
                .map_or(default.clock_tolerance, |minutes| SignedDuration::from_mins(i64::from(minutes))),
        }
    }

    /// The installation that the configuration describes.
    ///
    /// # Errors
    ///
    /// [`GuardError::Installation`](crate::GuardError::Installation) when `app_id` is not valid or nothing identifies
    /// the installation.
    pub fn installation(&self) -> Result<Installation> {
        match &self.identity {
            Some(identity) => Installation::from_identity(&self.app_id, &identity.0),
            None => this_machine(&self.app_id, self.scope()),
        }
    }

    /// Whether all users of the machine share one record, in the `directory` that the app's installer creates.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.store == StoreChoice::File
            && self.directory.is_some()
            && self.identity.is_none()
            && self.scope() == SeatScope::Machine
    }

    /// Who shares the seat, with the default applied.
    fn scope(&self) -> SeatScope {
        let by_store = if self.directory.is_some() { SeatScope::Machine } else { SeatScope::User };
        self.seat.unwrap_or(by_store)
    }

    /// The store that the configuration names. Nothing is read or created.
    ///
    /// # Errors
    ///
    /// Those of [`installation`](Self::installation), and when the chosen store is not available.
    pub fn open_store(&self) -> Result<Arc<dyn Store>> {
        let installation = self.installation()?;
        match self.store {
            StoreChoice::File => Ok(match &self.directory {
                Some(directory) if self.is_shared() => {
                    Arc::new(FileStore::shared_in_directory(installation, directory))
                }
                Some(directory) => Arc::new(FileStore::in_directory(installation, directory)),
                None => Arc::new(FileStore::new(installation)?),
            }),
            StoreChoice::Keyring => keyring(installation),
        }
    }
}

impl Identity {
    /// Wraps a text that identifies the installation. It is checked when the guard opens.
    pub fn new(identity: impl Into<Box<str>>) -> Self {
        Self(identity.into())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// The installation of the operating system's machine id.
#[cfg(feature = "machine-id")]
fn this_machine(app_id: &str, scope: SeatScope) -> Result<Installation> {
    match scope {
        SeatScope::Machine => Installation::of_this_machine(app_id),
        SeatScope::User => Installation::of_this_user(app_id),
    }
}

#[cfg(not(feature = "machine-id"))]
fn this_machine(_: &str, _: SeatScope) -> Result<Installation> {
    Err(crate::GuardError::Installation(
        "`identity` is absent; set it, or enable the feature `machine-id` of anykey-guard".into(),
    ))
}

/// The store in the operating system's keyring.
#[cfg(feature = "keyring")]
fn keyring(installation: Installation) -> Result<Arc<dyn Store>> {
    Ok(Arc::new(crate::KeyringStore::new(installation)?))
}

#[cfg(not(feature = "keyring"))]
fn keyring(_: Installation) -> Result<Arc<dyn Store>> {
    Err(crate::GuardError::Installation(
        "`store = \"keyring\"` needs the feature `keyring` of anykey-guard".into(),
    ))
}

/// Reads a number of days, or `"unlimited"`.
fn grace<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OfflineGrace>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "write a number of days, or \"unlimited\"")]
    enum Written {
        Days(u32),
        Word(Box<str>),
    }
    match Written::deserialize(deserializer)? {
        Written::Days(days) => Ok(Some(OfflineGrace::days(days))),
        Written::Word(word) if &*word == "unlimited" => Ok(Some(OfflineGrace::Unlimited)),
        Written::Word(_) => Err(D::Error::custom("write a number of days, or \"unlimited\"")),
    }
}

/// Reads `"strict"` or `"advisory"`.
fn enforcement<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Enforcement>, D::Error> {
    match &*Box::<str>::deserialize(deserializer)? {
        "strict" => Ok(Some(Enforcement::Strict)),
        "advisory" => Ok(Some(Enforcement::Advisory)),
        _ => Err(D::Error::custom("write \"strict\" or \"advisory\"")),
    }
}

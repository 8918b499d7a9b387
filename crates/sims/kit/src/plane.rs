use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use anykey_core::{SecretResolver, SecretString};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

/// One plane of a simulated vendor: the configuration of a provider for it, with the credential.
///
/// `Debug` prints neither values nor credentials.
#[derive(Clone)]
#[non_exhaustive]
pub struct SimulatedPlane {
    /// The vendor's name of the plane: `device`, `portal`, `organization`.
    pub name: &'static str,
    /// Who holds the credential.
    pub access: PlaneAccess,
    /// The fields of the configuration, without `provider` and `network`. A credential is a reference
    /// `{ env = "VARIABLE" }`; [`secrets`](Self::secrets) has the variable.
    pub fields: Map<String, Value>,
    /// The credentials, by variable.
    pub secrets: SimulatedSecrets,
    /// Whether a key read through this plane distinguishes revoked from disabled.
    pub distinguishes_revoked: bool,
    /// Whether a provider sends the credential of this plane when it validates, activates and deactivates. A vendor
    /// whose calls for an installed app work without one does not need it, and the credential must not be sent.
    pub authenticates_device_calls: bool,
    /// Whether a validation and a deactivation of an activation distinguish an unknown key from another key's
    /// activation.
    pub distinguishes_unknown_keys: bool,
}

/// Who uses a plane, which decides what it can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlaneAccess {
    /// An installed app, without a credential.
    Device,
    /// One customer, with a session. The session belongs to [`Which::First`](crate::Which::First).
    Customer,
    /// The seller, with a credential for all keys.
    Seller,
}

impl SimulatedPlane {
    /// A plane without a credential. Pacing is off, so that tests run at full speed.
    #[must_use]
    pub fn new(name: &'static str, access: PlaneAccess) -> Self {
        let fields = [("environment", json!("sandbox")), ("pacing", json!(false))];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self {
            name,
            access,
            fields,
            secrets: SimulatedSecrets::default(),
            distinguishes_revoked: true,
            authenticates_device_calls: false,
            distinguishes_unknown_keys: true,
        }
    }

    /// Sets a field of the configuration.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// Sets a field of the configuration to a reference to the environment variable `variable`, and the variable to
    /// `value`.
    #[must_use]
    pub fn credential(mut self, field: &str, variable: &str, value: impl Into<SecretString>) -> Self {
        self.secrets = self.secrets.with(variable, value);
        self.field(field, json!({ "env": variable }))
    }

    /// The fields of the configuration as TOML, sorted by name, without `provider`.
    ///
    /// ```
    /// use anykey_sim_kit::{PlaneAccess, SimulatedPlane};
    ///
    /// let plane = SimulatedPlane::new("organization", PlaneAccess::Seller).credential("token", "SIM_TOKEN", "t");
    /// assert_eq!(
    ///     plane.to_toml(),
    ///     "environment = \"sandbox\"\npacing = false\ntoken = { env = \"SIM_TOKEN\" }\n"
    /// );
    /// ```
    #[must_use]
    pub fn to_toml(&self) -> String {
        let line = |(name, value): (&String, &Value)| Some(format!("{name} = {}\n", toml_value(value)?));
        self.fields.iter().filter_map(line).collect()
    }

    /// Sets whether a key read through this plane distinguishes revoked from disabled. Default: true.
    #[must_use]
    pub const fn distinguishes_revoked(mut self, distinguishes: bool) -> Self {
        self.distinguishes_revoked = distinguishes;
        self
    }

    /// Sets whether a provider sends the credential when it validates, activates and deactivates. Default: false.
    #[must_use]
    pub const fn authenticates_device_calls(mut self, authenticates: bool) -> Self {
        self.authenticates_device_calls = authenticates;
        self
    }

    /// Sets whether an unknown key is distinguished from another key's activation. Default: true.
    #[must_use]
    pub const fn distinguishes_unknown_keys(mut self, distinguishes: bool) -> Self {
        self.distinguishes_unknown_keys = distinguishes;
        self
    }
}

/// A value in TOML on one line; `None` for null, which TOML does not have.
fn toml_value(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Array(items) => {
            format!("[{}]", items.iter().filter_map(toml_value).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) => {
            let pair = |(name, value): (&String, &Value)| Some(format!("{name} = {}", toml_value(value)?));
            format!("{{ {} }}", fields.iter().filter_map(pair).collect::<Vec<_>>().join(", "))
        }
        // JSON strings, numbers and booleans are valid TOML.
        plain => plain.to_string(),
    })
}

impl fmt::Debug for SimulatedPlane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedPlane")
            .field("name", &self.name)
            .field("access", &self.access)
            .field("fields", &self.fields.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Credentials of simulators, as a [`SecretResolver`] with variables that exist only there. `Debug` prints their
/// names.
///
/// ```
/// use anykey_core::SecretResolver;
/// use anykey_sim_kit::SimulatedSecrets;
///
/// let secrets = SimulatedSecrets::default().with("DODO_SIM_TOKEN", "test_1234");
/// assert!(secrets.env("DODO_SIM_TOKEN").is_some());
/// assert!(secrets.env("PATH").is_none());
/// assert_eq!(format!("{secrets:?}"), r#"{"DODO_SIM_TOKEN"}"#);
/// ```
#[derive(Clone, Default)]
pub struct SimulatedSecrets(BTreeMap<String, SecretString>);

impl SimulatedSecrets {
    /// Adds a variable.
    #[must_use]
    pub fn with(mut self, variable: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.0.insert(variable.into(), value.into());
        self
    }

    /// Adds the variables of `others`.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// All variables and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(variable, value)| (variable.as_str(), value.expose_secret()))
    }
}

impl fmt::Debug for SimulatedSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl SecretResolver for SimulatedSecrets {
    fn env(&self, name: &str) -> Option<SecretString> {
        self.0.get(name).cloned()
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

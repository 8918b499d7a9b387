use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::adapter::{ErrorExt as _, closest, decoration};
use crate::{Error, ErrorKind, Operation, Result};

/// One provider's fields of the configuration, apart from `provider` itself.
///
/// Prints the fields' names only.
#[derive(Clone, Default, PartialEq)]
pub struct ProviderSettings(serde_json::Map<String, serde_json::Value>);

impl ProviderSettings {
    /// Takes the fields as they are.
    #[must_use]
    pub const fn new(fields: serde_json::Map<String, serde_json::Value>) -> Self {
        Self(fields)
    }

    /// The fields' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Sets the field `name`, in place of what it held.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) {
        self.0.insert(name.into(), value.into());
    }

    /// Reads the fields into the adapter's own configuration, which should carry
    /// `#[serde(deny_unknown_fields)]`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field; the value is not repeated.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        let value = serde_json::Value::Object(self.0.clone());
        serde_path_to_error::deserialize(value).map_err(|error| {
            let path = error.path().to_string();
            // The path of an unknown field ends with its name.
            let is_shown = path != "." && path.split(['.', '[', ']']).all(looks_like_a_field);
            let place = if is_shown { format!("`{path}`: ") } else { String::new() };
            Error::new(
                ErrorKind::Config,
                format!("{place}{}", without_values(&error.into_inner().to_string())),
            )
            .with_operation(Operation::Configure)
        })
    }
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// Takes out of serde's messages what the configuration holds, since it may be a pasted secret: the value of
/// ``invalid type: string "…", expected …`` and the word of ``unknown variant `…`, expected …``. The name of an unknown
/// field stays while it looks like one.
fn without_values(message: &str) -> String {
    let expected = |found: Option<(&str, &str)>| {
        found.map(|(_, expected)| format!(", expected {expected}")).unwrap_or_default()
    };
    if let Some((kind @ ("invalid type" | "invalid value"), rest)) = message.split_once(": ") {
        return format!("{kind}{}", expected(rest.rsplit_once(", expected ")));
    }
    if let Some(rest) = message.strip_prefix("unknown variant `") {
        return format!("unknown value{}", expected(rest.split_once("`, expected ")));
    }
    match message.strip_prefix("unknown field `").map(|rest| rest.split_once('`').unwrap_or((rest, ""))) {
        Some((name, known)) if looks_like_a_field(name) => {
            let known = known.split('`').skip(1).step_by(2);
            let hint = closest(name, known).map(|known| format!("; did you mean `{known}`?"));
            message.to_owned() + &hint.unwrap_or_default()
        }
        Some((_, known)) => {
            let expected = expected(known.split_once(", expected "));
            format!("unknown field (its name is not printed: it looks like a secret){expected}")
        }
        None => message.to_owned(),
    }
}

fn looks_like_a_field(name: &str) -> bool {
    name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Where a secret is kept: an environment variable, a file or the operating system's keyring, never the configuration
/// itself.
///
/// Written as `{ env = "POLAR_ACCESS_TOKEN" }`, `{ file = "/run/secrets/polar" }` or `{ keyring = "polar/token" }`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretSource {
    /// The environment variable with this name.
    Env(Box<str>),
    /// The file at this path; surrounding white space is taken off.
    File(PathBuf),
    /// The entry with this name in the operating system's keyring, for the service `anykey`. It is read once.
    Keyring(Box<str>),
}

impl SecretSource {
    /// Reads the secret.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming `field` and the variable or the file, when it is missing or empty, when the secret
    /// was copied together with something else ([`decoration`]), and what [`SecretResolver::check`] refuses.
    pub fn resolve(&self, field: &str, secrets: &dyn SecretResolver) -> Result<SecretString> {
        use secrecy::ExposeSecret;

        let found = match self {
            Self::Env(name) => {
                secrets.env(name).ok_or_else(|| config_error(format!("`{field}`: {self} is not set")))
            }
            Self::File(path) => secrets
                .file(path)
                .map_err(|cause| config_error(format!("`{field}`: {self} cannot be read: {cause}"))),
            Self::Keyring(entry) => secrets
                .keyring(entry)
                .map_err(|cause| config_error(format!("`{field}`: {self} cannot be read: {cause}"))),
        }?;
        if found.expose_secret().trim().is_empty() {
            return Err(config_error(format!("`{field}`: {self} is empty")));
        }
        let secret = SecretString::from(found.expose_secret().trim());
        if let Some(fault) = decoration(secret.expose_secret()) {
            return Err(config_error(format!("`{field}`: {self} {fault}")));
        }
        secrets.check(field, &secret)?;
        Ok(secret)
    }

    /// Reads the secret again later, where it is in a file and `secrets` can be [kept](SecretResolver::kept); `None`
    /// otherwise: a variable of the environment does not change, and a keyring may ask its user each time.
    #[must_use]
    pub fn reader(&self, field: &str, secrets: &dyn SecretResolver) -> Option<SecretReader> {
        match self {
            Self::Env(_) | Self::Keyring(_) => None,
            Self::File(_) => {
                Some(SecretReader { source: self.clone(), field: field.into(), secrets: secrets.kept()? })
            }
        }
    }
}

/// Reads the secret of a file again, after it was replaced; made by [`SecretSource::reader`].
#[derive(Clone)]
pub struct SecretReader {
    source: SecretSource,
    field: Box<str>,
    secrets: Arc<dyn SecretResolver>,
}

impl SecretReader {
    /// The secret that the file holds now.
    ///
    /// # Errors
    ///
    /// As [`SecretSource::resolve`].
    pub fn read(&self) -> Result<SecretString> {
        self.source.resolve(&self.field, &*self.secrets)
    }
}

impl fmt::Debug for SecretReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretReader")
            .field("field", &self.field)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) if looks_like_a_variable(name) => write!(f, "the environment variable {name}"),
            Self::Env(_) => {
                f.write_str("the environment variable (its name is not printed: it looks like a secret)")
            }
            Self::File(path) => write!(f, "the file {}", path.display()),
            Self::Keyring(entry) if looks_like_an_entry(entry) => write!(f, "the keyring entry {entry}"),
            Self::Keyring(_) => {
                f.write_str("the keyring entry (its name is not printed: it looks like a secret)")
            }
        }
    }
}

impl fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            env: Option<Box<str>>,
            file: Option<PathBuf>,
            keyring: Option<Box<str>>,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Table(Table),
            Other(serde::de::IgnoredAny),
        }

        match Written::deserialize(deserializer)? {
            Written::Table(Table { env: Some(name), file: None, keyring: None }) => Ok(Self::Env(name)),
            Written::Table(Table { env: None, file: Some(path), keyring: None }) => Ok(Self::File(path)),
            Written::Table(Table { env: None, file: None, keyring: Some(entry) }) => Ok(Self::Keyring(entry)),
            Written::Table(_) | Written::Other(_) => Err(serde::de::Error::custom(
                "write a secret as { env = \"VARIABLE\" }, { file = \"path\" } or { keyring = \"entry\" }, never as plain \
                 text",
            )),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for SecretSource {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SecretSource".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let place = |field: &str, description: &str| {
            serde_json::json!({
                "type": "object",
                "properties": { field: { "type": "string", "description": description } },
                "required": [field],
                "additionalProperties": false,
            })
        };
        schemars::json_schema!({
            "title": super::field::SECRET_TITLE,
            "description": "Where a secret is kept.",
            "oneOf": [
                place("env", "The environment variable that holds it."),
                place("file", "The file that holds it."),
                place("keyring", "The entry of the operating system's keyring that holds it, for the service `anykey`."),
            ],
        })
    }
}

/// How secrets are read. The facade reads the process' environment, files and the keyring; a test provides its own.
pub trait SecretResolver: Send + Sync {
    /// The value of the environment variable `name`; `None` when it is not set.
    fn env(&self, name: &str) -> Option<SecretString>;

    /// The content of the file at `path`.
    ///
    /// # Errors
    ///
    /// Whatever reading it says.
    fn file(&self, path: &Path) -> std::io::Result<SecretString>;

    /// The secret in the entry `entry` of the operating system's keyring. By default there is no keyring.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, and what to do.
    fn keyring(&self, entry: &str) -> std::io::Result<SecretString> {
        let _ = entry;
        Err(std::io::Error::new(
            std::io::ErrorKind::Unsupported,
            "this program reads no keyring; switch on the feature `keyring` of `anykey`, or use { env = … } or \
             { file = … }",
        ))
    }

    /// Refuses a `secret` that does not belong into the configuration's field `field`. A registry refuses the
    /// credentials of other vendors here. By default every secret is accepted.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field; the secret is not repeated.
    fn check(&self, field: &str, secret: &SecretString) -> Result<()> {
        let _ = (field, secret);
        Ok(())
    }

    /// The same resolver, to read the secrets of files again for as long as the provider exists. By default there is
    /// none: each secret is read once. Those of a registry are always read again.
    fn kept(&self) -> Option<Arc<dyn SecretResolver>> {
        None
    }
}

/// A pasted token in the place of a variable's name must not be printed.
fn looks_like_a_variable(name: &str) -> bool {
    name.len() <= 64 && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// A pasted token in the place of an entry's name must not be printed either: no word of a name is as long as one.
fn looks_like_an_entry(name: &str) -> bool {
    let is_short = |word: &str| word.len() <= 16;
    name.len() <= 64
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'.' | b' '))
        && name.split(|c: char| !c.is_ascii_alphanumeric()).all(is_short)
}

fn config_error(message: String) -> Error {
    Error::new(ErrorKind::Config, message).with_operation(Operation::Configure)
}

use std::time::Duration;

use anykey::adapter::{BuildContext, ErrorExt as _, check_allowed_products};
use anykey::{Environment, Result, SecretSource};
use anykey_http::{BaseUrl, BearerToken, Connection, NetworkConfig};
use serde::Deserialize;

use super::NAME;
use super::device::DevicePlane;
use super::management::Management;
use super::provider::AcmeProvider;

/// The fields of a configuration with `provider = "acme"`. A field that is not listed here is an error.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcmeConfig {
    /// `live` (the default) or `sandbox`.
    #[serde(default)]
    environment: Environment,
    /// Another place to find the API; overrides what `environment` says.
    base_url: Option<BaseUrl>,
    /// The API token. Absent: the device plane only. Never ship one to customers.
    token: Option<SecretSource>,
    /// The products that this app sells; a valid key of another product is refused. Empty accepts any.
    #[serde(default)]
    products: Vec<Box<str>>,
    /// How many seconds a request may take in all, retries and waits included; 30 by default.
    timeout: Option<u64>,
    /// A proxy, a root certificate and the like; absent for most apps.
    #[serde(default)]
    network: NetworkConfig,
}

impl AcmeConfig {
    /// Builds the provider. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey::ErrorKind::Config), naming the field.
    pub(crate) fn provider(&self, context: &BuildContext<'_>) -> Result<AcmeProvider> {
        check_allowed_products(&self.products, "app")?;
        let mut connection = Connection {
            base_url: self.base_url.clone(),
            network: self.network.read(context.secrets())?,
            deadline: self.timeout.map(Duration::from_secs),
            ..Connection::default()
        };
        connection.set_context(context);
        let connection = connection.ready()?;
        let client = || connection.client(NAME, self.default_url());

        // Each plane has a client of its own, so that the token cannot reach a device's call.
        let device = DevicePlane { client: client()?.build()?, products: self.products.clone().into() };
        let management = match &self.token {
            None => None,
            Some(source) => {
                let token = source.resolve("token", context.secrets())?;
                let token = BearerToken::new(token).map_err(|error| error.in_context("`token`"))?;
                let mut client = client()?.bearer(token);
                // A token in a file is read again when it was replaced.
                if let Some(reader) = source.reader("token", context.secrets()) {
                    client = client.credential_reader(reader);
                }
                Some(Management { client: client.build()? })
            }
        };
        Ok(AcmeProvider { device, management })
    }

    const fn default_url(&self) -> &'static str {
        match self.environment {
            Environment::Live => "https://api.acme.example/v1",
            Environment::Sandbox => "https://sandbox.acme.example/v1",
        }
    }
}

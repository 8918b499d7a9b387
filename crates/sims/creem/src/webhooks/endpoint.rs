//! Webhook endpoints.

use std::fmt;
use std::sync::Arc;

use anykey_sim_kit::webhook_url;
use http::Uri;

use super::signing::SecretKeys;
use crate::Mode;

/// A webhook endpoint. `Debug` does not print the secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct WebhookEndpoint {
    /// The endpoint's id.
    pub id: String,
    /// The signing secret.
    pub secret: String,
}

impl fmt::Debug for WebhookEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEndpoint").field("id", &self.id).finish_non_exhaustive()
    }
}

/// How events reach an endpoint.
///
/// The second one is for development without a public address, as the official package has it since 1.13.0 (September
/// 2026).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeliveryMode {
    /// As requests to its URL.
    #[default]
    Http,
    /// They wait in its feed of pending events.
    Cli,
}

/// Why an endpoint cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadEndpoint {
    /// The URL is not an absolute http or https URL.
    Url,
    /// The secret is empty.
    Secret,
}

impl fmt::Display for BadEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "not an absolute http or https URL",
            Self::Secret => "an empty secret",
        })
    }
}

impl std::error::Error for BadEndpoint {}

/// A webhook endpoint of a store and mode.
pub(super) struct Endpoint {
    pub(super) id: Arc<str>,
    pub(super) store: Arc<str>,
    pub(super) mode: Mode,
    pub(super) uri: Uri,
    pub(super) keys: SecretKeys,
}

impl Endpoint {
    /// The secret of the older scheme may be any text; one that is not `whsec_` and base64 cannot sign by the newer
    /// one.
    pub(super) fn new(
        id: Arc<str>,
        store: Arc<str>,
        mode: Mode,
        url: &str,
        secret: &str,
    ) -> Result<Self, BadEndpoint> {
        let uri = webhook_url(url).ok_or(BadEndpoint::Url)?;
        let keys = SecretKeys::of(secret).ok_or(BadEndpoint::Secret)?;
        Ok(Self { id, store, mode, uri, keys })
    }
}

impl anykey_sim_kit::Endpoint for Endpoint {
    type Id = Arc<str>;

    fn id(&self) -> Arc<str> {
        Arc::clone(&self.id)
    }
}

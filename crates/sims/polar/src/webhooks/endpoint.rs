//! Webhook endpoints: their addresses, secrets and signatures.

use std::fmt;

use anykey_core::Timestamp;
use anykey_sim_kit::{SigningKey, standard_secret, webhook_url};
use http::Uri;
use uuid::Uuid;

use super::signature::{legacy_key, standard_key};
use crate::error::SimError;
use crate::ids::Ids;
use crate::options::ApiVersion;

/// 29 June 2026, when secrets changed their prefix.
const RENAMED: i64 = 1_782_691_200;
/// 8 September 2026, when generated secrets changed their scheme.
const STANDARDIZED: i64 = 1_788_825_600;
/// The number of consecutive lost events that disables an endpoint.
const LOST_IN_A_ROW: u32 = 10;
/// The minimum length of a seller's own secret.
const SHORTEST: usize = 32;

/// An endpoint to add; see [`PolarSim::add_webhook_endpoint`](crate::PolarSim::add_webhook_endpoint).
///
/// ```
/// use anykey_polar_sim::{EndpointSpec, WebhookSecret};
///
/// let spec = EndpointSpec::new("http://127.0.0.1:8080/webhooks/polar")
///     .events(["benefit_grant.created", "benefit_grant.revoked"])
///     .secret(WebhookSecret::Legacy("a secret text with at least 32 characters".to_owned()));
/// ```
#[derive(Clone)]
#[must_use]
pub struct EndpointSpec {
    url: String,
    pub(super) organization: Option<Uuid>,
    secret: WebhookSecret,
    events: Option<Vec<String>>,
}

/// The signing secret of an endpoint. `Debug` prints no secret.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum WebhookSecret {
    /// A secret generated as by the vendor at that date: `polar_whs_…` before 29 June 2026, then `whsec_` and 43
    /// letters, both with the legacy scheme; since 8 September 2026 `whsec_` and base64.
    #[default]
    Generated,
    /// The legacy scheme, whose key is the bytes of the whole text: for secrets generated before 8 September 2026,
    /// and for all secrets of sellers. At least 32 characters.
    Legacy(String),
    /// The scheme of Standard Webhooks, whose key is the decoded base64 after `whsec_`.
    Standard(String),
}

impl WebhookSecret {
    /// A secret that is given: [`Standard`](Self::Standard) if it has that form, [`Legacy`](Self::Legacy) otherwise.
    pub(crate) fn given(secret: &str) -> Self {
        match standard_key(secret) {
            Some(_) => Self::Standard(secret.to_owned()),
            None => Self::Legacy(secret.to_owned()),
        }
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Generated => "Generated",
            Self::Legacy(_) => "Legacy(..)",
            Self::Standard(_) => "Standard(..)",
        })
    }
}

impl EndpointSpec {
    /// An endpoint with this absolute URL, for all events of the initial organization, with a generated secret.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), organization: None, secret: WebhookSecret::Generated, events: None }
    }

    /// Sets the organization. Default: the initial one.
    pub const fn organization(mut self, organization: Uuid) -> Self {
        self.organization = Some(organization);
        self
    }

    /// Sets the secret. Default: a generated one.
    pub fn secret(mut self, secret: WebhookSecret) -> Self {
        self.secret = secret;
        self
    }

    /// Restricts the endpoint to events of these types. Default: all.
    pub fn events<T: Into<String>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        self.events = Some(types.into_iter().map(Into::into).collect());
        self
    }

    /// Creates the endpoint, with an id and, if necessary, a secret from `ids`.
    pub(super) fn open(
        self,
        organization: Uuid,
        ids: &mut Ids,
        api_version: Option<ApiVersion>,
        now: Timestamp,
    ) -> Result<Endpoint, SimError> {
        let uri = webhook_url(&self.url).ok_or(SimError::UnusableUrl)?;
        let id = ids.uuid();
        let signer = Signer::of(self.secret, ids, now)?;
        let events = self.events;
        Ok(Endpoint { id, organization, uri, signer, events, api_version, enabled: true, lost_in_a_row: 0 })
    }
}

impl fmt::Debug for EndpointSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndpointSpec")
            .field("organization", &self.organization)
            .field("secret", &self.secret)
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

/// A webhook endpoint. `Debug` does not print the secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct WebhookEndpoint {
    /// The endpoint's id.
    pub id: Uuid,
    /// The signing secret.
    pub secret: String,
    /// Whether the secret uses the scheme of Standard Webhooks, not the legacy scheme.
    pub uses_standard_webhook_signature: bool,
}

impl fmt::Debug for WebhookEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEndpoint")
            .field("id", &self.id)
            .field("uses_standard_webhook_signature", &self.uses_standard_webhook_signature)
            .finish_non_exhaustive()
    }
}

/// A webhook endpoint of an organization.
pub(super) struct Endpoint {
    pub(super) id: Uuid,
    pub(super) uri: Uri,
    pub(super) signer: Signer,
    /// The version of its payloads, in releases that include it.
    pub(super) api_version: Option<ApiVersion>,
    pub(super) enabled: bool,
    pub(super) lost_in_a_row: u32,
    organization: Uuid,
    events: Option<Vec<String>>,
}

/// A secret and its signing key.
pub(super) struct Signer {
    pub(super) key: SigningKey,
    secret: String,
    standard: bool,
}

impl Signer {
    /// The signer of a secret, which is generated if necessary.
    pub(super) fn of(secret: WebhookSecret, ids: &mut Ids, now: Timestamp) -> Result<Self, SimError> {
        let (secret, standard) = match secret {
            WebhookSecret::Generated => match now.as_second() {
                ..RENAMED => (ids.token("polar_whs_"), false),
                RENAMED..STANDARDIZED => (ids.token("whsec_"), false),
                STANDARDIZED.. => (standard_secret(&ids.bytes::<32>()), true),
            },
            WebhookSecret::Legacy(secret) if secret.chars().count() >= SHORTEST => (secret, false),
            WebhookSecret::Legacy(_) => return Err(SimError::UnusableSecret),
            WebhookSecret::Standard(secret) => (secret, true),
        };
        let key = if standard { standard_key(&secret) } else { legacy_key(&secret) };
        Ok(Self { key: key.ok_or(SimError::UnusableSecret)?, secret, standard })
    }
}

impl anykey_sim_kit::Endpoint for Endpoint {
    type Id = Uuid;

    fn id(&self) -> Uuid {
        self.id
    }

    fn delivered(&mut self) {
        self.lost_in_a_row = 0;
    }

    /// An endpoint that loses many requests in a row is disabled, and then gets no further events.
    fn lost(&mut self) -> bool {
        self.lost_in_a_row += 1;
        self.enabled = self.lost_in_a_row < LOST_IN_A_ROW;
        self.enabled
    }
}

impl Endpoint {
    /// Whether the endpoint is enabled, belongs to the organization and is subscribed to this type.
    pub(super) fn wants(&self, organization: Uuid, event_type: &str) -> bool {
        self.enabled
            && self.organization == organization
            && self.events.as_ref().is_none_or(|types| types.iter().any(|one| one == event_type))
    }

    /// The public form of the endpoint.
    pub(super) fn known(&self) -> WebhookEndpoint {
        WebhookEndpoint {
            id: self.id,
            secret: self.signer.secret.clone(),
            uses_standard_webhook_signature: self.signer.standard,
        }
    }
}

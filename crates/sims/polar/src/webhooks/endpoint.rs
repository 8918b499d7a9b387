use std::fmt;

use anykey_core::Timestamp;
use anykey_sim_kit::{SigningKey, standard_secret};
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
/// How many events in a row may be lost before the endpoint is disabled.
const LOST_IN_A_ROW: u32 = 10;
/// How short a seller's own secret may be.
const SHORTEST: usize = 32;

/// An endpoint to add; see [`PolarSim::add_webhook_endpoint`](crate::PolarSim::add_webhook_endpoint).
///
/// ```
/// use anykey_polar_sim::{EndpointSpec, WebhookSecret};
///
/// let spec = EndpointSpec::new("http://127.0.0.1:8080/webhooks/polar")
///     .events(["benefit_grant.created", "benefit_grant.revoked"])
///     .secret(WebhookSecret::Legacy("a text of the seller's own, long enough".to_owned()));
/// ```
#[derive(Clone)]
#[must_use]
pub struct EndpointSpec {
    url: String,
    pub(super) organization: Option<Uuid>,
    secret: WebhookSecret,
    events: Option<Vec<String>>,
}

/// What an endpoint signs with. `Debug` shows no secret.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum WebhookSecret {
    /// One that the vendor generates as it does on that day: `polar_whs_…` before 29 June 2026, then
    /// `whsec_` and 43 letters, both of the legacy scheme; since 8 September 2026 `whsec_` and base64.
    #[default]
    Generated,
    /// The legacy scheme, whose key are the bytes of the whole text: secrets generated before
    /// 8 September 2026, and every one that a seller brings. At least 32 characters.
    Legacy(String),
    /// The scheme of Standard Webhooks, whose key is what the base64 after `whsec_` stands for.
    Standard(String),
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
    /// An endpoint at this absolute URL for all events of the organization that the simulator started
    /// with, and a secret that the vendor generates.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), organization: None, secret: WebhookSecret::Generated, events: None }
    }

    /// Sends the events of another organization.
    pub const fn organization(mut self, organization: Uuid) -> Self {
        self.organization = Some(organization);
        self
    }

    /// Signs with this secret.
    pub fn secret(mut self, secret: WebhookSecret) -> Self {
        self.secret = secret;
        self
    }

    /// Sends events of these types only.
    pub fn events<T: Into<String>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        self.events = Some(types.into_iter().map(Into::into).collect());
        self
    }

    /// The endpoint, with an id and if need be a secret from `ids`.
    pub(super) fn open(
        self,
        organization: Uuid,
        ids: &mut Ids,
        api_version: Option<ApiVersion>,
        now: Timestamp,
    ) -> Result<Endpoint, SimError> {
        let uri: Uri = self.url.parse().map_err(|_| SimError::UnusableUrl)?;
        if uri.host().is_none() || !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(SimError::UnusableUrl);
        }
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

/// An endpoint that exists now. `Debug` leaves the secret out.
#[derive(Clone)]
#[non_exhaustive]
pub struct WebhookEndpoint {
    /// Identifies the endpoint.
    pub id: Uuid,
    /// What its receiver verifies with.
    pub secret: String,
    /// Whether the secret is of the scheme of Standard Webhooks; the legacy scheme if not.
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

/// Where the events of an organization are sent.
pub(super) struct Endpoint {
    pub(super) id: Uuid,
    pub(super) uri: Uri,
    pub(super) signer: Signer,
    /// The version of its payloads, in releases that send it.
    pub(super) api_version: Option<ApiVersion>,
    pub(super) enabled: bool,
    pub(super) lost_in_a_row: u32,
    organization: Uuid,
    events: Option<Vec<String>>,
}

/// A secret and what it stands for.
pub(super) struct Signer {
    pub(super) key: SigningKey,
    secret: String,
    standard: bool,
}

impl Signer {
    /// The signer of a secret, which is generated if it is not given.
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

    fn lost(&mut self) -> bool {
        self.lost_in_a_row += 1;
        self.enabled = self.lost_in_a_row < LOST_IN_A_ROW;
        self.enabled
    }
}

impl Endpoint {
    pub(super) fn wants(&self, organization: Uuid, event_type: &str) -> bool {
        self.enabled
            && self.organization == organization
            && self.events.as_ref().is_none_or(|types| types.iter().any(|one| one == event_type))
    }

    /// What the seller sees of it.
    pub(super) fn known(&self) -> WebhookEndpoint {
        WebhookEndpoint {
            id: self.id,
            secret: self.signer.secret.clone(),
            uses_standard_webhook_signature: self.signer.standard,
        }
    }
}

//! Verifies deliveries and passes each to the module of its kind.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Error, ErrorKind, HeaderMap, LicenseEvent, Operation, Result, SecretResolver, SecretString, Timestamp,
    WebhookError, WebhookReceiver,
};
use anykey_webhook::{SigningKey, Verifier, resolve_secrets};
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::{customer, grant, order};
use crate::credential::check_webhook_secret;
use crate::{NAME, PolarConfig};

/// Reads the deliveries of Polar: `benefit_grant.*` of license keys, `customer.state_changed` and `order.refunded`.
///
/// Polar never sends the key, only its id: [`LicenseEvent::read_key`] asks for it. The list of
/// `customer.state_changed` is in [`LicenseEvent::granted_keys`], empty when the customer has no key (any
/// more); it is `None` when Polar leaves a key's id out, since then the list is not complete.
///
/// `order.refunded` names the order, its customer and the product that was sold, and no key: see
/// [`PolarProvider::granted_keys`](crate::PolarProvider::granted_keys).
///
/// Polar signs in two ways under one prefix. Secrets that it made from 8 September 2026 on hold the key as
/// base64 after `whsec_`. In all others, older or the seller's own, the text itself is the key, `whsec_`
/// included. The secret does not say which, so both are tried.
///
/// ```
/// use anykey_core::{HeaderMap, SecretString, Timestamp, WebhookReceiver};
/// use anykey_polar::PolarWebhooks;
///
/// let webhooks = PolarWebhooks::new([SecretString::from("polar_whs_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK")])?;
/// let forged = webhooks.verify(&HeaderMap::new(), b"{}", Timestamp::now()).unwrap_err();
/// assert_eq!(forged.status_hint(), 400);
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PolarWebhooks {
    verifier: Verifier,
}

impl PolarWebhooks {
    /// Accepts what any of `secrets` signed, in either way. Give several while one is replaced.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when there is none, or one is too short, or is something else: in quotes, a signature
    /// (`v1,…`), a URL, an access token, or with an invisible character in it.
    pub fn new(secrets: impl IntoIterator<Item = SecretString>) -> Result<Self> {
        let secrets: Vec<SecretString> = secrets.into_iter().collect();
        secrets
            .iter()
            .try_for_each(check_webhook_secret)
            .map_err(|error| error.with_provider(NAME).with_operation(Operation::Configure))?;
        let keys = secrets.into_iter().flat_map(|secret| {
            let is_marked = secret.expose_secret().starts_with("whsec_");
            let standard = is_marked.then(|| SigningKey::standard(&secret).ok()).flatten();
            [Some(SigningKey::literal(&secret)), standard.map(Ok)].into_iter().flatten()
        });
        let verifier = Verifier::requiring(keys).map_err(|error| error.with_provider(NAME))?;
        Ok(Self { verifier })
    }

    /// Accepts what Polar's command `polar listen` relays to a developer's machine.
    ///
    /// It signs with the organization's id, which is *no secret*: anybody who knows it can forge a delivery.
    /// Never use this where others can reach the endpoint.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when `organization_id` is not a UUID.
    pub fn for_polar_listen(organization_id: &str) -> Result<Self> {
        let id = Uuid::try_parse(organization_id).map_err(|_| {
            Error::new(ErrorKind::Config, "the organization's id is not a UUID")
                .with_provider(NAME)
                .with_operation(Operation::Configure)
        })?;
        Self::new([SecretString::from(id.simple().to_string())])
    }
}

impl WebhookReceiver for PolarWebhooks {
    fn provider(&self) -> &str {
        NAME
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<LicenseEvent, WebhookError> {
        let delivery = self.verifier.open(headers, body, now)?;
        match &*delivery.raw_type {
            "customer.state_changed" => customer::event(&delivery),
            "order.refunded" => order::event(&delivery),
            raw_type if raw_type.starts_with("benefit_grant.") => grant::event(&delivery),
            _ => Err(delivery.not_of_interest()),
        }
    }
}

impl PolarConfig {
    /// Reads the webhook secrets.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field.
    pub fn webhooks(&self, secrets: &dyn SecretResolver) -> Result<PolarWebhooks> {
        PolarWebhooks::new(resolve_secrets(&self.webhook_secrets, secrets)?)
            .map_err(|error| error.in_context("`webhook_secrets`"))
    }
}

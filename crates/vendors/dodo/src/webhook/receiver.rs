//! Verifies deliveries and passes each to the module of its kind.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    HeaderMap, LicenseEvent, Result, SecretResolver, SecretString, Timestamp, WebhookError, WebhookReceiver,
};
use anykey_webhook::{SigningKey, Verifier, resolve_secrets};

use super::{grant, key, purchase};
use crate::{DodoConfig, NAME};

/// Reads the deliveries of Dodo Payments: Standard Webhooks.
///
/// License keys come with `license_key.created` and `entitlement_grant.*`, complete. The subscriptions, refunds
/// and disputes behind them come without a key; [`LicenseEvent::origin`] has the subscription's or payment's
/// id. Everything else is of no interest.
///
/// Dodo writes into a delivery what holds when it *sends* it, not what held when it happened. So the
/// [kind](LicenseEvent::kind) goes by the grant's state: an `entitlement_grant.delivered` that comes after the
/// grant was revoked is [`Revoked`](anykey_core::EventKind::Revoked).
///
/// ```
/// use anykey_core::{HeaderMap, SecretString, Timestamp, WebhookReceiver};
/// use anykey_dodo::DodoWebhooks;
///
/// let webhooks = DodoWebhooks::new([SecretString::from("whsec_ZXhhbXBsZS1vbmx5LXdlYmhvb2stc2VjcmV0LTAwMDE=")])?;
/// let forged = webhooks.verify(&HeaderMap::new(), b"{}", Timestamp::now()).unwrap_err();
/// assert_eq!(forged.status_hint(), 400);
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct DodoWebhooks {
    verifier: Verifier,
}

impl DodoWebhooks {
    /// Accepts what any of `secrets` signed: `whsec_…`, from the endpoint's page in Dodo's dashboard. While a
    /// secret is replaced, the old one stays good for 24 hours: give both.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when there is none, or one is no secret of Dodo's.
    pub fn new(secrets: impl IntoIterator<Item = SecretString>) -> Result<Self> {
        let keys = secrets.into_iter().map(|secret| SigningKey::standard(&secret));
        let verifier = Verifier::requiring(keys).map_err(|error| error.with_provider(NAME))?;
        Ok(Self { verifier })
    }
}

impl WebhookReceiver for DodoWebhooks {
    fn provider(&self) -> &str {
        NAME
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<LicenseEvent, WebhookError> {
        let delivery = self.verifier.open(headers, body, now)?;
        match delivery.raw_type.split_once('.').unwrap_or_default() {
            ("license_key", _) => key::event(&delivery),
            ("entitlement_grant", _) => grant::event(&delivery),
            ("subscription" | "dispute", _) | ("refund", "succeeded") => purchase::event(&delivery),
            _ => Err(delivery.not_of_interest()),
        }
    }
}

impl DodoConfig {
    /// Reads the webhook secrets.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), naming the field.
    pub fn webhooks(&self, secrets: &dyn SecretResolver) -> Result<DodoWebhooks> {
        DodoWebhooks::new(resolve_secrets(&self.webhook_secrets, secrets)?)
            .map_err(|error| error.in_context("`webhook_secrets`"))
    }
}

//! Receives pings and confirms them with a call.
//!
//! This is the only place where an event costs a request, because nothing in a ping is proven.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Error, ErrorKind, EventKind, LicenseEvent, Operation, RawBody, Result, SecretResolver, SecretString,
    Timestamp,
};
use anykey_http::JsonMember;
use anykey_webhook::resolve_secrets;
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

use super::PingError;
use super::body::Ping;
use crate::management::Management;
use crate::wire::SaleBody;
use crate::{GumroadConfig, GumroadProvider, NAME, map};

/// The fewest characters of a secret that cannot be guessed.
const SHORTEST: usize = 16;

/// Receives Gumroad's pings of one seller.
///
/// Nobody signs a ping, so anyone who knows the address can send one. Two things stand against that: the path ends in a
/// secret, and the sale that the ping names is read from Gumroad with the seller's token. **Only that answer counts**:
/// the event's key, product, customer and origin come from it, and its [`kind`](LicenseEvent::kind) is what the key is
/// then. The ping itself gives no more than [`raw_type`](LicenseEvent::raw_type), the word for what it claims to be
/// about.
///
/// ```no_run
/// use anykey_core::{LicenseEvent, Timestamp};
/// use anykey_gumroad::GumroadPings;
///
/// /// The endpoint's whole work, and the HTTP status to answer with.
/// async fn endpoint(pings: &GumroadPings, path: &str, body: &[u8]) -> u16 {
///     match pings.receive(path, body, Timestamp::now()).await {
///         Ok(event) => apply(event),
///         Err(error) => error.status_hint(),
///     }
/// }
/// # fn apply(_: LicenseEvent) -> u16 { 200 }
/// ```
///
/// `Debug` prints no secret.
#[derive(Clone, Debug)]
pub struct GumroadPings {
    management: Management,
    secrets: Vec<SecretString>,
}

impl GumroadPings {
    /// A receiver of pings whose path ends in one of `secrets`, several while one is replaced. `provider` asks about
    /// their sales.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the provider has no token, when there is no secret, and when one has fewer than 16
    /// characters or one that is not a letter, a digit, `-` or `_`.
    pub fn new(provider: &GumroadProvider, secrets: impl IntoIterator<Item = SecretString>) -> Result<Self> {
        let secrets: Vec<SecretString> = secrets.into_iter().collect();
        let wrong = |message: &'static str| {
            Error::new(ErrorKind::Config, message).with_provider(NAME).with_operation(Operation::Configure)
        };
        let Some(management) = provider.management.clone() else {
            return Err(wrong("`token` is missing; without one no ping can be confirmed"));
        };
        if secrets.is_empty() {
            return Err(wrong("`webhook_secrets` is empty; the path of the ping URL has to end in a secret"));
        }
        if !secrets.iter().all(is_secret) {
            return Err(wrong(
                "`webhook_secrets` holds what is no secret segment of a path: at least 16 letters, digits, `-` or `_`",
            ));
        }
        Ok(Self { management, secrets })
    }

    /// Confirms a ping: `path` is the path of the request, `body` its bytes, and `now` the time of its arrival.
    ///
    /// It sends a request for the sale, and up to four for a ping of a membership. It does not count uses.
    ///
    /// # Errors
    ///
    /// [`PingError`], with the status to answer in [`PingError::status_hint`].
    pub async fn receive(&self, path: &str, body: &[u8], now: Timestamp) -> Result<LicenseEvent, PingError> {
        if !self.is_secret_path(path) {
            return Err(PingError::WrongPath);
        }
        let Some(ping) = Ping::read(body) else {
            return Err(PingError::Unreadable("it is not a form that names a sale"));
        };
        let mut last = PingError::NotOfInterest;
        for id in &ping.sales {
            let (sale, response) = match self.management.sale(Operation::Get, id).await {
                Ok(found) => found,
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    last = PingError::Unconfirmed(error);
                    continue;
                }
                Err(error) => return Err(PingError::Unconfirmed(error)),
            };
            let at = response.answered_at().unwrap_or(now);
            if let Some(mut event) = confirmed(&ping, sale, at) {
                event.sent_at = now;
                event.raw = RawBody::new(body);
                return Ok(event);
            }
            last = PingError::NotOfInterest;
        }
        Err(last)
    }

    /// Whether the last segment of the path is one of the secrets. A query, a fragment and a slash at the end are
    /// ignored.
    fn is_secret_path(&self, path: &str) -> bool {
        let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let last = path.rsplit('/').next().unwrap_or_default().as_bytes();
        // Every secret is compared, so that the time does not tell which one is close.
        self.secrets.iter().fold(false, |is_known, secret| {
            is_known | bool::from(secret.expose_secret().as_bytes().ct_eq(last))
        })
    }
}

/// The event of a sale as Gumroad has it `at` this instant; `None` if it owns no key and renews none. A later payment
/// of a membership is a renewal without a key. Everything else is what the key's status says at this moment, whatever
/// the ping claims.
fn confirmed(ping: &Ping<'_>, sale: SaleBody, at: Timestamp) -> Option<LicenseEvent> {
    let event = |kind| LicenseEvent::new(NAME, &*ping.id, kind, &*ping.raw_type, at);
    let is_renewal = sale.recurring_charge == JsonMember::Value(true)
        && sale.license_key.as_ref().is_some_and(|code| !code.trim().is_empty());
    if is_renewal {
        let mut event = event(EventKind::Renewed);
        event.customer = sale.purchaser_id.value();
        event.product = sale.product_id.value();
        event.origin.seller = sale.seller_id.value().map(Into::into);
        event.origin.order = sale.order_id.value();
        event.origin.subscription = sale.subscription_id.value();
        return Some(event);
    }
    let key = map::sale(sale)?;
    let mut event = event(match key.status.verdict() {
        Some(anykey_core::Verdict::Valid) => EventKind::Granted,
        Some(anykey_core::Verdict::Refused(_)) => EventKind::Revoked,
        None => EventKind::Updated,
    });
    event.key_id = Some(key.id.clone());
    event.customer.clone_from(&key.customer);
    event.product.clone_from(&key.product);
    event.origin = key.origin.clone();
    event.reason.clone_from(&key.origin.revocation);
    event.key = Some(key);
    Some(event)
}

/// Whether a text can be the last segment of a path, and cannot be guessed.
fn is_secret(secret: &SecretString) -> bool {
    let text = secret.expose_secret();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() >= SHORTEST && text.bytes().all(is_plain)
}

impl GumroadConfig {
    /// The receiver of this configuration's pings, which `provider` confirms.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field.
    pub fn pings(&self, provider: &GumroadProvider, secrets: &dyn SecretResolver) -> Result<GumroadPings> {
        GumroadPings::new(provider, resolve_secrets(&self.webhook_secrets, secrets)?)
    }
}

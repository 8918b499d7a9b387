//! Events on demand: what a running simulator does when somebody asks for a webhook.

use std::fmt;
use std::sync::Arc;

use anykey::sim::{IssueSpec, SimulatedVendor};
use anykey::{HttpTransport, LicenseKeyId, StatusChange, TransportError, async_trait};
use bytes::Bytes;
use clap::ValueEnum;
use http::{Method, Request, Response, StatusCode};
use serde_json::json;

/// Where a simulator takes the word of an event. No vendor has such a path.
const PATH: &str = "/.anykey/trigger/";

/// Something that happens to a new key, of which the vendor sends what it sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TriggeredEvent {
    /// A key is sold
    Issued,
    /// The seller disables it
    Disabled,
    /// The seller disables it and puts it in force again
    Enabled,
    /// The seller revokes it
    Revoked,
    /// Its payment is refunded
    Refunded,
    /// A payment of its subscription fails
    PaymentFailed,
    /// A payment of its subscription fails and is made up for
    PaymentResumed,
    /// The seller gives it another end
    ExpiryChanged,
    /// It gets a new code
    Rotated,
    /// A device takes a seat of it
    Activated,
}

impl TriggeredEvent {
    /// The word of the command line.
    #[must_use]
    pub fn word(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// The path that asks a simulator for it.
    #[must_use]
    pub fn path(self) -> String {
        format!("{PATH}{}", self.word())
    }

    /// Sells a key at `vendor` and lets it happen; `None` where the vendor does not know such a thing.
    fn happen(self, vendor: &dyn SimulatedVendor) -> Option<LicenseKeyId> {
        let spec = match self {
            Self::PaymentFailed | Self::PaymentResumed => IssueSpec::new().by_subscription(),
            _ => IssueSpec::new(),
        };
        let id = vendor.issue(spec)?.id;
        match self {
            Self::Issued => {}
            Self::Disabled => vendor.set_status(&id, StatusChange::Disable)?,
            Self::Enabled => {
                vendor.set_status(&id, StatusChange::Disable)?;
                vendor.set_status(&id, StatusChange::Enable)?;
            }
            Self::Revoked => vendor.set_status(&id, StatusChange::Revoke)?,
            Self::Refunded => vendor.refund(&id)?,
            Self::PaymentFailed => vendor.stop_payment(&id)?,
            Self::PaymentResumed => {
                vendor.stop_payment(&id)?;
                vendor.resume_payment(&id)?;
            }
            Self::ExpiryChanged => {
                vendor.set_expiry(&id, Some(vendor.now() + anykey::SignedDuration::from_hours(720)))?
            }
            Self::Rotated => drop(vendor.rotate(&id)?),
            Self::Activated => drop(vendor.activate(&id, "anykey")?),
        }
        Some(id)
    }
}

/// A vendor's API that also takes events on demand.
pub struct TriggerTransport {
    vendor: Arc<dyn SimulatedVendor>,
    api: Arc<dyn HttpTransport>,
    /// Whether somebody receives its webhooks.
    has_endpoint: bool,
}

impl TriggerTransport {
    /// `api` of `vendor`. Without an endpoint that receives its webhooks nothing is triggered.
    #[must_use]
    pub fn new(vendor: Arc<dyn SimulatedVendor>, api: Arc<dyn HttpTransport>, has_endpoint: bool) -> Self {
        Self { vendor, api, has_endpoint }
    }

    fn trigger(&self, word: &str) -> (StatusCode, String) {
        let vendor = self.vendor.vendor();
        let Ok(event) = TriggeredEvent::from_str(word, false) else {
            return (StatusCode::NOT_FOUND, format!("this simulator knows no event `{word}`"));
        };
        if !self.has_endpoint {
            let message = "this simulator sends no webhooks; start it with `anykey sim --webhooks URL`, for a vendor that has \
                           some";
            return (StatusCode::CONFLICT, message.to_owned());
        }
        match event.happen(&*self.vendor) {
            Some(id) => (StatusCode::OK, id.to_string()),
            None => (StatusCode::NOT_IMPLEMENTED, format!("`{word}` does not happen at {vendor}")),
        }
    }
}

#[async_trait]
impl HttpTransport for TriggerTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let Some(word) = request.uri().path().strip_prefix(PATH).filter(|_| request.method() == Method::POST)
        else {
            return self.api.send(request).await;
        };
        let (status, message) = self.trigger(word);
        let mut response = Response::new(Bytes::from(json!({ "message": message }).to_string()));
        *response.status_mut() = status;
        Ok(response)
    }
}

impl fmt::Debug for TriggerTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TriggerTransport").field("vendor", &self.vendor).finish_non_exhaustive()
    }
}

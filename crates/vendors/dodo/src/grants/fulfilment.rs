//! Manual fulfilment: a purchase makes a grant without a key, and the seller answers it with one.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivationLimit, CreateRequest, CustomerId, ErrorKind, Expiry, KeyCode, LicenseKey, LicenseKeyId,
    Operation, Result, Timestamp,
};
use anykey_http::ApiRequest;

use super::listing::Scope;
use super::map::{Granted, answered};
use super::wire::{ConfigBody, EntitlementBody, FulfilBody};
use super::{Grants, MAX_PAGES, endless, failure};
use crate::answer::{of_another_request, segment, succeed_with_grant};
use crate::classic::imported;
use crate::error::FULFIL_GRANT;
use crate::position::PageAt;
use crate::{NAME, map};

/// A grant that waits for the seller to enter its license key: a customer bought what an entitlement with
/// manual fulfillment delivers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingGrant {
    /// Names the grant (`entg_…`).
    pub id: Box<str>,
    /// What was granted (`ent_…`).
    pub entitlement: Box<str>,
    /// Who waits for the key; `None` when Dodo does not report it.
    pub customer: Option<CustomerId>,
    /// The payment that bought it (`pay_…`), when there is one.
    pub payment: Option<Box<str>>,
    /// The subscription that keeps it alive (`sub_…`), when there is one.
    pub subscription: Option<Box<str>>,
    /// Since when it waits; `None` when Dodo does not report it.
    pub created_at: Option<Timestamp>,
}

/// The license key for a [`PendingGrant`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fulfilment {
    /// The code; must not exist yet.
    pub code: KeyCode,
    /// How many seats it has, at least 1; `None` is what the entitlement says.
    pub activation_limit: Option<u64>,
    /// When it ends; `None` is what the entitlement says.
    pub expires_at: Option<Timestamp>,
}

impl Fulfilment {
    /// A key with the entitlement's own limit and duration.
    ///
    /// The code has to be new: an existing one is a [`Conflict`](anykey_core::ErrorKind::Conflict) when the grant is
    /// fulfilled.
    #[must_use]
    pub const fn new(code: KeyCode) -> Self {
        Self { code, activation_limit: None, expires_at: None }
    }

    /// Gives the key at most `limit` seats. A limit of 0 is an
    /// [`InvalidRequest`](anykey_core::ErrorKind::InvalidRequest) when the grant is fulfilled.
    #[must_use]
    pub const fn activation_limit(mut self, limit: u64) -> Self {
        self.activation_limit = Some(limit);
        self
    }

    /// Ends the key at `at`.
    #[must_use]
    pub const fn expires_at(mut self, at: Timestamp) -> Self {
        self.expires_at = Some(at);
        self
    }
}

impl Grants<'_> {
    /// The pending grants of `customer`, or of everybody, each once, in no particular order.
    pub(crate) async fn pending(&self, customer: Option<&CustomerId>) -> Result<Vec<PendingGrant>> {
        let operation = Operation::Vendor("pending_grants");
        if let Some(customer) = customer {
            return self.pending_in(operation, Scope::Customer(customer), &[PENDING]).await;
        }
        let mut pending = Vec::new();
        for entitlement in self.entitlements(operation).await? {
            pending.extend(self.pending_in(operation, Scope::Entitlement(&entitlement), &[PENDING]).await?);
        }
        Ok(pending)
    }

    /// Answers the grant `id`. Repeated after a lost answer, since a grant takes one key only: a conflict
    /// then means that the lost attempt did it, if the key is there.
    pub(crate) async fn fulfil(&self, id: &str, fulfilment: &Fulfilment) -> Result<LicenseKey> {
        let code = fulfilment.code.expose();
        let body = FulfilBody {
            key: code,
            activations_limit: fulfilment.activation_limit,
            expires_at: fulfilment.expires_at,
        };
        let request = ApiRequest::post(FULFIL_GRANT)
            .path(&["grants"])
            .segment(segment("grant id", id, FULFIL_GRANT)?)
            .path(&["license-key"])
            .json(&body)
            .repeatable();
        let response = self.client.send(request).await?;
        let lost_earlier = response.earlier_attempt_open();
        let response = match succeed_with_grant(response, &[code]) {
            Err(error) if lost_earlier && error.http_status() == Some(409) => {
                let done = self.get(FULFIL_GRANT, &LicenseKeyId::from(id)).await.ok();
                return done.filter(|key| key.code == fulfilment.code).ok_or(error);
            }
            answer => answer?,
        };
        match answered(&response, self.keep_raw)? {
            Granted::Key(key) if key.code != fulfilment.code => Err(of_another_request(&response)),
            Granted::Key(key) => {
                self.places.remember(&key.id, &key);
                Ok(*key)
            }
            _ => {
                Err(response
                    .error(ErrorKind::Decode, "the fulfilled grant came back without its license key"))
            }
        }
    }

    /// Creates a key of an entitlement: answers the customer's grant of it that waits longest.
    pub(crate) async fn fulfil_for(&self, request: &CreateRequest) -> Result<LicenseKey> {
        let operation = Operation::Create;
        let (code, customer) = imported(request)?;
        let (activation_limit, expires_at) =
            (map::new_limit(request.activation_limit)?, map::new_expiry(request.expiry)?);
        let entitlement = request.product.as_str();
        let config = self.config(entitlement).await?;
        if request.activation_limit == ActivationLimit::Unlimited
            && config.activations_limit.value().is_some()
        {
            return Err(failure(ErrorKind::InvalidRequest, LIMITED, operation));
        }
        if request.expiry == Expiry::Never && config.duration_count.value().is_some() {
            return Err(failure(ErrorKind::InvalidRequest, LIMITED_IN_TIME, operation));
        }
        let filters = [PENDING, ("customer_id", customer.as_str())];
        let mut waiting = self.pending_in(operation, Scope::Entitlement(entitlement), &filters).await?;
        waiting.retain(|grant| grant.customer.as_ref().is_none_or(|own| own == customer));
        let longest = waiting
            .into_iter()
            .min_by(|one, other| (one.created_at, &one.id).cmp(&(other.created_at, &other.id)));
        let Some(grant) = longest else {
            return Err(failure(ErrorKind::Conflict, NOBODY_WAITS, operation));
        };
        let fulfilment = Fulfilment { code: code.clone(), activation_limit, expires_at };
        self.fulfil(&grant.id, &fulfilment).await.map_err(|error| error.with_operation(operation))
    }

    /// The entitlement's own limit and duration.
    async fn config(&self, entitlement: &str) -> Result<ConfigBody> {
        let operation = Operation::Create;
        let request = ApiRequest::get(operation).path(&["entitlements"]).segment(segment(
            "entitlement id",
            entitlement,
            operation,
        )?);
        let response = succeed_with_grant(self.client.send(request).await?, &[])?;
        Ok(response.json::<EntitlementBody<'_>>()?.integration_config.unwrap_or_default())
    }

    /// The pending grants of one list, each once.
    ///
    /// # Errors
    ///
    /// If a grant is unreadable, since it may be the one that waits.
    async fn pending_in(
        &self,
        operation: Operation,
        scope: Scope<'_>,
        filters: &[(&'static str, &str)],
    ) -> Result<Vec<PendingGrant>> {
        let mut pending: Vec<PendingGrant> = Vec::new();
        let mut at = PageAt::first(self.page_cap.get());
        while at.number < MAX_PAGES {
            let page = self.page(operation, scope, at, filters).await?;
            if let Some(record) = page.unreadable.first() {
                return Err(record.error().with_provider(NAME).with_operation(operation));
            }
            for grant in page.pending {
                if !pending.iter().any(|known| known.id == grant.id) {
                    pending.push(grant);
                }
            }
            if page.is_last {
                return Ok(pending);
            }
            at = page.reached.next();
        }
        Err(endless(operation))
    }
}

/// Dodo's filter for grants without a key.
const PENDING: (&str, &str) = ("status", "Pending");

/// Only a purchase makes a grant.
const NOBODY_WAITS: &str =
    "no grant of this entitlement awaits a key for this customer; only a purchase makes one";

/// A key without a limit of its own has that of its entitlement.
const LIMITED: &str =
    "the entitlement limits the activations of its keys, so this one cannot be unlimited; name its limit";

/// The same for the duration.
const LIMITED_IN_TIME: &str =
    "the entitlement ends its keys after a time, so this one cannot last for ever; name its end";

//! Entitlement grants, the successor of `/license_keys`: a grant is one customer's issue of an entitlement,
//! and brings the license key.

#[cfg(feature = "webhooks")]
pub(crate) mod delivered;
mod fulfilment;
mod listing;
mod map;
mod places;
mod revocation;
mod wire;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Error, ErrorKind, LicenseKey, LicenseKeyId, LicensePatch, Operation, ProductId, Result, StatusChange,
};
use anykey_http::{ApiClient, ApiRequest};

use crate::answer::{of_another_request, segment, succeed_with_grant};
use crate::page_cap::PageCap;
use crate::position::PageAt;
use crate::wire::Items;
use crate::{NAME, capability};

pub use fulfilment::{Fulfilment, PendingGrant};
pub(crate) use places::Places;
pub use revocation::RevocationClass;

use listing::Scope;
use map::Granted;
use places::Place;
use wire::EntitlementBody;

/// A walk with more pages than these is taken for a listing that never ends.
const MAX_PAGES: u64 = 10_000;

/// The calls on entitlements and their grants.
#[derive(Debug)]
pub(crate) struct Grants<'a> {
    /// The client with the token.
    pub(crate) client: &'a ApiClient,
    /// Whether keys keep the answer's JSON.
    pub(crate) keep_raw: bool,
    /// Where the grants of keys are that were read.
    pub(crate) places: &'a Places,
    /// How many records Dodo was seen to put on a page.
    pub(crate) page_cap: &'a PageCap,
}

impl Grants<'_> {
    /// Whether `id` is a key's own id. A key for which Dodo reports none goes by the id of its grant.
    pub(crate) fn is_key_id(id: &LicenseKeyId) -> bool {
        id.as_str().starts_with("lic_")
    }

    /// Whether `product` is an entitlement, which is what issues keys here.
    pub(crate) fn issues(product: &ProductId) -> bool {
        product.as_str().starts_with("ent_")
    }

    /// Asks whether there are entitlements to list, on behalf of `operation`.
    pub(crate) async fn probe(&self, operation: Operation) -> Result<()> {
        let response = self.client.send(listing::entitlements_request(operation, PageAt::first(1))).await?;
        let response = succeed_with_grant(response, &[])?;
        response.json::<Items<EntitlementBody<'_>>>().map(drop)
    }

    /// The key with this id, or of the grant with it.
    ///
    /// No call reads one grant: if the customer is known, that customer's grants are read, and otherwise those of all
    /// entitlements.
    pub(crate) async fn get(&self, operation: Operation, id: &LicenseKeyId) -> Result<LicenseKey> {
        segment("license key id", id.as_str(), operation)?;
        if let Some(Place { customer: Some(customer), .. }) = self.places.find(id) {
            match self.search(operation, Scope::Customer(&customer), id, &mut false).await {
                Ok(Some(key)) => return Ok(key),
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => self.places.forget(id),
            }
        }
        self.walk(operation, id).await
    }

    /// `patch` asks for nothing but what grants can do.
    pub(crate) async fn update(&self, id: &LicenseKeyId, patch: &LicensePatch) -> Result<LicenseKey> {
        match patch.status {
            Some(StatusChange::Revoke) => self.revoke(id).await,
            _ => self.get(Operation::Update, id).await,
        }
    }

    /// Deletes the grant for good. It can be repeated.
    ///
    /// # Errors
    ///
    /// `Conflict` for a key that is already away for a passing reason: Dodo changes nothing then.
    async fn revoke(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let operation = Operation::Update;
        segment("license key id", id.as_str(), operation)?;
        let place = match self.places.find(id) {
            Some(place) => place,
            None => Place::of(&self.walk(operation, id).await?).ok_or_else(|| unknown(operation))?,
        };
        let request = ApiRequest::delete(operation)
            .path(&["entitlements"])
            .segment(segment("entitlement id", &place.entitlement, operation)?)
            .path(&["grants"])
            .segment(segment("grant id", &place.grant, operation)?)
            .repeatable();
        let response = succeed_with_grant(self.client.send(request).await?, &[])?;
        let Granted::Key(key) = map::answered(&response, self.keep_raw)? else {
            return Err(
                response.error(ErrorKind::Decode, "the revoked grant came back without its license key")
            );
        };
        if key.origin.grant.as_ref() != Some(&place.grant) {
            return Err(of_another_request(&response));
        }
        if RevocationClass::of(&key) == Some(RevocationClass::Temporary) {
            return Err(response.error(
                ErrorKind::Conflict,
                "the key is already taken away for a passing reason and comes back with it; revoke it then",
            ));
        }
        Ok(*key)
    }

    /// Reads the grants of every entitlement until the key comes; where the others are is remembered.
    async fn walk(&self, operation: Operation, id: &LicenseKeyId) -> Result<LicenseKey> {
        let mut nameless = false;
        for entitlement in self.entitlements(operation).await? {
            let scope = Scope::Entitlement(&entitlement);
            if let Some(key) = self.search(operation, scope, id, &mut nameless).await? {
                self.places.remember(id, &key);
                return Ok(key);
            }
        }
        if nameless && Self::is_key_id(id) {
            return Err(capability::nameless_keys(operation));
        }
        Err(unknown(operation))
    }

    /// Looks for the key in one list; `nameless` becomes true when a key in it has no id of its own.
    async fn search(
        &self,
        operation: Operation,
        scope: Scope<'_>,
        id: &LicenseKeyId,
        nameless: &mut bool,
    ) -> Result<Option<LicenseKey>> {
        let mut at = PageAt::first(self.page_cap.get());
        while at.number < MAX_PAGES {
            let page = self.page(operation, scope, at, &[]).await?;
            *nameless |= page.keys.iter().any(|key| !Self::is_key_id(&key.id));
            if let Some(key) = page.keys.into_iter().find(|key| is_meant(key, id)) {
                return Ok(Some(key));
            }
            if let Some(record) = page.unreadable.first() {
                return Err(record.error().with_provider(NAME).with_operation(operation));
            }
            if page.is_last {
                return Ok(None);
            }
            at = page.reached.next();
        }
        Err(endless(operation))
    }
}

/// Whether `key` has this id, or its grant.
fn is_meant(key: &LicenseKey, id: &LicenseKeyId) -> bool {
    key.id == *id || key.origin.grant.as_deref() == Some(id.as_str())
}

/// The error for a key that no entitlement has granted.
fn unknown(operation: Operation) -> Error {
    failure(
        ErrorKind::NotFound,
        "no entitlement has granted a license key with this id; check the environment, and that it is the key's id and \
         not the code that a customer types",
        operation,
    )
}

/// The error for a walk with too many pages.
fn endless(operation: Operation) -> Error {
    failure(ErrorKind::Decode, "the list of grants does not end", operation)
}

/// An error of this vendor and operation.
fn failure(kind: ErrorKind, message: &'static str, operation: Operation) -> Error {
    Error::new(kind, message).with_provider(NAME).with_operation(operation)
}

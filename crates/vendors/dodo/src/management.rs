//! The calls with the token, each sent to the API that serves license keys.
//!
//! With `auto` a call begins with the classic API. If its answer may mean that this API is gone, the list and the
//! entitlements are asked, and only if both agree the provider changes over.

use anykey_core::adapter::{Paging, customers_in_turn};
use anykey_core::{
    Activation, CreateRequest, CustomerRef, Error, LicenseKey, LicenseKeyId, LicensePatch, ListQuery,
    Operation, Page, Result,
};
use anykey_http::ApiClient;

use crate::NAME;
use crate::classic::Classic;
use crate::customers;
use crate::grants::{Grants, Places};
use crate::instances::{Holder, Instances};
use crate::page_cap::PageCap;
use crate::position::{PageAt, Position};
use crate::shape::{Shape, ShapeMemory, interrupted};

/// The calls that need a token: each goes to the shape that Dodo answers.
#[derive(Clone, Debug)]
pub(crate) struct Management {
    /// The client with the token.
    pub(crate) client: ApiClient,
    /// Whether keys keep the answer's JSON.
    pub(crate) keep_raw: bool,
    /// Which API serves license keys.
    pub(crate) shape: ShapeMemory,
    /// Where the grants of keys are that were read.
    pub(crate) places: Places,
    /// How many records Dodo was seen to put on a page.
    pub(crate) page_cap: PageCap,
}

impl Management {
    /// One page of keys; by an e-mail address, of each customer who has it.
    pub(crate) async fn list(&self, query: &ListQuery) -> Result<Page<LicenseKey>> {
        let Some(CustomerRef::Email(address)) = &query.customer else { return self.list_by_id(query).await };
        let listed = |query| async move { self.list_by_id(&query).await };
        customers_in_turn(NAME, query, customers::of_address(&self.client, address), listed).await
    }

    /// One page of everybody's keys, or of one customer's. A listing stays in the API in which it began.
    async fn list_by_id(&self, query: &ListQuery) -> Result<Page<LicenseKey>> {
        let begun = query.page.as_ref().map(Position::read).transpose()?;
        let shape = self.shape.of_listing(begun.as_ref().map(Position::shape))?;
        shape.check(query)?;
        let at = match &begun {
            _ if shape == Shape::Grants => return self.grants().list(query, begun).await,
            Some(Position::Classic(at)) => *at,
            _ => PageAt::first(Paging::new(query, self.page_cap.get()).page_size()),
        };
        match self.classic().list(query, at).await {
            Err(error) if self.may_be_gone(&error) && self.switch_if_confirmed(Operation::List).await? => {
                if begun.is_some() {
                    return Err(interrupted());
                }
                Shape::Grants.check(query)?;
                self.grants().list(query, None).await
            }
            answer => answer,
        }
    }

    /// The key with this id, from either API.
    pub(crate) async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        if self.shape.current() == Shape::Grants {
            return self.grants().get(Operation::Get, id).await;
        }
        match self.classic().get(id).await {
            Err(error) if self.has_left_classic(&error, Operation::Get).await? => {
                self.grants().get(Operation::Get, id).await
            }
            answer => answer,
        }
    }

    /// Imports a key, or fulfils a grant where the product is an entitlement.
    pub(crate) async fn create(&self, request: &CreateRequest) -> Result<LicenseKey> {
        if self.shape.allows_grants() && Grants::issues(&request.product) {
            return self.grants().fulfil_for(request).await;
        }
        self.classic().create(request).await
    }

    /// Changes a key. What only the other API can do is `Unsupported`, before anything is sent.
    pub(crate) async fn update(&self, id: &LicenseKeyId, patch: &LicensePatch) -> Result<LicenseKey> {
        let shape = self.shape.current();
        shape.check(patch)?;
        if shape == Shape::Grants {
            return self.grants().update(id, patch).await;
        }
        match self.classic().update(id, patch).await {
            Err(error) if self.has_left_classic(&error, Operation::Update).await? => {
                Shape::Grants.check(patch)?;
                self.grants().update(id, patch).await
            }
            answer => answer,
        }
    }

    /// The activations of a key. A key without an id of its own goes by its grant's.
    pub(crate) async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        let place = self.places.find(id);
        let holder = match (&place, self.shape.current()) {
            (Some(place), Shape::Grants) => Holder::Grant(&place.grant),
            (None, Shape::Grants) if !Grants::is_key_id(id) => Holder::Grant(id.as_str()),
            _ => Holder::Key(id.as_str()),
        };
        self.instances().of(holder).await
    }

    pub(crate) fn instances(&self) -> Instances<'_> {
        Instances { client: &self.client }
    }

    pub(crate) fn grants(&self) -> Grants<'_> {
        let Self { client, keep_raw, places, page_cap, .. } = self;
        Grants { client, keep_raw: *keep_raw, places, page_cap }
    }

    /// The classic calls.
    fn classic(&self) -> Classic<'_> {
        Classic { client: &self.client, keep_raw: self.keep_raw, page_cap: &self.page_cap }
    }

    /// Whether an error is a reason to ask whether the classic calls are gone.
    fn may_be_gone(&self, error: &Error) -> bool {
        self.shape.is_open() && is_gone(error)
    }

    /// Whether `error`, about one key, came because there are no classic calls any more. An answer about one key says
    /// nothing about the list, so the list is asked.
    ///
    /// # Errors
    ///
    /// The failure of a question that got no answer: then nothing is decided.
    async fn has_left_classic(&self, error: &Error, operation: Operation) -> Result<bool> {
        if !self.may_be_gone(error) {
            return Ok(false);
        }
        match self.classic().probe(operation).await {
            Err(answer) if is_gone(&answer) => self.switch_if_confirmed(operation).await,
            Err(failure) if failure.is_transient() => Err(failure),
            _ => Ok(false),
        }
    }

    /// Changes over to grants if the entitlements answer, which no wrong base URL and no proxy's page does.
    async fn switch_if_confirmed(&self, operation: Operation) -> Result<bool> {
        match self.grants().probe(operation).await {
            Ok(()) => {
                self.shape.switch();
                Ok(true)
            }
            Err(failure) if failure.is_transient() => Err(failure),
            Err(_) => Ok(false),
        }
    }
}

/// Whether a status is one of those that a removed call has.
fn is_gone(error: &Error) -> bool {
    matches!(error.http_status(), Some(404 | 410))
}

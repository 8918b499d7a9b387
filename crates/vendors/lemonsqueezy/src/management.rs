//! The calls of the seller: listing, reading and changing keys.
//!
//! A token sees every store of its merchant in one mode. Each key that is read is therefore compared with the
//! configured store and environment before it is returned or changed.

use anykey_core::adapter::{ErrorExt as _, NumberedPage};
use anykey_core::{
    Activation, CustomerRef, Environment, Error, ErrorKind, LicenseKey, LicenseKeyId, LicensePatch,
    ListQuery, Operation, Page, Result,
};
use anykey_http::{ApiClient, ApiRequest, ApiResponse, MappedList};
use http::HeaderValue;
use http::header::CONTENT_TYPE;

use crate::answer::{self, segment, succeed};
use crate::error::unknown_end;
use crate::filter::Filter;
use crate::instances::Instances;
use crate::wire::{Frame, PatchBody, PatchDocument, PatchResource};
use crate::{map, position};

/// The content type of the main API's bodies.
pub(crate) const JSON_API: HeaderValue = HeaderValue::from_static("application/vnd.api+json");
/// The path of the keys, below the base URL.
const KEYS: &[&str] = &["v1", "license-keys"];

/// The main API. Its API key is valid for every store of the merchant in one mode.
#[derive(Clone, Debug)]
pub(crate) struct Management {
    /// The client with the token.
    pub(crate) client: ApiClient,
    /// The store whose keys are listed.
    pub(crate) store_id: Box<str>,
    /// The mode that the token has to be of.
    pub(crate) environment: Environment,
    /// Whether keys keep the answer's JSON.
    pub(crate) keep_raw: bool,
}

impl Management {
    /// One page. A filter by status may move keys to an earlier page while the list is read, so the page then names an
    /// overlap to read again.
    pub(crate) async fn list(&self, query: &ListQuery) -> Result<Page<LicenseKey>> {
        if let Some(CustomerRef::Email(address)) = &query.customer {
            return self.list_bought_by(address, query).await;
        }
        let at = position::FIRST.for_query(query)?;
        let filter = Filter::of(query)?;
        let (response, list, frame) = self.keys(self.list_request(&filter, at)).await?;
        let MappedList { items: keys, unreadable } = list;
        let has_next = frame.has_next().ok_or_else(|| unknown_end(&response))?;
        let total = frame.meta.page.total.value();
        if !has_next {
            return Ok(Page::last(keys).with_unreadable(unreadable).with_total(total));
        }
        // Keys are never removed, and a new one moves the others to later positions: only a filter by a changing value
        // can move keys to an earlier page.
        let may_shrink = filter.status.is_some() || query.overlapping;
        let overlap = may_shrink.then(|| at.overlap(query, &keys)).flatten();
        let ahead = match overlap {
            Some(first) => first.overlaps_ahead(query, &keys, total),
            None => at.next().pages_ahead(query, last_page(&frame, at)),
        };
        Ok(Page::last(keys)
            .with_unreadable(unreadable)
            .with_total(total)
            .with_next(at.next().token())
            .with_overlap(overlap.map(NumberedPage::token))
            .with_ahead(ahead))
    }

    /// The answer to a request for a list, and its keys of this store and mode.
    pub(crate) async fn keys(
        &self,
        request: ApiRequest,
    ) -> Result<(ApiResponse, MappedList<LicenseKey>, Frame)> {
        let response = succeed(self.client.send(request).await?, &[])?;
        let (mut list, frame) = answer::license_keys(&response, self.keep_raw)?;
        self.exclude_others(&response, &mut list)?;
        Ok((response, list, frame))
    }

    /// The key with this id. `operation` is the one that the caller performs, for traces and errors.
    pub(crate) async fn get(&self, operation: Operation, id: &LicenseKeyId) -> Result<LicenseKey> {
        let call = ApiRequest::get(operation).path(KEYS).segment(segment(id, operation)?);
        self.read(self.client.send(call).await?, id)
    }

    /// Reads the key first, because the token may change the keys of every store of the merchant. An empty patch sends
    /// no change and returns the key as it is. The change can be repeated: it sets values and counts nothing.
    pub(crate) async fn update(&self, id: &LicenseKeyId, patch: &LicensePatch) -> Result<LicenseKey> {
        let attributes = map::patch(patch)?;
        let known = self.get(Operation::Update, id).await?;
        if attributes == PatchBody::default() {
            return Ok(known);
        }
        let data = PatchResource { r#type: "license-keys", id: id.as_str(), attributes: &attributes };
        let call = ApiRequest::patch(Operation::Update)
            .path(KEYS)
            .segment(segment(id, Operation::Update)?)
            .header(CONTENT_TYPE, JSON_API)
            .json(&PatchDocument { data })
            .repeatable();
        let response = self.client.send(call).await?;
        let status = response.status();
        let key = self.read(response, id)?;
        if map::keeps_the_expiry(&attributes, &key) {
            return Ok(key);
        }
        let message = "expiry: Lemon Squeezy did not keep the time of day, and the key now ends at another instant \
                       than asked for; set the beginning of a day in UTC";
        Err(Error::new(ErrorKind::InvalidRequest, message)
            .with_provider(crate::NAME)
            .with_operation(Operation::Update)
            .with_status(status.as_u16())
            .with_may_have_taken_effect(true))
    }

    /// Reads the key first, since a list of instances of an unknown key, or of one of another store, would be empty or
    /// foreign.
    pub(crate) async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.get(Operation::Activations, id).await?;
        Instances { client: &self.client }.of(id).await
    }

    /// The key of an answer about `id`, if it is one of this store and mode.
    fn read(&self, response: ApiResponse, id: &LicenseKeyId) -> Result<LicenseKey> {
        let response = succeed(response, &[])?;
        let key = answer::license_key(&response, id, self.keep_raw)?;
        if !self.is_of_the_store(&key) {
            return Err(
                response.error(ErrorKind::NotFound, "the license key with this id is of another store")
            );
        }
        self.check_environment(&response, &key)?;
        Ok(key)
    }

    /// Takes keys of another store or environment out of a list. One such record is a fault of that record.
    ///
    /// # Errors
    ///
    /// `Config` if all keys of this store are of the other mode: then the token is one of that mode.
    fn exclude_others(&self, response: &ApiResponse, list: &mut MappedList<LicenseKey>) -> Result<()> {
        list.exclude(|key| {
            (!self.is_of_the_store(key)).then_some("it is of another store, or does not say of which")
        });
        let is_of_the_other_mode = |key: &LicenseKey| self.environment.refuse(key.environment).is_some();
        if list.items.iter().all(is_of_the_other_mode)
            && let Some(key) = list.items.first()
        {
            return self.check_environment(response, key);
        }
        list.exclude(|key| is_of_the_other_mode(key).then_some("it is of the other environment"));
        Ok(())
    }

    /// A key whose store is not in the answer is not one of this store.
    fn is_of_the_store(&self, key: &LicenseKey) -> bool {
        key.origin.seller.as_deref() == Some(&*self.store_id)
    }

    /// # Errors
    ///
    /// `Config` for a key of the other mode: then the token is one of that mode, too.
    fn check_environment(&self, response: &ApiResponse, key: &LicenseKey) -> Result<()> {
        match self.environment.refuse(key.environment) {
            None => Ok(()),
            Some(_) => Err(response.error(
                ErrorKind::Config,
                match self.environment {
                    Environment::Live => "the token is an API key of test mode and `environment` is `live`",
                    Environment::Sandbox => {
                        "the token is an API key of live mode and `environment` is `sandbox`"
                    }
                },
            )),
        }
    }

    /// The request for a page. The store is always a filter.
    pub(crate) fn list_request(&self, filter: &Filter<'_>, at: NumberedPage) -> ApiRequest {
        let mut request =
            ApiRequest::get(Operation::List).path(KEYS).query("filter[store_id]", &self.store_id);
        if let Some(product) = filter.product {
            request = request.query("filter[product_id]", product);
        }
        if let Some(word) = filter.status {
            request = request.query("filter[status]", word);
        }
        request.query("page[number]", at.number()).query("page[size]", at.size())
    }
}

/// The number of the last page; that of this page if the answer does not contain it.
fn last_page(frame: &Frame, at: NumberedPage) -> u64 {
    frame.meta.page.last_page.value().unwrap_or(at.number())
}

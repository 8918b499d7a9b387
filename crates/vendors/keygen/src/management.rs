//! The calls of the seller about licenses: listing, reading, changing, deleting.
//!
//! They carry an admin or product token. A product token sees the licenses of its product only.

use std::collections::BTreeMap;

use anykey_core::adapter::{ErrorExt as _, customers_in_turn};
use anykey_core::{
    ActivationLimit, Change, CustomerId, CustomerRef, EmailAddress, Error, ErrorKind, LicenseKey,
    LicenseKeyId, LicensePatch, ListQuery, Operation, Page, Result,
};
use anykey_http::{ApiRequest, JsonMember, MappedList, PathSegment};
use http::StatusCode;

use crate::answer::{Api, is_a, of_another_request, segment};
use crate::filter::Filter;
use crate::position::{Position, cursor, invalid};
use crate::wire::{
    ChangedResource, DataBody, DecrementMeta, Document, IncrementMeta, Links, MetaBody, PatchBody, UserBody,
};
use crate::{NAME, map};

/// What ids are called in errors.
pub(crate) const LICENSE: &str = "license key id";

/// The seller's calls. They carry the token.
#[derive(Clone, Debug)]
pub(crate) struct Management {
    /// The API with the token.
    pub(crate) api: Api,
    /// The policy of the keys to create, by product. Empty means that no keys can be created.
    pub(crate) policies: BTreeMap<Box<str>, Box<str>>,
}

impl Management {
    /// One page of licenses, newest first; by an e-mail address, of the user who has it.
    pub(crate) async fn list(&self, query: &ListQuery) -> Result<Page<LicenseKey>> {
        let Some(CustomerRef::Email(address)) = &query.customer else { return self.list_by_id(query).await };
        let listed = |query| async move { self.list_by_id(&query).await };
        customers_in_turn(NAME, query, self.user(address), listed).await
    }

    /// The user with `address`, if there is one. Keygen takes the address in the place of the id and stores it in
    /// small letters (server's code, June 2026), and an account has an address once.
    async fn user(&self, address: &EmailAddress) -> Result<Vec<CustomerId>> {
        let address = address.expose().to_ascii_lowercase();
        let segment = PathSegment::new("e-mail address", &address)
            .map_err(|error| error.with_provider(NAME).with_operation(Operation::List))?;
        let call = ApiRequest::get(Operation::List).path(&["users"]).segment(segment).completing_a_page();
        let response = match self.api.succeed(call, &[&address]).await {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            response => response?,
        };
        let body = response.json::<Document<UserBody>>()?.data;
        is_a(&response, &body.r#type, "users")?;
        match body.attributes.email.value() {
            Some(found) if !found.eq_ignore_ascii_case(&address) => Err(of_another_request(&response)),
            _ => Ok(vec![body.id]),
        }
    }

    /// One page of everybody's licenses, or of one user's.
    ///
    /// Reads on after the last record of the previous page. If that one was deleted meanwhile, Keygen returns an empty
    /// page; then it reads on after the one before it.
    async fn list_by_id(&self, query: &ListQuery) -> Result<Page<LicenseKey>> {
        let at = Position::of(query)?;
        let filter = Filter::of(query)?;
        let mut cursors: Vec<&str> = at.after.iter().map(|id| &**id).collect();
        if cursors.is_empty() {
            cursors.push("");
        }
        for cursor in cursors {
            let (list, links, is_whole) = self.page(&at, &filter, cursor).await?;
            let is_empty = list.items.is_empty() && list.unreadable.is_empty();
            if !is_empty || is_whole || cursor.is_empty() || self.exists(cursor).await? {
                return Ok(page(&at, &filter, list, &links));
            }
        }
        Err(invalid("the keys at this position were deleted meanwhile; start again without the page token"))
    }

    /// A page, its links, and whether Keygen says that it goes on.
    ///
    /// # Errors
    ///
    /// `Decode` for a full page without links, because an end of the list that is only assumed would hide keys.
    async fn page(
        &self,
        at: &Position,
        filter: &Filter<'_>,
        cursor: &str,
    ) -> Result<(MappedList<LicenseKey>, Links, bool)> {
        let call = filter.on(ApiRequest::get(Operation::List).path(&["licenses"]));
        let call = call.query("page[cursor]", cursor).query("page[size]", at.size);
        let response = self.api.succeed(call, &[]).await?;
        let (list, links) = self.api.licenses(&response)?;
        let goes_on = links.next.as_ref().value().is_some();
        let length = list.items.len().saturating_add(list.unreadable.len());
        let says_so = links.next == JsonMember::Null || links.own.as_ref().value().is_some();
        if !goes_on && !says_so && length >= full(at.size) {
            return Err(response.error(ErrorKind::Decode, "the list does not say whether it goes on"));
        }
        Ok((list, links, goes_on))
    }

    /// Whether a cursor's license exists. An empty page after an existing one is the end of the list.
    async fn exists(&self, id: &str) -> Result<bool> {
        match self.get(Operation::List, &id.into()).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The license with this id. `operation` is the one that the caller performs, for traces and errors.
    pub(crate) async fn get(&self, operation: Operation, id: &LicenseKeyId) -> Result<LicenseKey> {
        let call =
            ApiRequest::get(operation).path(&["licenses"]).segment(segment(LICENSE, id.as_str(), operation)?);
        let response = self.api.succeed(call, &[]).await?;
        self.api.license(&response, Some(id))
    }

    /// Changes limits, expiry and suspension in one request, and usage in another one. If the second one fails, the
    /// first one has taken effect.
    pub(crate) async fn update(&self, id: &LicenseKeyId, patch: &LicensePatch) -> Result<LicenseKey> {
        let attributes = map::patch(patch)?;
        let key = if attributes == PatchBody::default() {
            self.get(Operation::Update, id).await?
        } else {
            self.patch(id, &attributes, patch).await?
        };
        match patch.usage {
            None => Ok(key),
            Some(usage) => self.set_usage(key, usage).await,
        }
    }

    /// # Errors
    ///
    /// `InvalidRequest`, with the change in effect, if the license falls back to a limit of its policy where the caller
    /// asked for none.
    async fn patch(
        &self,
        id: &LicenseKeyId,
        attributes: &PatchBody,
        patch: &LicensePatch,
    ) -> Result<LicenseKey> {
        let data = ChangedResource { r#type: "licenses", id: id.as_str(), attributes };
        let call = ApiRequest::patch(Operation::Update)
            .path(&["licenses"])
            .segment(segment(LICENSE, id.as_str(), Operation::Update)?)
            .json(&DataBody { data })
            .repeatable();
        let response = self.api.succeed(call, &[]).await?;
        let key = self.api.license(&response, Some(id))?;
        let has_limit = matches!(key.activations.limit, ActivationLimit::AtMost(_));
        let has_usage_limit = key.usage.is_some_and(|usage| usage.limit.is_some());
        let keeps_one = (patch.activation_limit == Some(ActivationLimit::Unlimited) && has_limit)
            || (patch.usage_limit == Change::Clear && has_usage_limit);
        if keeps_one {
            let message = "the key has no limit of its own any more, and the policy's limit holds now; change the policy";
            let error = response.error(ErrorKind::InvalidRequest, message);
            return Err(error.with_may_have_taken_effect(true));
        }
        Ok(key)
    }

    /// Deletes the license and its machines. Can be repeated; after a lost answer, an unknown id means that the first
    /// request took effect.
    pub(crate) async fn delete(&self, id: &LicenseKeyId) -> Result<()> {
        let call = ApiRequest::delete(Operation::Update)
            .path(&["licenses"])
            .segment(segment(LICENSE, id.as_str(), Operation::Update)?)
            .repeatable();
        let response = self.api.send(call).await?;
        if response.status() == StatusCode::NO_CONTENT {
            return Ok(());
        }
        if response.is_success() {
            return Err(response.unrecognized());
        }
        match self.api.reject(&response, &[]) {
            error if error.kind() == ErrorKind::NotFound && response.earlier_attempt_open() => Ok(()),
            error => Err(error),
        }
    }

    /// Brings the usage counter to `usage`.
    ///
    /// Keygen counts up, down or to zero, but does not set the count, so the difference is counted from the value that
    /// was just read. Counting is sent once; only a reset can be repeated.
    async fn set_usage(&self, key: LicenseKey, usage: i64) -> Result<LicenseKey> {
        let Some(used) = key.usage.map(|usage| usage.used) else {
            let message = "the answer does not contain the present usage, which the new one is counted from";
            return Err(Error::new(ErrorKind::Decode, message)
                .with_provider(NAME)
                .with_operation(Operation::Update));
        };
        if used == usage {
            return Ok(key);
        }
        let call = |action| -> Result<ApiRequest> {
            Ok(ApiRequest::post(Operation::Update)
                .path(&["licenses"])
                .segment(segment(LICENSE, key.id.as_str(), Operation::Update)?)
                .path(&["actions", action]))
        };
        let amount = usage.abs_diff(used);
        let call = match usage {
            0 => call("reset-usage")?.repeatable(),
            _ if usage > used => {
                call("increment-usage")?.json(&MetaBody { meta: IncrementMeta { increment: amount } })
            }
            _ => call("decrement-usage")?.json(&MetaBody { meta: DecrementMeta { decrement: amount } }),
        };
        let response = self.api.succeed(call, &[]).await?;
        self.api.license(&response, Some(&key.id))
    }
}

/// The page of the model. The cursor comes from the whole page, before the filter by status drops keys of it.
fn page(at: &Position, filter: &Filter<'_>, list: MappedList<LicenseKey>, links: &Links) -> Page<LicenseKey> {
    let MappedList { items, unreadable } = list;
    let next = links.next.as_ref().value().and_then(|link| cursor(link));
    let ids: Vec<_> = items.iter().map(|key| key.id.as_str()).collect();
    let next = next.map(|next| at.next(&next, &ids));
    let items = items.into_iter().filter(|key| filter.keeps(key)).collect();
    Page::last(items).with_unreadable(unreadable).with_next(next)
}

/// The size of a full page as a length.
fn full(size: u32) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

use std::collections::BTreeMap;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Activation, ActivationId, ActivationLimit, Capability, Change, CreateRequest, Error, ErrorKind, Expiry,
    LicenseKey, LicenseKeyId, LicensePatch, ListQuery, Operation, Page, ProductId, Result,
};
use anykey_http::{ApiRequest, JsonMember, MappedList};
use http::StatusCode;

use crate::answer::{Api, activation, is_a, of_another_request, segment};
use crate::filter::Filter;
use crate::position::{Position, cursor, invalid};
use crate::wire::{
    ChangedResource, DataBody, DecrementMeta, Document, IncrementMeta, Links, MachineList, MachineName,
    MetaBody, NewLicense, NewResource, OfPolicy, PatchBody, PolicyBody, ToOne,
};
use crate::{NAME, map};

const LICENSE: &str = "license key id";
/// A list with more pages is an error, because it may never end.
const MAX_PAGES: usize = 10_000;

/// The seller's calls. They carry the token.
#[derive(Clone, Debug)]
pub(crate) struct Management {
    pub(crate) api: Api,
    /// The policy of the keys to create, by product.
    pub(crate) policies: BTreeMap<Box<str>, Box<str>>,
}

impl Management {
    /// Reads on after the last record of the previous page. If that one was deleted meanwhile, Keygen returns an empty page;
    /// then it reads on after the one before it.
    pub(crate) async fn list(&self, query: &ListQuery) -> Result<Page<LicenseKey>> {
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

    async fn exists(&self, id: &str) -> Result<bool> {
        match self.get(Operation::List, &id.into()).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn get(&self, operation: Operation, id: &LicenseKeyId) -> Result<LicenseKey> {
        let call =
            ApiRequest::get(operation).path(&["licenses"]).segment(segment(LICENSE, id.as_str(), operation)?);
        let response = self.api.succeed(call, &[]).await?;
        self.api.license(&response, Some(id))
    }

    /// Reads the policy first, because it decides about limit and expiry where the request names none.
    pub(crate) async fn create(&self, request: &CreateRequest) -> Result<LicenseKey> {
        let max_machines = match request.activation_limit {
            ActivationLimit::AtMost(limit) => Some(limit),
            ActivationLimit::Unlimited | ActivationLimit::Unknown => None,
            _ => return Err(map::no_seatless(Capability::Create)),
        };
        let expiry = match request.expiry {
            Expiry::At(at) => Some(at),
            Expiry::Never | Expiry::Unknown => None,
            _ => {
                return Err(Error::unsupported(NAME, Capability::Create).with_hint(
                    "Keygen has no subscriptions; set the expiry, and move it when the customer pays",
                ));
            }
        };
        let policy = self.policy_of(&request.product)?;
        self.check_policy(request, policy).await?;
        let attributes =
            NewLicense { key: request.code.as_ref().map(|code| code.expose()), max_machines, expiry };
        let owner = request.customer.as_ref().map(|id| ToOne::new("users", id.as_str()));
        let relationships = OfPolicy { policy: ToOne::new("policies", policy), owner };
        let data = NewResource { r#type: "licenses", attributes, relationships };
        let call = ApiRequest::post(Operation::Create).path(&["licenses"]).json(&DataBody { data });
        let secrets: Vec<_> = request.code.iter().map(|code| code.expose()).collect();
        let response = self.api.succeed(call, &secrets).await?;
        let key = self.api.license(&response, None)?;
        match &request.code {
            Some(code) if *code != key.code => Err(of_another_request(&response)),
            _ => Ok(key),
        }
    }

    fn policy_of(&self, product: &ProductId) -> Result<&str> {
        let policy = self.policies.get(product.as_str()).map(|policy| &**policy);
        policy.ok_or_else(|| {
            let message = "the configuration has no policy for this product; add it to `policies`";
            Error::new(ErrorKind::NotFound, message).with_provider(NAME).with_operation(Operation::Create)
        })
    }

    /// # Errors
    ///
    /// `NotFound` if the policy is one of another product, `Unsupported` if it has a limit or a duration that the request
    /// excludes: a key without its own has that of the policy.
    async fn check_policy(&self, request: &CreateRequest, policy: &str) -> Result<()> {
        let call = ApiRequest::get(Operation::Create).path(&["policies"]).segment(segment(
            "policy id",
            policy,
            Operation::Create,
        )?);
        let response = self.api.succeed(call, &[]).await?;
        let PolicyBody { attributes, relationships } = response.json::<Document<PolicyBody>>()?.data;
        let attributes = attributes.unwrap_or_default();
        let product = relationships.and_then(|found| found.product).and_then(|product| product.id());
        if product.is_some_and(|product| product != request.product) {
            let message = "the policy for this product is one of another product; correct `policies`";
            return Err(response.error(ErrorKind::NotFound, message));
        }
        let unsupported = |hint| Err(Error::unsupported(NAME, Capability::Create).with_hint(hint));
        if request.activation_limit == ActivationLimit::Unlimited && attributes.max_machines.value().is_some()
        {
            return unsupported(
                "the policy limits the machines; set `AtMost`, or leave the limit to the policy",
            );
        }
        if request.expiry == Expiry::Never && attributes.duration.value().is_some() {
            return unsupported("the policy has a duration; set `At`, or leave the expiry to the policy");
        }
        Ok(())
    }

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

    /// Keygen counts up, down or to zero, but does not set the count. Counting is sent once.
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

    /// Reads again from the beginning if a page is empty because its cursor was deleted.
    pub(crate) async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        let mut activations: Vec<Activation> = Vec::new();
        let mut at = String::new();
        for _ in 0..MAX_PAGES {
            let call = ApiRequest::get(Operation::Activations)
                .path(&["licenses"])
                .segment(segment(LICENSE, id.as_str(), Operation::Activations)?)
                .path(&["machines"])
                .query("page[cursor]", &at)
                .query("page[size]", crate::position::MAX_PAGE_SIZE);
            let response = self.api.succeed(call, &[]).await?;
            let MachineList { data, links } = response.json()?;
            if data.is_empty() && !at.is_empty() {
                at.clear();
                activations.clear();
                continue;
            }
            for body in data {
                is_a(&response, &body.r#type, "machines")?;
                let activation = map::machine(body);
                if activation.key_id.as_ref().is_some_and(|key| key != id) {
                    return Err(of_another_request(&response));
                }
                activations.push(activation);
            }
            match links.next.value().as_deref().map(cursor) {
                None => {
                    activations.sort_by(|one, other| {
                        (one.created_at, one.id.as_str()).cmp(&(other.created_at, other.id.as_str()))
                    });
                    return Ok(activations);
                }
                Some(Some(next)) => at = next,
                Some(None) => {
                    return Err(response.error(ErrorKind::Decode, "the list does not say where it goes on"));
                }
            }
        }
        Err(Error::new(ErrorKind::Decode, "the list of activations does not end")
            .with_provider(NAME)
            .with_operation(Operation::Activations))
    }

    pub(crate) async fn rename(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        let operation = Operation::RenameActivation;
        let data =
            ChangedResource { r#type: "machines", id: id.as_str(), attributes: MachineName { name: label } };
        let call = ApiRequest::patch(operation)
            .path(&["machines"])
            .segment(segment("activation id", id.as_str(), operation)?)
            .json(&DataBody { data })
            .repeatable();
        let response = self.api.succeed(call, &[]).await?;
        let renamed = activation(&response)?;
        if renamed.id == *id { Ok(renamed) } else { Err(of_another_request(&response)) }
    }
}

fn page(at: &Position, filter: &Filter<'_>, list: MappedList<LicenseKey>, links: &Links) -> Page<LicenseKey> {
    let MappedList { items, unreadable } = list;
    let next = links.next.as_ref().value().and_then(|link| cursor(link));
    let ids: Vec<_> = items.iter().map(|key| key.id.as_str()).collect();
    let next = next.map(|next| at.next(&next, &ids));
    let items = items.into_iter().filter(|key| filter.keeps(key)).collect();
    Page::last(items).with_unreadable(unreadable).with_next(next)
}

fn full(size: u32) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

use anykey::adapter::ErrorExt as _;
use anykey::{Activation, LicenseKey, LicenseKeyId, LicensePatch, ListQuery, Operation, Page, Result};
use anykey_http::{ApiClient, ApiRequest, ApiResponse, PathSegment};

use super::answer::succeed;
use super::list::LicenseList;
use super::position::FIRST;
use super::wire::{LicenseBody, SeatsBody};
use super::{NAME, map};

/// The seller's calls. They carry the token.
#[derive(Clone, Debug)]
pub(super) struct Management {
    pub(super) client: ApiClient,
}

impl Management {
    pub(super) async fn list(&self, query: &ListQuery) -> Result<Page<LicenseKey>> {
        let at = FIRST.for_query(query)?;
        let mut call = ApiRequest::get(Operation::List)
            .path(&["licenses"])
            .query("page", at.number())
            .query("per_page", at.size());
        if let Some(product) = query.products.first() {
            call = call.query("product", product);
        }
        let LicenseList { licenses, total } = self.send(call).await?.json()?;
        Ok(at.page(query, licenses.items, total).with_unreadable(licenses.unreadable))
    }

    pub(super) async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let call = ApiRequest::get(Operation::Get).path(&["licenses"]).segment(segment(Operation::Get, id)?);
        self.license(call).await
    }

    pub(super) async fn update(&self, id: &LicenseKeyId, patch: &LicensePatch) -> Result<LicenseKey> {
        let call = ApiRequest::patch(Operation::Update)
            .path(&["licenses"])
            .segment(segment(Operation::Update, id)?)
            .json(&map::patch(patch))
            .repeatable();
        self.license(call).await
    }

    pub(super) async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        let call = ApiRequest::get(Operation::Activations)
            .path(&["licenses"])
            .segment(segment(Operation::Activations, id)?)
            .path(&["seats"]);
        let SeatsBody { seats } = self.send(call).await?.json()?;
        let of_the_key = |seat| {
            let mut activation = map::seat(seat);
            activation.key_id = Some(id.clone());
            activation
        };
        Ok(seats.into_iter().map(of_the_key).collect())
    }

    async fn license(&self, call: ApiRequest) -> Result<LicenseKey> {
        let response = self.send(call).await?;
        Ok(map::license(response.json::<LicenseBody<'_>>()?))
    }

    async fn send(&self, call: ApiRequest) -> Result<ApiResponse> {
        succeed(self.client.send(call).await?, &[])
    }
}

/// An id as a part of a path; one that could reach another endpoint is an error.
fn segment(operation: Operation, id: &LicenseKeyId) -> Result<PathSegment> {
    let segment = PathSegment::new("license key id", id.as_str());
    segment.map_err(|error| error.with_provider(NAME).with_operation(operation))
}

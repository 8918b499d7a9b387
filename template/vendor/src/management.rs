use anykey_core::adapter::ErrorExt as _;
use anykey_core::{LicenseKey, LicenseKeyId, ListQuery, Operation, Page, Result};
use anykey_http::{ApiClient, ApiRequest, ApiResponse, PathSegment};

use crate::answer::succeed;
use crate::list::LicenseList;
use crate::position::FIRST;
use crate::wire::LicenseBody;
use crate::{NAME, map};

/// The seller's calls. They carry the token.
#[derive(Clone, Debug)]
pub(crate) struct Management {
    pub(crate) client: ApiClient,
}

impl Management {
    pub(crate) async fn list(&self, query: &ListQuery) -> Result<Page<LicenseKey>> {
        let at = FIRST.for_query(query)?;
        let call = ApiRequest::get(Operation::List)
            .path(&["licenses"])
            .query("page", at.number())
            .query("per_page", at.size());
        let LicenseList { licenses, total } = self.send(call).await?.json()?;
        Ok(at.page(query, licenses.items, total).with_unreadable(licenses.unreadable))
    }

    pub(crate) async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let call = ApiRequest::get(Operation::Get).path(&["licenses"]).segment(segment(Operation::Get, id)?);
        self.license(call).await
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

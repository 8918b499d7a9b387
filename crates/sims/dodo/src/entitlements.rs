//! The calls that list and read entitlements.

use bytes::Bytes;
use http::{Request, StatusCode};

use super::answer::Answer;
use super::call::Call;
use super::documents::ListDocument;
use super::entitlement_spec::IntegrationType;
use super::grant_documents::EntitlementDocument;
use super::grant_records::Entitlement;
use super::query::Query;
use super::refusal::Refusal;

/// The merchant's calls on entitlements. Deleted entitlements are unknown.
impl Call<'_> {
    /// `GET /entitlements`: newest first.
    ///
    /// An unknown `integration_type` or an unreadable page is a 422 here, where the older lists answer 400
    /// (specification 1.113).
    pub(super) fn list_entitlements(
        &self,
        business_id: &str,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let query = Query::of(request.uri());
        let page = query.page(self.quirks).map_err(Refusal::unprocessable)?;
        let wanted = query.word("integration_type", IntegrationType::ALL, IntegrationType::word);
        let wanted = wanted.map_err(Refusal::unprocessable)?;
        let all = self.business(business_id)?.entitlements.iter().rev();
        let found =
            all.filter(|one| !one.deleted && wanted.is_none_or(|wanted| one.spec.integration_type == wanted));
        let items =
            page.of(found).map(|one| EntitlementDocument::new(one, business_id, self.quirks)).collect();
        Ok(self.json(StatusCode::OK, &ListDocument { items }))
    }

    /// `GET /entitlements/{id}`
    pub(super) fn get_entitlement(&self, business_id: &str, id: &str) -> Result<Answer, Refusal> {
        let entitlement = self.entitlement(business_id, id)?;
        Ok(self.json(StatusCode::OK, &EntitlementDocument::new(entitlement, business_id, self.quirks)))
    }

    /// The entitlement of this business with this id, or a 404. It does not say whether another business has it.
    pub(super) fn entitlement(&self, business_id: &str, id: &str) -> Result<&Entitlement, Refusal> {
        let entitlement =
            self.business(business_id)?.entitlement(id).filter(|entitlement| !entitlement.deleted);
        entitlement.ok_or_else(|| Refusal::not_found("Entitlement"))
    }
}

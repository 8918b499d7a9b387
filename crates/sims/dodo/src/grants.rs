//! The calls that list, revoke and fulfil grants: the successors of the calls for license keys.

use anykey_core::{SignedDuration, Timestamp};
use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;

use super::answer::Answer;
use super::body;
use super::call::Call;
use super::documents::ListDocument;
use super::entitlement_spec::{EntitlementSpec, IntegrationType};
use super::grant_documents::GrantDocument;
use super::grant_records::{Grant, GrantState};
use super::issuing::{Fulfillment, fulfill};
use super::query::Query;
use super::refusal::Refusal;
use super::timeline::Timeline;

/// What the seller enters for a pending grant.
#[derive(Deserialize)]
struct FulfillBody {
    key: String,
    activations_limit: Option<i32>,
    expires_at: Option<Timestamp>,
}

/// The merchant's calls on grants. The API has no call that reads a single grant.
impl Call<'_> {
    /// `GET /entitlements/{id}/grants`: newest first.
    pub(super) fn list_grants_of_entitlement(
        &self,
        business_id: &str,
        id: &str,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let entitlement = self.entitlement(business_id, id)?;
        let query = Query::of(request.uri());
        let customer = query.text("customer_id").map_err(Refusal::unprocessable)?;
        self.list_grants(&query, &entitlement.grants, |grant| {
            customer.is_none_or(|customer| *grant.customer == *customer)
        })
    }

    /// `GET /customers/{id}/entitlement-grants`: newest first, including those of deleted entitlements.
    pub(super) fn list_grants_of_customer(
        &self,
        business_id: &str,
        customer: &str,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let business = self.business(business_id)?;
        if !business.customers.contains_key(customer) {
            return Err(Refusal::not_found("Customer"));
        }
        let query = Query::of(request.uri());
        let wanted = query.word("integration_type", IntegrationType::ALL, IntegrationType::word);
        let wanted = wanted.map_err(Refusal::unprocessable)?;
        self.list_grants(&query, &business.grants, |grant| {
            let spec = business.entitlement(&grant.entitlement).map(|entitlement| &entitlement.spec);
            *grant.customer == *customer
                && wanted.is_none_or(|wanted| spec.is_some_and(|spec| spec.integration_type == wanted))
        })
    }

    /// `DELETE /entitlements/{id}/grants/{grant_id}`: idempotent.
    ///
    /// A grant that is already revoked, for whatever reason, is answered as it is and keeps that reason.
    pub(super) fn revoke_grant(
        &mut self,
        business_id: &str,
        entitlement: &str,
        id: &str,
    ) -> Result<Answer, Refusal> {
        self.entitlement(business_id, entitlement)?;
        let grant = self.grant(business_id, id)?;
        if *grant.entitlement != *entitlement {
            return Err(unknown_grant());
        }
        if self.database.grant_state(grant).reason().is_none() {
            let before = self.database.grant_before(id);
            let grant = self.database.grants.get_mut(id).ok_or_else(unknown_grant)?;
            grant.revoked = true;
            grant.updated_at = self.now;
            self.database.announce_changes(before, self.now);
        }
        self.answer_grant(business_id, id)
    }

    /// `POST /grants/{id}/license-key`: absent members default to the entitlement's values.
    ///
    /// Checked in this order: the body, the grant, its kind and an empty key (400), whether it is pending (409),
    /// whether the key is taken (409), the limit (422). The vendor documents the statuses; the order is a choice.
    pub(super) fn fulfill_grant(
        &mut self,
        business_id: &str,
        id: &str,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let body: FulfillBody = body::read(request, self.quirks)?;
        let grant = self.grant(business_id, id)?;
        let business = self.business(business_id)?;
        let spec = &business.entitlement(&grant.entitlement).ok_or_else(Refusal::internal)?.spec;
        if spec.integration_type != IntegrationType::LicenseKey {
            return Err(Refusal::bad_fulfillment("Grant is not a license key grant"));
        }
        let code = body.key.trim();
        if code.is_empty() {
            return Err(Refusal::bad_fulfillment("License key cannot be empty"));
        }
        if self.database.grant_state(grant) != GrantState::Pending {
            return Err(Refusal::not_pending());
        }
        if self.database.is_code_taken(code) {
            return Err(Refusal::key_exists());
        }
        if body.activations_limit.is_some_and(|limit| limit < 1) {
            return Err(Refusal::limit_below_one());
        }
        let fulfillment = Fulfillment {
            code: code.into(),
            activations_limit: body.activations_limit.or(spec.activations_limit),
            expires_at: body.expires_at.or_else(|| expiry(spec, self.now)),
        };
        fulfill(self.database, self.ids, id, fulfillment, self.now);
        self.answer_grant(business_id, id)
    }

    /// A page of those `grants` that are `wanted` and have the requested status. Filters apply before the page is
    /// cut.
    fn list_grants(
        &self,
        query: &Query<'_>,
        grants: &Timeline,
        wanted: impl Fn(&Grant) -> bool,
    ) -> Result<Answer, Refusal> {
        let page = query.page(self.quirks).map_err(Refusal::unprocessable)?;
        let status = query.word("status", GrantState::ALL, GrantState::word);
        let status = status.map_err(Refusal::unprocessable)?.map(GrantState::word);
        let all = grants.newest_first().filter_map(|id| self.database.grants.get(id));
        let found = all.filter(|grant| {
            wanted(grant) && status.is_none_or(|status| self.database.grant_state(grant).word() == status)
        });
        let items = page.of(found).map(|grant| self.grant_document(grant)).collect::<Result<_, _>>()?;
        Ok(self.json(StatusCode::OK, &ListDocument { items }))
    }

    /// The grant of this business with this id, or a 404.
    fn grant(&self, business_id: &str, id: &str) -> Result<&Grant, Refusal> {
        self.database.grants.get(id).filter(|grant| *grant.business == *business_id).ok_or_else(unknown_grant)
    }

    fn answer_grant(&self, business_id: &str, id: &str) -> Result<Answer, Refusal> {
        Ok(self.json(StatusCode::OK, &self.grant_document(self.grant(business_id, id)?)?))
    }

    fn grant_document<'k>(&'k self, grant: &'k Grant) -> Result<GrantDocument<'k>, Refusal> {
        self.database.grant_document(grant, self.quirks, self.now).ok_or_else(Refusal::internal)
    }
}

/// When a key expires that is delivered now: after the days of its entitlement, or never.
fn expiry(spec: &EntitlementSpec, now: Timestamp) -> Option<Timestamp> {
    let days = i64::from(spec.duration_days?);
    now.checked_add(SignedDuration::from_hours(24 * days)).ok()
}

fn unknown_grant() -> Refusal {
    Refusal::not_found("Grant")
}

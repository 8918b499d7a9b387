//! Actions of sellers in the dashboard, and purchases.

use std::collections::HashMap;

use uuid::Uuid;

use super::error::SimError;
use super::jobs::Job;
use super::json::Number;
use super::options::RateGroup;
use super::records::{Benefit, Customer, Member, Organization, Origin};
use super::server::PolarSim;
use super::specs::{BenefitSpec, CustomerSpec, GrantSpec, GrantedKey, MemberSpec, OrganizationSpec};
use super::state::State;
use super::validation::{Metadata, Scalar};
use super::webhooks::GrantEvent;

/// The metadata entry with the external id of a deleted customer.
const KEPT_EXTERNAL_ID: &str = "__external_id";

/// Sellers, customers, benefits and sales.
impl PolarSim {
    /// The id of the initial organization.
    #[must_use]
    pub fn organization_id(&self) -> Uuid {
        self.state().home
    }

    /// Adds another organization.
    pub fn add_organization(&self, spec: OrganizationSpec) -> Uuid {
        let mut state = self.state();
        let id = state.ids.uuid();
        state.add_organization(id, spec);
        id
    }

    /// Adds a customer.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownOrganization`]
    pub fn add_customer(&self, spec: CustomerSpec) -> Result<Uuid, SimError> {
        self.state().add_customer(spec)
    }

    /// Changes a customer, except for the organization.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownCustomer`]
    pub fn update_customer(
        &self,
        customer: Uuid,
        edit: impl FnOnce(&mut CustomerSpec),
    ) -> Result<(), SimError> {
        let mut state = self.state();
        let now = state.now();
        let found = state.customers.get_mut(&customer).filter(|customer| customer.deleted_at.is_none());
        let found = found.ok_or(SimError::UnknownCustomer)?;
        edit(&mut found.profile);
        found.metadata = stored_metadata(&found.profile);
        found.modified_at = Some(now);
        Ok(())
    }

    /// Adds a member to a customer.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownCustomer`]
    pub fn add_member(&self, customer: Uuid, spec: MemberSpec) -> Result<Uuid, SimError> {
        let mut state = self.state();
        state.live_customer(customer).ok_or(SimError::UnknownCustomer)?;
        let id = state.ids.uuid();
        let created_at = state.now();
        let MemberSpec { email, external_id, owner } = spec;
        state.members.insert(id, Member { id, customer_id: customer, created_at, email, external_id, owner });
        Ok(id)
    }

    /// Adds a benefit.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownOrganization`]
    pub fn add_benefit(&self, spec: BenefitSpec) -> Result<Uuid, SimError> {
        let mut state = self.state();
        let organization_id = spec.organization.unwrap_or(state.home);
        state.organizations.get(&organization_id).ok_or(SimError::UnknownOrganization)?;
        let id = state.ids.uuid();
        let benefit = Benefit {
            id,
            organization_id,
            created_at: state.now(),
            modified_at: None,
            properties: spec,
            deleted: false,
        };
        state.benefits.insert(id, benefit);
        Ok(id)
    }

    /// Changes a benefit. Changes of the expiry or the limits are applied to the granted keys by
    /// [`run_jobs`](Self::run_jobs), which overwrites changes of single keys; the lifetime then starts again.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownBenefit`]
    pub fn update_benefit(&self, benefit: Uuid, edit: impl FnOnce(&mut BenefitSpec)) -> Result<(), SimError> {
        let mut state = self.state();
        let now = state.now();
        let found = state.benefits.get_mut(&benefit).filter(|benefit| !benefit.deleted);
        let found = found.ok_or(SimError::UnknownBenefit)?;
        let before = found.properties.clone();
        edit(&mut found.properties);
        let after = found.properties.clone();
        if before != after {
            found.modified_at = Some(now);
            state.announce_benefit(benefit);
        }
        if (before.expires, before.activations, before.limit_usage)
            != (after.expires, after.activations, after.limit_usage)
        {
            state.jobs.push_back(Job::UpdateBenefit(benefit));
        }
        Ok(())
    }

    /// Deletes a benefit. [`run_jobs`](Self::run_jobs) revokes its keys.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownBenefit`]
    pub fn delete_benefit(&self, benefit: Uuid) -> Result<(), SimError> {
        let mut state = self.state();
        let found = state.benefits.get_mut(&benefit).filter(|benefit| !benefit.deleted);
        found.ok_or(SimError::UnknownBenefit)?.deleted = true;
        state.jobs.push_back(Job::RevokeBenefit(benefit));
        Ok(())
    }

    /// Sells a benefit: creates a key immediately.
    ///
    /// # Errors
    ///
    /// [`SimError`] if the benefit, customer or member is unknown or they do not belong together, or if the
    /// organization already has the imported key.
    pub fn grant(&self, spec: GrantSpec) -> Result<GrantedKey, SimError> {
        self.state().grant(spec)
    }

    /// Sells many benefits; fast enough for tens of thousands of keys.
    ///
    /// # Errors
    ///
    /// The errors of [`grant`](Self::grant). The keys created before it stay.
    pub fn grant_all(&self, specs: impl IntoIterator<Item = GrantSpec>) -> Result<Vec<GrantedKey>, SimError> {
        let mut state = self.state();
        specs.into_iter().map(|spec| state.grant(spec)).collect()
    }

    /// Ends the sale of a key: ends the subscription or refunds the order. The key is revoked immediately.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownKey`]
    pub fn end_grant(&self, key: Uuid) -> Result<(), SimError> {
        let mut state = self.state();
        let now = state.now();
        let found = state.key_mut(key).ok_or(SimError::UnknownKey)?;
        if let Origin::Subscription { ended_at, .. } = &mut found.grant.origin {
            *ended_at = Some(now);
        }
        state.revoke(key);
        Ok(())
    }

    /// Renews the subscription of a key for another month, which does not change the key. No effect on a key of an
    /// order or of an ended subscription.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownKey`]
    pub fn renew_grant(&self, key: Uuid) -> Result<(), SimError> {
        let mut state = self.state();
        let found = state.key_mut(key).ok_or(SimError::UnknownKey)?;
        if let Origin::Subscription { renewals, ended_at: None, .. } = &mut found.grant.origin {
            *renewals += 1;
            state.announce_grant(key, GrantEvent::Cycled);
        }
        Ok(())
    }

    /// Reverts [`end_grant`](Self::end_grant), such as by resuming the subscription: the same key is granted again,
    /// with the limits of the benefit.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownKey`]
    pub fn resume_grant(&self, key: Uuid) -> Result<(), SimError> {
        let mut state = self.state();
        let found = state.key_mut(key).ok_or(SimError::UnknownKey)?;
        if let Origin::Subscription { ended_at, .. } = &mut found.grant.origin {
            *ended_at = None;
        }
        state.restore(key);
        Ok(())
    }

    /// Deletes a customer. Its sessions end immediately; [`run_jobs`](Self::run_jobs) revokes its keys, which still
    /// show the customer.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownCustomer`]
    pub fn delete_customer(&self, customer: Uuid) -> Result<(), SimError> {
        let mut state = self.state();
        let now = state.now();
        let found = state.customers.get_mut(&customer).filter(|customer| customer.deleted_at.is_none());
        let found = found.ok_or(SimError::UnknownCustomer)?;
        found.deleted_at = Some(now);
        found.modified_at = Some(now);
        if let Some(external_id) = &found.profile.external_id {
            found.profile.metadata.insert(KEPT_EXTERNAL_ID.to_owned(), external_id.as_str().into());
            found.metadata = stored_metadata(&found.profile);
        }
        state.jobs.push_back(Job::RevokeCustomer(customer));
        Ok(())
    }

    /// Runs the vendor's background jobs: grants follow changes of status (which resets the limits of keys that were
    /// granted again), and deletions and changes of benefits are applied.
    pub fn run_jobs(&self) {
        self.state().run_jobs();
    }
}

impl State {
    /// Adds an organization with a given id.
    pub(super) fn add_organization(&mut self, id: Uuid, spec: OrganizationSpec) {
        let number = self.organizations.len() + 1;
        let organization = Organization {
            slug: spec.slug.unwrap_or_else(|| format!("organization-{number}")),
            member_model: spec.member_model,
            blocked: false,
            rate_group: RateGroup::Default,
            keys: Vec::new(),
            codes: HashMap::new(),
        };
        self.organizations.insert(id, organization);
    }

    /// Adds a customer without keys.
    fn add_customer(&mut self, spec: CustomerSpec) -> Result<Uuid, SimError> {
        let organization_id = spec.organization.unwrap_or(self.home);
        self.organizations.get(&organization_id).ok_or(SimError::UnknownOrganization)?;
        let id = self.ids.uuid();
        let customer = Customer {
            id,
            organization_id,
            created_at: self.now(),
            modified_at: None,
            deleted_at: None,
            metadata: stored_metadata(&spec),
            profile: spec,
            keys: Vec::new(),
        };
        self.customers.insert(id, customer);
        Ok(id)
    }
}

/// The entries of the profile that are metadata: strings, numbers and booleans.
fn stored_metadata(profile: &CustomerSpec) -> Metadata {
    let mut metadata = Metadata::default();
    for (name, value) in &profile.metadata {
        let scalar = match value {
            serde_json::Value::String(text) => Some(Scalar::Text(text.clone())),
            serde_json::Value::Number(number) => Number::from_token(&number.to_string()).map(Scalar::Number),
            serde_json::Value::Bool(value) => Some(Scalar::Bool(*value)),
            _ => None,
        };
        if let Some(scalar) = scalar {
            metadata.set(name, scalar);
        }
    }
    metadata.stored()
}

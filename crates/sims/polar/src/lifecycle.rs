//! The lifecycle of a key: granted by a sale, revoked and granted again by background jobs.

use uuid::Uuid;

use super::error::SimError;
use super::ids::derived;
use super::jobs::Job;
use super::key_status::KeyStatus;
use super::moment::Moment;
use super::records::{Grant, LicenseKey, Limits, Origin};
use super::specs::{BenefitSpec, GrantSpec, GrantedKey};
use super::state::State;
use super::webhooks::GrantEvent;

impl State {
    /// Sells a benefit, including the work of the background job.
    ///
    /// # Errors
    ///
    /// [`SimError`] for a sale that the dashboard does not allow, or a key string that exists.
    pub(super) fn grant(&mut self, spec: GrantSpec) -> Result<GrantedKey, SimError> {
        let now = self.now();
        let organization_id = self.check_sale(&spec)?;
        let benefit = self.live_benefit(spec.benefit).ok_or(SimError::UnknownBenefit)?;
        let limits = limits_of(&benefit.properties, spec.subscription, now);
        let prefix = benefit.properties.prefix.clone();
        let origin_id = self.ids.uuid();
        let origin = Origin::of(spec.subscription, origin_id, now);
        let id = self.ids.uuid();
        let imported = spec.key.is_some();
        let key = spec.key.unwrap_or_else(|| self.new_code(prefix.as_deref()));
        self.insert_key(LicenseKey {
            id,
            created_at: now,
            modified_at: None,
            organization_id,
            customer_id: spec.customer,
            member_id: spec.member,
            benefit_id: spec.benefit,
            key: key.clone(),
            imported,
            limits,
            status: KeyStatus::Granted,
            usage: 0,
            validations: 0,
            last_validated_at: None,
            grant: Grant::new(derived(id, "grant"), origin, now),
            activations: Vec::new(),
        })?;
        self.announce_first_grant(id);
        let (order_id, subscription_id) =
            if spec.subscription { (None, Some(origin_id)) } else { (Some(origin_id), None) };
        Ok(GrantedKey { id, key, order_id, subscription_id })
    }

    /// Checks that benefit, customer and member belong together; returns the organization.
    pub(super) fn check_sale(&self, spec: &GrantSpec) -> Result<Uuid, SimError> {
        let customer = self.live_customer(spec.customer).ok_or(SimError::UnknownCustomer)?;
        let benefit = self
            .live_benefit(spec.benefit)
            .filter(|benefit| benefit.organization_id == customer.organization_id)
            .ok_or(SimError::UnknownBenefit)?;
        let member = spec.member.and_then(|id| self.members.get(&id));
        if spec.member.is_some() && member.is_none_or(|member| member.customer_id != customer.id) {
            return Err(SimError::UnknownMember);
        }
        Ok(benefit.organization_id)
    }

    /// A new key string: the prefix in upper case, a hyphen, an upper-case UUID.
    pub(super) fn new_code(&mut self, prefix: Option<&str>) -> String {
        let code = self.ids.uuid().to_string().to_uppercase();
        match prefix.map(str::trim).filter(|prefix| !prefix.is_empty()) {
            Some(prefix) => format!("{}-{code}", prefix.to_uppercase()),
            None => code,
        }
    }

    /// Runs all background jobs. A change of a key's status reaches its grant only here, as on the real server, whose
    /// jobs run seconds later.
    pub(super) fn run_jobs(&mut self) {
        while let Some(job) = self.jobs.pop_front() {
            match job {
                Job::SyncGrant(key) => match self.key(key).map(|key| key.status) {
                    Some(KeyStatus::Revoked) => self.revoke(key),
                    Some(KeyStatus::Granted | KeyStatus::Disabled) => self.restore(key),
                    None => {}
                },
                Job::RevokeCustomer(customer) => {
                    let keys = self.customers.get(&customer).map(|customer| customer.keys.clone());
                    keys.into_iter().flatten().for_each(|key| self.revoke(key));
                }
                Job::RevokeBenefit(benefit) => {
                    self.keys_of_benefit(benefit).into_iter().for_each(|key| self.revoke(key));
                }
                Job::UpdateBenefit(benefit) => {
                    for key in self.keys_of_benefit(benefit) {
                        if self.key(key).is_some_and(|key| key.grant.is_granted) {
                            self.reset_limits(key);
                            self.give(key);
                            self.announce_grant(key, GrantEvent::Updated);
                        }
                    }
                }
            }
        }
    }

    /// Revokes the grant: the key is revoked, even a disabled one.
    pub(super) fn revoke(&mut self, id: Uuid) {
        let now = self.now();
        if !self.key(id).is_some_and(|key| key.grant.is_granted) {
            return;
        }
        let Some(key) = self.key_mut(id) else { return };
        key.grant.take(now);
        if key.status != KeyStatus::Revoked {
            key.status = KeyStatus::Revoked;
            key.modified_at = Some(now);
        }
        self.announce_grant(id, GrantEvent::Revoked);
    }

    /// Grants the benefit again: the same key, no longer revoked, with the limits of the benefit.
    pub(super) fn restore(&mut self, id: Uuid) {
        let now = self.now();
        let possible = self.key(id).is_some_and(|key| {
            !key.grant.is_granted
                && self.live_benefit(key.benefit_id).is_some()
                && self.live_customer(key.customer_id).is_some()
        });
        if !possible {
            return;
        }
        let Some(key) = self.key_mut(id) else { return };
        key.grant.give(now);
        if key.status == KeyStatus::Revoked {
            key.status = KeyStatus::Granted;
            key.modified_at = Some(now);
        }
        self.reset_limits(id);
        self.announce_grant(id, GrantEvent::Created);
    }

    /// Grants an active grant again.
    fn give(&mut self, id: Uuid) {
        let now = self.now();
        if let Some(key) = self.key_mut(id) {
            key.grant.give(now);
        }
    }

    /// Resets the limits to the benefit's, which overwrites changes of the key. The lifetime starts again.
    fn reset_limits(&mut self, id: Uuid) {
        let now = self.now();
        let Some(key) = self.key(id) else { return };
        let Some(benefit) = self.live_benefit(key.benefit_id) else { return };
        let subscribed = matches!(key.grant.origin, Origin::Subscription { .. });
        let limits = limits_of(&benefit.properties, subscribed, now);
        if limits != key.limits
            && let Some(key) = self.key_mut(id)
        {
            key.limits = limits;
            key.modified_at = Some(now);
        }
    }

    /// All keys of a benefit, oldest first.
    fn keys_of_benefit(&self, id: Uuid) -> Vec<Uuid> {
        let organization =
            self.benefits.get(&id).and_then(|benefit| self.organizations.get(&benefit.organization_id));
        let keys = organization.into_iter().flat_map(|organization| organization.keys.iter().copied());
        keys.filter(|key| self.key(*key).is_some_and(|key| key.benefit_id == id)).collect()
    }
}

/// The limits of a key from its benefit at this time. A key of a subscription has no expiry of its own: the end of
/// the subscription revokes it.
fn limits_of(benefit: &BenefitSpec, subscribed: bool, now: Moment) -> Limits {
    let ttl = benefit.expires.filter(|_| !subscribed);
    Limits {
        expires_at: ttl.map(|ttl| now.plus(ttl.count, ttl.timeframe)),
        activations: benefit.activations.map(|activations| i64::from(activations.limit)),
        usage: benefit.limit_usage.map(i64::from),
    }
}

//! What a key of the source is to be at the target: pure.

use anykey_core::{
    ActivationLimit, Capabilities, Capability, Change, CreateRequest, Expiry, LicenseKey, LicensePatch,
    LicenseStatus, StatusChange, Timestamp,
};

use crate::{Loss, Mapping, SkipReason};

/// The end with which a key is created that must not be in force before it is switched off: 2000-01-01. Some vendors
/// take no earlier one.
const PAST: Timestamp = Timestamp::constant(946_684_800, 0);

/// A key as it is to be at the target.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wanted {
    /// What it is to be. [`creation`](Self::creation) is the request to send.
    pub request: CreateRequest,
    /// What has to be changed after that, such as the status of a disabled key; empty for most.
    pub follow_up: LicensePatch,
    /// Whether it is switched off, by being disabled or revoked.
    pub is_off: bool,
    /// What the target cannot store.
    pub losses: Vec<Loss>,
}

impl Wanted {
    /// The request to send first. A key that is switched off by the change that follows is created with an end in the
    /// past, which that change replaces: it is in force at no moment.
    #[must_use]
    pub fn creation(&self) -> CreateRequest {
        let mut request = self.request.clone();
        if self.follow_up.expiry != Change::Keep {
            request.expiry = Expiry::At(PAST);
        }
        request
    }

    /// Whether `key`, a record of the target, is such a key already. What the target does not report counts as equal.
    #[must_use]
    pub fn is_met_by(&self, key: &LicenseKey) -> bool {
        let request = &self.request;
        let is_product = key.product.as_ref().is_none_or(|id| *id == request.product);
        let is_customer = match (&request.customer, &key.customer) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        };
        let (limit, expiry) = (key.activations.limit, key.expiry);
        is_product && is_customer && !self.differs_in_limit(limit) && !self.differs_in_expiry(expiry)
    }

    /// Whether a target that reports this limit has another one. What it does not report counts as equal.
    #[must_use]
    pub fn differs_in_limit(&self, found: ActivationLimit) -> bool {
        found != ActivationLimit::Unknown && found != self.request.activation_limit
    }

    /// Whether a target that reports this end has another one, to the second, since vendors keep different fractions.
    /// What it does not report counts as equal.
    #[must_use]
    pub fn differs_in_expiry(&self, found: Expiry) -> bool {
        match (found, self.request.expiry) {
            (Expiry::Unknown, _) => false,
            (Expiry::At(found), Expiry::At(wanted)) => found.as_second() != wanted.as_second(),
            (found, wanted) => found != wanted,
        }
    }
}

/// What `key` is to be at a target with `capabilities`.
pub(crate) fn wanted(
    key: &LicenseKey,
    mapping: &Mapping,
    capabilities: Capabilities,
) -> Result<Wanted, SkipReason> {
    let mut losses = Vec::new();
    let product = mapping.product(key.product.as_ref()).ok_or(SkipReason::UnmappedProduct)?;
    let customer = mapping.customer(key.customer.as_ref());
    let may_have_none = mapping.allow_no_customer && capabilities.contains(Capability::MintCode);
    if customer.is_none() && !may_have_none {
        return Err(SkipReason::UnmappedCustomer);
    }
    let status = off_switch(&key.status, capabilities, &mut losses)?;
    let mut request = CreateRequest::minted(product.clone());
    request.code = Some(key.code.clone());
    request.customer = customer.cloned();
    request.expiry = expiry(key, mapping)?;
    request.activation_limit = limit(key, mapping)?;
    let mut follow_up = LicensePatch::new();
    follow_up.status = status;
    if status.is_some() && request.expiry != Expiry::At(PAST) {
        match capabilities.contains(Capability::SetExpiry) {
            true => {
                follow_up.expiry = match request.expiry {
                    Expiry::At(end) => Change::Set(end),
                    _ => Change::Clear,
                }
            }
            false => losses.push(Loss::BrieflyInForce),
        }
    }
    if let Some(usage) = key.usage.filter(|usage| usage.used != 0 || usage.limit.is_some()) {
        if capabilities.contains(Capability::SetUsage) {
            follow_up = follow_up.usage(usage.used);
            follow_up.usage_limit = usage.limit.map_or(Change::Keep, Change::Set);
        } else {
            losses.push(Loss::Usage);
        }
    }
    if key.activations.used.is_some_and(|used| used > 0) {
        losses.push(Loss::Seats);
    }
    if key.origin.subscription.is_some() || key.expiry == Expiry::FollowsSubscription {
        losses.push(Loss::Subscription);
    }
    Ok(Wanted { request, follow_up, is_off: status.is_some(), losses })
}

/// How the key is switched off after it was created; `None` for one that stays in force.
fn off_switch(
    status: &LicenseStatus,
    capabilities: Capabilities,
    losses: &mut Vec<Loss>,
) -> Result<Option<StatusChange>, SkipReason> {
    let (disable, revoke) =
        (capabilities.contains(Capability::SetDisabled), capabilities.contains(Capability::Revoke));
    match status {
        LicenseStatus::Active | LicenseStatus::Inactive | LicenseStatus::Expired => Ok(None),
        LicenseStatus::Revoked if revoke => Ok(Some(StatusChange::Revoke)),
        LicenseStatus::Disabled | LicenseStatus::Revoked if disable => {
            if *status == LicenseStatus::Revoked {
                losses.push(Loss::RevokedWord);
            }
            Ok(Some(StatusChange::Disable))
        }
        LicenseStatus::Disabled if revoke => Ok(Some(StatusChange::Revoke)),
        LicenseStatus::Disabled | LicenseStatus::Revoked => Err(SkipReason::CannotSwitchOff),
        _ => Err(SkipReason::UnknownStatus),
    }
}

fn expiry(key: &LicenseKey, mapping: &Mapping) -> Result<Expiry, SkipReason> {
    match key.expiry {
        expiry @ Expiry::At(_) => Ok(expiry),
        // Any other end would put it in force again.
        _ if key.status == LicenseStatus::Expired => Err(SkipReason::ExpiredWithoutEnd),
        Expiry::Never => Ok(Expiry::Never),
        Expiry::FollowsSubscription => mapping.subscription_expiry.ok_or(SkipReason::FollowsSubscription),
        _ if key.origin.subscription.is_some() => {
            mapping.subscription_expiry.ok_or(SkipReason::FollowsSubscription)
        }
        _ => mapping.unknown_expiry.ok_or(SkipReason::UnknownExpiry),
    }
}

fn limit(key: &LicenseKey, mapping: &Mapping) -> Result<ActivationLimit, SkipReason> {
    match key.activations.limit {
        limit @ (ActivationLimit::Unlimited | ActivationLimit::AtMost(_)) => Ok(limit),
        ActivationLimit::NotAllowed => mapping.default_limit.ok_or(SkipReason::NoSeats),
        _ => mapping.default_limit.ok_or(SkipReason::UnknownLimit),
    }
}

#[cfg(test)]
mod tests {
    use anykey_core::adapter::KeyCodeExt as _;
    use anykey_core::{KeyCode, Usage};

    use super::*;

    const TARGET: Capabilities = Capabilities::of(&[Capability::Create, Capability::SetDisabled]);

    fn mapping() -> Mapping {
        let mut mapping = Mapping::default();
        mapping.products.insert("a".into(), "x".into());
        mapping.customers.insert("c".into(), "d".into());
        mapping
    }

    fn key() -> LicenseKey {
        let mut key =
            LicenseKey::new("old", "1".into(), KeyCode::verbatim("SECRET-0001"), LicenseStatus::Active);
        key.product = Some("a".into());
        key.customer = Some("c".into());
        key.expiry = Expiry::Never;
        key.activations.limit = ActivationLimit::AtMost(2);
        key
    }

    fn with(change: impl FnOnce(&mut LicenseKey)) -> LicenseKey {
        let mut key = key();
        change(&mut key);
        key
    }

    #[test]
    fn a_key_keeps_code_limit_and_end() {
        let wanted = wanted(&key(), &mapping(), TARGET).unwrap();
        let expected = CreateRequest::new(key().code, "d", "x").activation_limit(2);
        assert_eq!(wanted.request, expected);
        assert!(!wanted.is_off && wanted.losses.is_empty() && wanted.follow_up == LicensePatch::new());
    }

    #[test]
    fn nothing_is_guessed() {
        let at = Expiry::At(Timestamp::UNIX_EPOCH);
        for (key, reason) in [
            (with(|key| key.product = None), SkipReason::UnmappedProduct),
            (with(|key| key.customer = Some("other".into())), SkipReason::UnmappedCustomer),
            (with(|key| key.expiry = Expiry::Unknown), SkipReason::UnknownExpiry),
            (with(|key| key.expiry = Expiry::FollowsSubscription), SkipReason::FollowsSubscription),
            (with(|key| key.activations.limit = ActivationLimit::NotAllowed), SkipReason::NoSeats),
            (with(|key| key.activations.limit = ActivationLimit::Unknown), SkipReason::UnknownLimit),
            (with(|key| key.status = LicenseStatus::Other("odd".into())), SkipReason::UnknownStatus),
            (with(|key| key.status = LicenseStatus::Expired), SkipReason::ExpiredWithoutEnd),
        ] {
            assert_eq!(wanted(&key, &mapping(), TARGET), Err(reason));
        }
        let expired = with(|key| (key.status, key.expiry) = (LicenseStatus::Expired, at));
        assert_eq!(wanted(&expired, &mapping(), TARGET).unwrap().request.expiry, at);
    }

    #[test]
    fn the_status_follows_as_far_as_the_target_can() {
        let status = |status: LicenseStatus, target| {
            let wanted = wanted(&with(|key| key.status = status), &mapping(), target);
            wanted.map(|wanted| (wanted.follow_up.status, wanted.losses))
        };
        let revoking = Capabilities::of(&[Capability::Revoke]);
        let disabled = LicenseStatus::Disabled;
        let brief = Loss::BrieflyInForce;
        assert_eq!(status(disabled.clone(), TARGET), Ok((Some(StatusChange::Disable), vec![brief])));
        assert_eq!(status(disabled.clone(), revoking), Ok((Some(StatusChange::Revoke), vec![brief])));
        assert_eq!(status(disabled, Capabilities::default()), Err(SkipReason::CannotSwitchOff));
        let lossy = Ok((Some(StatusChange::Disable), vec![Loss::RevokedWord, brief]));
        assert_eq!(status(LicenseStatus::Revoked, TARGET), lossy);
        assert_eq!(status(LicenseStatus::Revoked, revoking), Ok((Some(StatusChange::Revoke), vec![brief])));
    }

    #[test]
    fn a_key_that_is_off_is_created_after_its_end_where_the_target_can_change_it() {
        let able = TARGET.union(Capabilities::of(&[Capability::SetExpiry]));
        let off = |expiry| with(|key| (key.status, key.expiry) = (LicenseStatus::Disabled, expiry));
        let at: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        for (expiry, change) in [(Expiry::Never, Change::Clear), (Expiry::At(at), Change::Set(at))] {
            let closed = wanted(&off(expiry), &mapping(), able).unwrap();
            assert_eq!((closed.request.expiry, closed.creation().expiry), (expiry, Expiry::At(PAST)));
            assert_eq!(closed.follow_up.expiry, change);
            assert!(closed.losses.is_empty());
            let open = wanted(&off(expiry), &mapping(), TARGET).unwrap();
            assert_eq!((open.creation(), open.losses), (open.request, vec![Loss::BrieflyInForce]));
        }
        let active = wanted(&key(), &mapping(), able).unwrap();
        assert_eq!(active.creation(), active.request);
    }

    #[test]
    fn what_cannot_be_carried_is_named() {
        let full = with(|key| {
            key.usage = Some(Usage { used: 7, limit: Some(10) });
            key.activations.used = Some(1);
            key.origin.subscription = Some("sub_1".into());
        });
        let counted = wanted(&full, &mapping(), TARGET).unwrap();
        assert_eq!(counted.losses, [Loss::Usage, Loss::Seats, Loss::Subscription]);
        let kept = wanted(&full, &mapping(), Capabilities::all()).unwrap();
        assert_eq!((kept.follow_up.usage, kept.follow_up.usage_limit), (Some(7), Change::Set(10)));
        assert!(!kept.losses.contains(&Loss::Usage));
    }

    #[test]
    fn a_key_without_a_customer_is_created_only_where_that_is_allowed_twice() {
        let nobodys = with(|key| key.customer = None);
        let mut mapping = mapping();
        mapping.allow_no_customer = true;
        assert_eq!(wanted(&nobodys, &mapping, TARGET), Err(SkipReason::UnmappedCustomer));
        let minting = Capabilities::of(&[Capability::Create, Capability::MintCode]);
        assert_eq!(wanted(&nobodys, &mapping, minting).unwrap().request.customer, None);
    }

    #[test]
    fn a_record_of_the_target_is_compared_with_what_is_wanted() {
        let wanted = wanted(&key(), &mapping(), TARGET).unwrap();
        let found = |change: &dyn Fn(&mut LicenseKey)| {
            let mut key = key();
            (key.product, key.customer) = (Some("x".into()), Some("d".into()));
            change(&mut key);
            wanted.is_met_by(&key)
        };
        assert!(found(&|_| {}));
        assert!(found(&|key| (key.product, key.customer, key.expiry) = (None, None, Expiry::Unknown)));
        assert!(!found(&|key| key.product = Some("y".into())));
        assert!(!found(&|key| key.customer = Some("e".into())));
        assert!(!found(&|key| key.activations.limit = ActivationLimit::AtMost(3)));
        assert!(!found(&|key| key.expiry = Expiry::At(Timestamp::UNIX_EPOCH)));
    }
}

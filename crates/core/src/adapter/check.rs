use crate::adapter::ErrorExt as _;
use crate::{
    ActivateRequest, ActivationLimit, Capabilities, Capability, CreateRequest, CustomerRef,
    DeactivateRequest, Error, ErrorKind, LicensePatch, LicenseProvider, ListQuery, Operation, RenewRequest,
    Result, StatusChange, ValidateRequest,
};

/// What a request needs of the provider that it is sent to.
///
/// Implemented by every request type of the trait, and by [`Capability`] for the operations that take an id only.
pub trait Requirements {
    /// The capabilities without which the request cannot be honoured.
    fn capabilities(&self) -> Capabilities;

    /// Refuses what no provider can honour.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`], naming the argument.
    fn validate(&self) -> Result<()> {
        Ok(())
    }
}

/// Refuses a request that `provider` cannot honour. An adapter calls it first in each operation, before it sends
/// anything.
///
/// A wrapper must not call it in place of the provider that it wraps: only that one knows its capabilities at the
/// moment of the call, and what to advise.
///
/// ```
/// use anykey_core::adapter::check;
/// use anykey_core::{Capability, InMemoryProvider, ListQuery, Timestamp};
///
/// let provider = InMemoryProvider::new(Timestamp::now);
/// check(&provider, &ListQuery::new().customer("cus_1"))?;
/// check(&provider, &Capability::Rotate)?;
/// # Ok::<_, anykey_core::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::Unsupported`], naming the provider and the first capability that is missing, in the order of
/// [`Capability::ALL`]; [`ErrorKind::InvalidRequest`] for an argument that no provider can honour.
pub fn check<P: LicenseProvider + ?Sized>(
    provider: &P,
    request: &(impl Requirements + ?Sized),
) -> Result<()> {
    check_against(provider.name(), provider.capabilities(), request)
}

/// As [`check`], against `capabilities` that became known during a call instead of those that the provider reports.
///
/// # Errors
///
/// As [`check`].
pub fn check_against(
    provider: &str,
    capabilities: Capabilities,
    request: &(impl Requirements + ?Sized),
) -> Result<()> {
    match request.capabilities().difference(capabilities).iter().next() {
        Some(missing) => Err(Error::unsupported(provider.to_owned(), missing)),
        None => request.validate().map_err(|error| error.with_provider(provider.to_owned())),
    }
}

/// The error for a `request` to a part of a provider that is not configured, such as the management plane without a
/// token: [`ErrorKind::Unsupported`], naming the first capability that the request needs.
pub fn not_configured(provider: &'static str, request: &(impl Requirements + ?Sized)) -> Error {
    let missing = request.capabilities().iter().next().unwrap_or(Capability::Get);
    Error::unsupported(provider, missing)
}

fn wanted<const N: usize>(wanted: [(bool, Capability); N]) -> Capabilities {
    wanted.into_iter().filter(|(is_wanted, _)| *is_wanted).map(|(_, capability)| capability).collect()
}

impl Requirements for Capability {
    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[*self])
    }
}

impl Requirements for ListQuery {
    fn capabilities(&self) -> Capabilities {
        wanted([
            (true, Capability::List),
            (self.customer.is_none(), Capability::ListAll),
            (matches!(self.customer, Some(CustomerRef::Id(_))), Capability::FilterByCustomer),
            (matches!(self.customer, Some(CustomerRef::Email(_))), Capability::FilterByEmail),
            (matches!(self.customer, Some(CustomerRef::External(_))), Capability::FilterByExternalCustomer),
            (!self.products.is_empty(), Capability::FilterByProduct),
            (!self.statuses.is_empty(), Capability::FilterByStatus),
            (self.products.len() > 1 || self.statuses.len() > 1, Capability::FilterByMany),
            (self.source.is_some(), Capability::FilterBySource),
            (self.created_from.is_some() || self.created_until.is_some(), Capability::FilterByCreation),
        ])
    }
}

impl Requirements for CreateRequest {
    fn capabilities(&self) -> Capabilities {
        let leaves_to_the_vendor = self.code.is_none() || self.customer.is_none();
        wanted([(true, Capability::Create), (leaves_to_the_vendor, Capability::MintCode)])
    }
}

impl Requirements for LicensePatch {
    fn capabilities(&self) -> Capabilities {
        let switches = matches!(self.status, Some(StatusChange::Disable | StatusChange::Enable));
        wanted([
            (switches, Capability::SetDisabled),
            (self.status == Some(StatusChange::Revoke), Capability::Revoke),
            (!self.expiry.is_keep(), Capability::SetExpiry),
            (self.activation_limit.is_some(), Capability::SetActivationLimit),
            (self.usage.is_some() || !self.usage_limit.is_keep(), Capability::SetUsage),
        ])
    }

    fn validate(&self) -> Result<()> {
        if self.activation_limit == Some(ActivationLimit::Unknown) {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                "activation_limit: `Unknown` is not a limit; set `Unlimited`, `AtMost` or `NotAllowed`",
            )
            .with_operation(Operation::Update));
        }
        Ok(())
    }
}

impl Requirements for ValidateRequest {
    fn capabilities(&self) -> Capabilities {
        wanted([
            (true, Capability::Validate),
            (self.activation.is_none(), Capability::ValidateWithoutSeat),
            (self.product.is_some(), Capability::RequireProduct),
            (self.customer.is_some(), Capability::RequireCustomer),
            (self.increment_usage > 0, Capability::CountUsage),
            (!self.conditions.is_empty(), Capability::Conditions),
            (self.offline_proof, Capability::OfflineProof),
        ])
    }
}

impl Requirements for ActivateRequest {
    fn capabilities(&self) -> Capabilities {
        wanted([
            (true, Capability::Activate),
            (self.installation.is_some(), Capability::OneSeatPerInstallation),
            (!self.metadata.is_empty(), Capability::ActivationMetadata),
            (!self.conditions.is_empty(), Capability::Conditions),
            (self.offline_proof, Capability::OfflineProof),
        ])
    }
}

impl Requirements for RenewRequest {
    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[Capability::Renew])
    }
}

impl Requirements for DeactivateRequest {
    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[Capability::Deactivate])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_cannot_be_honoured_is_named() {
        let only_list = Capabilities::of(&[Capability::List]);
        let error = check_against("acme", only_list, &ListQuery::new().customer("c")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert_eq!(error.capability(), Some(Capability::FilterByCustomer));
        assert_eq!(error.provider(), Some("acme"));
        let everything = Capabilities::of(&[Capability::List, Capability::ListAll]);
        assert!(check_against("acme", everything, &ListQuery::new()).is_ok());
    }

    #[test]
    fn what_a_vendor_needs_to_be_told_is_named() {
        let per_customer = Capabilities::of(&[Capability::List, Capability::FilterByCustomer]);
        let error = check_against("acme", per_customer, &ListQuery::new()).unwrap_err();
        assert_eq!(error.capability(), Some(Capability::ListAll));
        assert!(check_against("acme", per_customer, &ListQuery::new().customer("c")).is_ok());

        let of_seats = Capabilities::of(&[Capability::Validate]);
        let alone = ValidateRequest::new(crate::KeyCode::parse("AAAA").unwrap());
        let error = check_against("acme", of_seats, &alone).unwrap_err();
        assert_eq!(error.capability(), Some(Capability::ValidateWithoutSeat));
        assert!(check_against("acme", of_seats, &alone.activation("act_1")).is_ok());
    }

    #[test]
    fn an_unknown_limit_is_refused_whatever_the_provider_can_do() {
        let patch = LicensePatch::new().activation_limit(ActivationLimit::Unknown);
        let error = check_against("acme", Capabilities::all(), &patch).unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::InvalidRequest, Some("acme")));
    }

    #[test]
    fn a_patch_needs_what_it_changes_and_nothing_else() {
        let needs = |patch: LicensePatch| patch.capabilities().iter().collect::<Vec<_>>();
        assert_eq!(needs(LicensePatch::new()), []);
        assert_eq!(needs(LicensePatch::new().status(StatusChange::Revoke)), [Capability::Revoke]);
        assert_eq!(needs(LicensePatch::new().status(StatusChange::Enable)), [Capability::SetDisabled]);
        let usage = LicensePatch::new().usage(3).clear_expiry();
        assert_eq!(needs(usage), [Capability::SetExpiry, Capability::SetUsage]);
    }
}

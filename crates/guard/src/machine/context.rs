use anykey_core::{Capabilities, Timestamp};

use crate::{Issuer, Policy, UserMark};

/// What a step may depend on beside the record and the event.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    /// The latest time seen, by the vendor's time.
    pub(crate) seen: Timestamp,
    pub(crate) policy: &'a Policy,
    /// The providers that can be asked: the current one first, then those that the app sold through before.
    pub(crate) providers: &'a [Reach],
    /// What the machine is called at the vendor.
    pub(crate) device: &'a str,
    /// Who uses a seat that the users of one computer share.
    pub(crate) user: Option<UserMark>,
}

/// A provider that can be asked.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    pub(crate) issuer: Issuer,
    pub(crate) capabilities: Capabilities,
}

impl Context<'_> {
    /// The index of the current provider.
    pub(crate) const CURRENT: usize = 0;

    pub(crate) fn current(&self) -> Option<&Reach> {
        self.providers.first()
    }

    /// The provider that asks the account of `issuer`: the one of the same name if there is one, so that two
    /// accounts at one vendor are told apart, else any at that vendor.
    pub(crate) fn provider_of(&self, issuer: &Issuer) -> Option<usize> {
        let matches = |reach: &Reach| reach.issuer.is_same_place(issuer);
        let of_same_name = |reach: &Reach| matches(reach) && reach.issuer.name == issuer.name;
        let at = self.providers.iter().position(of_same_name);
        at.or_else(|| self.providers.iter().position(matches))
    }

    /// Whether the current provider asks the account of `issuer`.
    pub(crate) fn is_current(&self, issuer: &Issuer) -> bool {
        self.provider_of(issuer) == Some(Self::CURRENT)
    }
}

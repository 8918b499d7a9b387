//! What a step needs to know besides the record.

use anykey_core::{Capabilities, Capability, Timestamp};

use crate::{Issuer, Policy, UserMark};

/// The inputs of a step other than the record and the event.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    /// The latest time seen, in the vendor's time.
    pub(crate) seen: Timestamp,
    pub(crate) policy: &'a Policy,
    /// The current provider, then the former ones.
    pub(crate) providers: &'a [ProviderInfo],
    /// The machine's name in the activation's label.
    pub(crate) device: &'a str,
    /// The current user of a shared installation; `None` when it is not shared.
    pub(crate) user: Option<UserMark>,
}

/// What the rules have to know about a provider.
#[derive(Clone, Debug)]
pub(crate) struct ProviderInfo {
    pub(crate) issuer: Issuer,
    pub(crate) capabilities: Capabilities,
}

impl Context<'_> {
    /// The index of the current provider.
    pub(crate) const CURRENT: usize = 0;

    pub(crate) fn current(&self) -> Option<&ProviderInfo> {
        self.providers.first()
    }

    /// Whether the current provider has `capability`.
    pub(crate) fn can(&self, capability: Capability) -> bool {
        self.current().is_some_and(|info| info.capabilities.contains(capability))
    }

    /// The index of the provider for the account `issuer`: the one of the same name if there is one, which
    /// distinguishes two accounts at one vendor, else the first of that vendor. `None` when there is none.
    pub(crate) fn provider_of(&self, issuer: &Issuer) -> Option<usize> {
        let matches = |info: &ProviderInfo| info.issuer.is_same_account(issuer);
        let of_same_name = |info: &ProviderInfo| matches(info) && info.issuer.name == issuer.name;
        let at = self.providers.iter().position(of_same_name);
        at.or_else(|| self.providers.iter().position(matches))
    }

    /// Whether the current provider is the one for the account `issuer`.
    pub(crate) fn is_current(&self, issuer: &Issuer) -> bool {
        self.provider_of(issuer) == Some(Self::CURRENT)
    }
}

use std::fmt;

use crate::Operation;

macro_rules! capabilities {
    ($($(#[$doc:meta])* $variant:ident, $name:literal, $operation:ident, $description:literal;)*) => {
        /// One thing that a provider can do, or one argument that it can honour.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Capability { $($(#[$doc])* $variant,)* }

        impl Capability {
            /// Every capability, in the order of the README's table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name as the README's table and `Debug` print it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The operation that needs it.
            #[must_use]
            pub const fn operation(self) -> Operation {
                match self { $(Self::$variant => Operation::$operation),* }
            }

            /// What it lets a caller do: completes "this provider cannot …".
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => $description),* }
            }
        }
    };
}

capabilities! {
    /// List keys, one page at a time.
    List, "list", List, "list keys";
    /// List without naming a customer: every key that the provider may see. A vendor that lists per customer needs
    /// [`ListQuery::customer`](crate::ListQuery::customer) (Creem).
    ListAll, "list without a customer", List, "list keys without naming a customer";
    /// List only the keys of the customer with an id of the vendor's, [`CustomerRef::Id`](crate::CustomerRef::Id).
    FilterByCustomer, "filter by customer", List, "filter keys by customer";
    /// List only the keys of the customer with an e-mail address,
    /// [`CustomerRef::Email`](crate::CustomerRef::Email).
    FilterByEmail, "filter by e-mail", List, "filter keys by the customer's e-mail address";
    /// List only the keys of the customer with an id of the seller's own,
    /// [`CustomerRef::External`](crate::CustomerRef::External).
    FilterByExternalCustomer, "filter by external id", List, "filter keys by the seller's own id of a customer";
    /// List only one product's keys.
    FilterByProduct, "filter by product", List, "filter keys by product";
    /// List only keys whose stored status is the given one.
    FilterByStatus, "filter by status", List, "filter keys by status";
    /// List only keys with one origin (bought, imported …).
    FilterBySource, "filter by source", List, "filter keys by source";
    /// List only keys created in a range of time.
    FilterByCreation, "filter by creation time", List, "filter keys by creation time";
    /// Give several values to one filter, any of which may match.
    FilterByMany, "several values per filter", List, "filter by several values at once";
    /// Read one key by its id.
    Get, "get", Get, "read a key by its id";
    /// Create a key with a given code.
    Create, "create", Create, "create keys";
    /// Create a key and leave its code, or whose it is, to the vendor.
    MintCode, "create without a code", Create, "create keys whose code or customer is left to it";
    /// Switch a key off and on again.
    SetDisabled, "disable and enable", Update, "disable or enable a key";
    /// Revoke a key.
    Revoke, "revoke", Update, "revoke a key";
    /// Set or clear a key's expiry.
    SetExpiry, "set expiry", Update, "change a key's expiry";
    /// Change how many activations a key may have.
    SetActivationLimit, "set activation limit", Update, "change a key's activation limit";
    /// Change a key's usage counter or its limit.
    SetUsage, "set usage", Update, "change a key's usage";
    /// Give a key a new code; id and activations stay.
    Rotate, "rotate", Rotate, "rotate a key";
    /// List a key's activations.
    Activations, "list activations", Activations, "list a key's activations";
    /// Give an activation another label.
    RenameActivation, "rename activation", RenameActivation, "rename an activation";
    /// Ask whether a key is good.
    Validate, "validate", Validate, "validate keys";
    /// Ask whether a key is good without naming a seat. A vendor that cannot needs
    /// [`ValidateRequest::activation`](crate::ValidateRequest::activation), so that a key has to be activated before it
    /// is validated (Creem).
    ValidateWithoutSeat, "validate without a seat", Validate, "validate a key without one of its activations";
    /// Require a product while validating.
    RequireProduct, "require a product", Validate, "check the product while validating";
    /// Require a customer while validating.
    RequireCustomer, "require a customer", Validate, "check the customer while validating";
    /// Count usage while validating.
    CountUsage, "count usage", Validate, "count usage while validating";
    /// Ask for the vendor's signed proof of a validation or an activation, and verify one without a network.
    OfflineProof, "offline proof", Validate, "give a proof that can be verified offline";
    /// Take a seat.
    Activate, "activate", Activate, "activate keys";
    /// Recognise an installation that activates again, and let it keep its seat, also when the key is full.
    OneSeatPerInstallation, "one seat per installation", Activate, "recognise an installation that activates again";
    /// Keep metadata with an activation.
    ActivationMetadata, "activation metadata", Activate, "keep metadata with an activation";
    /// Keep conditions with an activation and check them while validating.
    Conditions, "activation conditions", Activate, "check conditions of an activation";
    /// Keep a seat that would end by itself.
    Renew, "renew", Renew, "renew activations";
    /// Free a seat.
    Deactivate, "deactivate", Deactivate, "deactivate keys";
}

/// What the provider at hand can do, with the credentials it holds.
///
/// There is one notion only: what works on this very object. A provider without a token does not
/// advertise what needs one.
///
/// ```
/// use anykey_core::{Capabilities, Capability};
///
/// let device = Capabilities::of(&[Capability::Validate, Capability::Activate]);
/// assert!(device.contains(Capability::Activate));
/// assert_eq!(format!("{device:?}"), "{validate, activate}");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Capabilities(u64);

impl Capabilities {
    /// Everything that this version of the library knows.
    #[must_use]
    pub const fn all() -> Self {
        Self::of(Capability::ALL)
    }

    /// The listed capabilities.
    #[must_use]
    pub const fn of(capabilities: &[Capability]) -> Self {
        let mut bits = 0;
        let mut rest = capabilities;
        while let [first, tail @ ..] = rest {
            bits |= Self::bit(*first);
            rest = tail;
        }
        Self(bits)
    }

    /// These and `others` together.
    #[must_use]
    pub const fn union(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// These without `capability`.
    #[must_use]
    pub const fn without(self, capability: Capability) -> Self {
        Self(self.0 & !Self::bit(capability))
    }

    /// Whether `capability` is among them.
    #[must_use]
    pub const fn contains(self, capability: Capability) -> bool {
        self.0 & Self::bit(capability) != 0
    }

    /// Those of these that are not among `others`.
    #[must_use]
    pub const fn difference(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// The capabilities in the order of [`Capability::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.iter().copied().filter(move |capability| self.contains(*capability))
    }

    #[expect(clippy::as_conversions, reason = "the discriminant of a field-less enum, in a const fn")]
    const fn bit(capability: Capability) -> u64 {
        1 << capability as u64
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Bare)).finish()
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        capabilities.into_iter().fold(Self::default(), |all, one| Self(all.0 | Self::bit(one)))
    }
}

struct Bare(Capability);

impl fmt::Debug for Bare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_joined_narrowed_and_read_back() {
        let list = Capabilities::of(&[Capability::List, Capability::Get]);
        let joined = list.union(Capabilities::of(&[Capability::Get, Capability::Deactivate]));
        let read: Vec<_> = joined.iter().collect();
        assert_eq!(read, [Capability::List, Capability::Get, Capability::Deactivate]);
        assert_eq!(read.into_iter().collect::<Capabilities>(), joined);
        assert_eq!(format!("{:?}", joined.without(Capability::Get)), "{list, deactivate}");
        assert_eq!(Capabilities::all().iter().count(), Capability::ALL.len());
    }

    #[test]
    fn there_is_room_for_every_capability() {
        assert!(Capability::ALL.len() <= 64);
    }
}

//! What each plane and shape can do, and what to do about what it cannot.

use anykey_core::adapter::{ErrorExt as _, Requirements, check_against};
use anykey_core::{Capabilities, Capability, Error, Operation, Result};

use crate::NAME;
use crate::shape::Shape;

/// What is possible without a token.
pub(crate) const DEVICE_PLANE: Capabilities = Capabilities::of(&[
    Capability::Validate,
    Capability::ValidateWithoutSeat,
    Capability::Activate,
    Capability::Deactivate,
]);

/// What the classic calls add. They know no revocation.
const CLASSIC: Capabilities = Capabilities::of(&[
    Capability::List,
    Capability::ListAll,
    Capability::FilterByCustomer,
    Capability::FilterByEmail,
    Capability::FilterByProduct,
    Capability::FilterByStatus,
    Capability::FilterBySource,
    Capability::FilterByCreation,
    Capability::Get,
    Capability::Create,
    Capability::SetDisabled,
    Capability::SetExpiry,
    Capability::SetActivationLimit,
    Capability::Activations,
    Capability::RenameActivation,
]);

/// What grants add. They cannot be changed, only revoked, and do not contain their product or source.
const GRANTS: Capabilities = Capabilities::of(&[
    Capability::List,
    Capability::ListAll,
    Capability::FilterByCustomer,
    Capability::FilterByEmail,
    Capability::FilterByStatus,
    Capability::FilterByCreation,
    Capability::Get,
    Capability::Create,
    Capability::Revoke,
    Capability::Activations,
    Capability::RenameActivation,
]);

impl Shape {
    /// What both planes can do while the management plane speaks this shape.
    pub(crate) const fn capabilities(self) -> Capabilities {
        DEVICE_PLANE.union(match self {
            Self::Classic => CLASSIC,
            Self::Grants => GRANTS,
        })
    }

    /// Refuses a request that this shape cannot honour, once a call has found out that it is the one.
    ///
    /// # Errors
    ///
    /// As [`check_against`], with what to do about it.
    pub(crate) fn check(self, request: &impl Requirements) -> Result<()> {
        check_against(NAME, self.capabilities(), request).map_err(|error| advise(error, self))
    }
}

/// Adds to an `Unsupported` of a provider with only the device plane what the management plane needs.
pub(crate) fn without_token(error: Error) -> Error {
    match error.capability() {
        Some(capability) if CLASSIC.union(GRANTS).contains(capability) => {
            error.with_hint("set `token` to a Dodo API key")
        }
        _ => error,
    }
}

/// A key's own id where grants do not tell it: nobody can say which key it is.
pub(crate) fn nameless_keys(operation: Operation) -> Error {
    Error::unsupported(NAME, Capability::Get)
        .with_hint("Dodo's grants do not tell the ids of their keys here; use the grant's id (`entg_…`)")
        .with_operation(operation)
}

/// Adds to an `Unsupported` what to do about it in `shape`.
pub(crate) fn advise(error: Error, shape: Shape) -> Error {
    let advice = match (error.capability(), shape) {
        (Some(Capability::Revoke), Shape::Classic) => {
            "Dodo's license keys only know `disabled`; disable the key instead, or set `license_keys` to `grants`"
        }
        (Some(Capability::SetDisabled), Shape::Grants) => {
            "an entitlement grant cannot be switched off and on, only revoked, which is for good"
        }
        (Some(Capability::SetExpiry | Capability::SetActivationLimit), Shape::Grants) => {
            "an entitlement grant cannot be changed once it is made; change the entitlement for later ones"
        }
        (Some(Capability::FilterByProduct | Capability::FilterBySource), Shape::Grants) => {
            "Dodo's entitlement grants do not tell it"
        }
        (Some(Capability::FilterByExternalCustomer), _) => "Dodo keeps no ids of yours beside its customers",
        _ => return error,
    };
    error.with_hint(advice)
}

use anykey_core::{Capabilities, Capability};

/// How much of Polar a provider reaches, which its credential decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Plane {
    /// No credential: a device validates, activates and deactivates. Fit to ship.
    Public,
    /// A customer's or member's session: as [`Public`](Self::Public), and its own keys.
    Portal,
    /// An organization's access token: everything, from a server. Never ship it.
    Organization,
}

const DEVICE: Capabilities = Capabilities::of(&[
    Capability::Validate,
    Capability::ValidateWithoutSeat,
    Capability::RequireProduct,
    Capability::RequireCustomer,
    Capability::CountUsage,
    Capability::Activate,
    Capability::ActivationMetadata,
    Capability::Conditions,
    Capability::Deactivate,
]);

const PORTAL: Capabilities = DEVICE.union(Capabilities::of(&[
    Capability::List,
    Capability::ListAll,
    Capability::FilterByProduct,
    Capability::FilterByStatus,
    Capability::FilterByMany,
    Capability::Get,
    Capability::Rotate,
]));

const ORGANIZATION: Capabilities = PORTAL.union(Capabilities::of(&[
    Capability::SetDisabled,
    Capability::Revoke,
    Capability::SetExpiry,
    Capability::SetActivationLimit,
    Capability::SetUsage,
    Capability::Activations,
]));

impl Plane {
    /// What works on it.
    pub(crate) const fn capabilities(self) -> Capabilities {
        match self {
            Self::Public => DEVICE,
            Self::Portal => PORTAL,
            Self::Organization => ORGANIZATION,
        }
    }

    /// Where keys are listed, read, changed and rotated.
    pub(crate) const fn management_path(self) -> &'static [&'static str] {
        match self {
            Self::Portal => &["v1", "customer-portal", "license-keys"],
            Self::Public | Self::Organization => &["v1", "license-keys"],
        }
    }

    /// Where keys are validated, activated and deactivated. The portal's calls are public: a credential sent
    /// along can only do harm there.
    pub(crate) const fn device_path(self) -> &'static [&'static str] {
        match self {
            Self::Public | Self::Portal => &["v1", "customer-portal", "license-keys"],
            Self::Organization => &["v1", "license-keys"],
        }
    }

    /// What to do about a capability that it lacks.
    pub(crate) fn remedy(self, capability: Capability) -> &'static str {
        match capability {
            Capability::Create | Capability::MintCode => "Polar makes keys itself when it grants a benefit",
            Capability::Activations if self == Self::Portal => {
                "the portal may hide them and does not say so; see `PolarProvider::visible_activations`"
            }
            _ if !ORGANIZATION.contains(capability) => {
                "Polar has no such filter; choose among the listed keys"
            }
            _ if PORTAL.contains(capability) => {
                "set `token` to an organization access token, or `session_token` for one customer's keys"
            }
            _ => "set `token` to an organization access token",
        }
    }
}

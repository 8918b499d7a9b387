//! Polar's three planes: what each credential reaches, by which paths, and what to do about the rest.

use anykey_core::{Capabilities, Capability};

/// How much of Polar a provider reaches, which its credential decides.
///
/// [`PolarProvider::plane`](crate::PolarProvider::plane) reports it. An app can use it to tell a missing credential
/// from a missing capability:
///
/// ```
/// use anykey_polar::{Plane, PolarProvider};
/// # #[cfg(feature = "reqwest")] {
///
/// let organization = "57a10a51-653a-449f-a259-1c70a3bbc826";
/// let device = PolarProvider::builder(organization).build()?;
/// assert_eq!(device.plane(), Plane::Public);
/// let server = PolarProvider::builder(organization)
///     .token(anykey_core::SecretString::from("polar_oat_example"))
///     .build()?;
/// assert_eq!(server.plane(), Plane::Organization);
/// # }
/// # Ok::<_, anykey_core::Error>(())
/// ```
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

/// What every plane can do.
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

/// What a session adds: the customer's own keys.
const PORTAL: Capabilities = DEVICE.union(Capabilities::of(&[
    Capability::List,
    Capability::ListAll,
    Capability::FilterByProduct,
    Capability::FilterByStatus,
    Capability::FilterByMany,
    Capability::Get,
    Capability::Rotate,
]));

/// What an access token adds. Creating is missing: Polar makes a key when it grants a benefit.
const ORGANIZATION: Capabilities = PORTAL.union(Capabilities::of(&[
    Capability::FilterByEmail,
    Capability::FilterByExternalCustomer,
    Capability::SetDisabled,
    Capability::Revoke,
    Capability::SetExpiry,
    Capability::SetActivationLimit,
    Capability::SetUsage,
    Capability::Activations,
]));

impl Plane {
    /// What is possible in this plane.
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

    /// What would help with a capability that this plane lacks, for the hint of an `Unsupported` error.
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

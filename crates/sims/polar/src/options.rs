//! What can be chosen for a server, an organization or a token.

use std::fmt;

/// The simulated environment of the vendor.
///
/// All three are reached by any host, so that a test needs no names. The limits are those of the server's source code
/// (August 2026).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// `api.polar.sh`, with its rate limits.
    Production,
    /// `sandbox-api.polar.sh`: other rate limits, and `X-Polar-Sandbox: 1` on most answers.
    Sandbox,
    /// A server on a developer's machine, without rate limits.
    #[default]
    Development,
}

impl Environment {
    /// The URL of the customer portal of this environment.
    pub(super) const fn frontend(self) -> &'static str {
        match self {
            Self::Production => "https://polar.sh",
            Self::Sandbox => "https://sandbox.polar.sh",
            Self::Development => "http://127.0.0.1:3000",
        }
    }
}

/// The simulated release of the vendor's server.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_polar_sim::{ApiVersion, PolarSim, Release};
///
/// // The coming release, for clients that send no version and therefore meet the current one:
/// let _sim = PolarSim::builder(ManualClock::at(Timestamp::UNIX_EPOCH))
///     .release(Release::October2026)
///     .current_version(ApiVersion::V2027_01)
///     .build();
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Release {
    /// The recorded server of 22 August 2026: versions `2026-04` (current) and `2026-10`, which do not differ.
    #[default]
    August2026,
    /// After 1 October 2026: `2026-04`, `2026-10` (current) and `2027-01`. Since `2026-10`, keys contain `member_id`
    /// and `member`; in `2027-01`, the results of validate and activate also contain the order or subscription.
    October2026,
}

/// A version of the API, chosen by the `Polar-Version` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ApiVersion {
    /// `2026-04`
    V2026_04,
    /// `2026-10`
    V2026_10,
    /// `2027-01`
    V2027_01,
}

impl ApiVersion {
    /// The value of the header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2026_04 => "2026-04",
            Self::V2026_10 => "2026-10",
            Self::V2027_01 => "2027-01",
        }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The rate group of an organization, which the vendor assigns.
///
/// In development there is no limit for any group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RateGroup {
    /// 500 requests a minute in production, 100 in the sandbox.
    #[default]
    Default,
    /// 60 requests a minute in production, 10 in the sandbox.
    Restricted,
    /// 100 requests a second in production, 50 in the sandbox.
    Elevated,
}

/// A scope of an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// List and read keys and activations.
    LicenseKeysRead,
    /// All operations on keys; includes reading, and is required to validate.
    LicenseKeysWrite,
    /// Create customer sessions.
    CustomerSessionsWrite,
    /// Read the customer portal.
    CustomerPortalRead,
    /// All operations in the customer portal.
    CustomerPortalWrite,
    /// List and read customers.
    CustomersRead,
    /// Read products; does not give access to keys.
    ProductsRead,
    /// List and read benefits and their grants.
    BenefitsRead,
    /// All operations on benefits; includes reading.
    BenefitsWrite,
}

impl Scope {
    /// The vendor's name of the scope.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LicenseKeysRead => "license_keys:read",
            Self::LicenseKeysWrite => "license_keys:write",
            Self::CustomerSessionsWrite => "customer_sessions:write",
            Self::CustomerPortalRead => "customer_portal:read",
            Self::CustomerPortalWrite => "customer_portal:write",
            Self::CustomersRead => "customers:read",
            Self::ProductsRead => "products:read",
            Self::BenefitsRead => "benefits:read",
            Self::BenefitsWrite => "benefits:write",
        }
    }
}

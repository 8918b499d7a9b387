use std::fmt;

/// Which of the vendor's installations is simulated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// `api.polar.sh`, with its rate limits.
    Production,
    /// `sandbox-api.polar.sh`: other rate limits, and `X-Polar-Sandbox: 1` on most answers.
    Sandbox,
    /// The server on a developer's machine: no rate limits.
    #[default]
    Development,
}

impl Environment {
    /// Where the customer portal of this installation is.
    pub(super) const fn frontend(self) -> &'static str {
        match self {
            Self::Production => "https://polar.sh",
            Self::Sandbox => "https://sandbox.polar.sh",
            Self::Development => "http://127.0.0.1:3000",
        }
    }
}

/// Which state of the vendor's server is simulated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Release {
    /// The recorded server of 22 August 2026: versions `2026-04` (current) and `2026-10`, without
    /// any difference between them.
    #[default]
    August2026,
    /// After 1 October 2026: `2026-04`, `2026-10` (current) and `2027-01`. From `2026-10` on, keys
    /// carry `member_id` and `member`; in `2027-01`, the results of validate and activate also name
    /// the order or subscription.
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
    /// The version as the header writes it.
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

/// How much an organization may ask; set by the vendor.
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

/// What an access token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// List and read keys and activations.
    LicenseKeysRead,
    /// Everything about keys: also enough to read, and needed to validate.
    LicenseKeysWrite,
    /// Mint customer sessions.
    CustomerSessionsWrite,
    /// Read the customer portal.
    CustomerPortalRead,
    /// Everything in the customer portal.
    CustomerPortalWrite,
    /// Read products: of no use for keys.
    ProductsRead,
}

impl Scope {
    /// The scope as the vendor writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LicenseKeysRead => "license_keys:read",
            Self::LicenseKeysWrite => "license_keys:write",
            Self::CustomerSessionsWrite => "customer_sessions:write",
            Self::CustomerPortalRead => "customer_portal:read",
            Self::CustomerPortalWrite => "customer_portal:write",
            Self::ProductsRead => "products:read",
        }
    }
}

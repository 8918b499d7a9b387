//! Why an action on the simulator did nothing.

use std::fmt;

/// The error of an action on the simulator.
///
/// It is about mistakes in a test, not about the API: what a request is answered with is in its response. The action
/// has changed nothing when it returns one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SimError {
    /// No organization has this id.
    UnknownOrganization,
    /// No customer has this id, or it was deleted.
    UnknownCustomer,
    /// No member has this id, or it belongs to another customer.
    UnknownMember,
    /// No benefit has this id, it was deleted, or it belongs to another organization.
    UnknownBenefit,
    /// No license key has this id.
    UnknownKey,
    /// The organization already has a key with this string.
    KeyTaken,
    /// The key is not valid, or has no free seat.
    NotActivatable,
    /// The key is revoked.
    NotRotatable,
    /// No token has this text.
    UnknownToken,
    /// No webhook endpoint has this id.
    UnknownEndpoint,
    /// The URL of a webhook endpoint is not an absolute http or https URL.
    UnusableUrl,
    /// A webhook secret is too short, or not base64 where that is required.
    UnusableSecret,
}

impl fmt::Display for SimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownOrganization => "no such organization",
            Self::UnknownCustomer => "no such customer",
            Self::UnknownMember => "no such member of this customer",
            Self::UnknownBenefit => "no such benefit of this organization",
            Self::UnknownKey => "no such license key",
            Self::KeyTaken => "the organization already has this key",
            Self::NotActivatable => "the license key cannot be activated",
            Self::NotRotatable => "the license key cannot be rotated",
            Self::UnknownToken => "no such token",
            Self::UnknownEndpoint => "no such webhook endpoint",
            Self::UnusableUrl => "not an absolute http or https URL",
            Self::UnusableSecret => "not a webhook secret of this scheme",
        })
    }
}

impl std::error::Error for SimError {}

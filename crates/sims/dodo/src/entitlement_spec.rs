//! What the vendor calls entitlements: what a product delivers to its buyers.

/// An entitlement to add. The default delivers license keys that the vendor generates, without limit and expiry.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_dodo_sim::{DodoSim, EntitlementSpec, Purchase};
///
/// let sim = DodoSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let manual = EntitlementSpec { name: "Keys of a partner".to_owned(), manual: true, ..EntitlementSpec::default() };
/// let entitlement = sim.add_entitlement(manual);
/// // A purchase waits until the seller enters a key:
/// let grant = sim.award(&entitlement, None, &Purchase::OneTime);
/// assert!(grant.is_some_and(|grant| sim.key_of_grant(&grant).is_none()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntitlementSpec {
    /// The name in the dashboard.
    pub name: String,
    /// What is delivered.
    pub integration_type: IntegrationType,
    /// Whether the seller enters each key: a purchase then creates a pending grant without a key.
    pub manual: bool,
    /// The default activation limit of its keys; `None` for no limit.
    pub activations_limit: Option<i32>,
    /// The default lifetime of its keys in days; `None` for no expiry, or with the subscription.
    pub duration_days: Option<i32>,
}

/// What an entitlement delivers: the vendor's `integration_type`.
///
/// The list is that of specification 1.113 (2026). Only [`LicenseKey`](Self::LicenseKey) has keys; grants of the
/// other types have `license_key: null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IntegrationType {
    /// `license_key`.
    #[default]
    LicenseKey,
    /// `feature_flag`.
    FeatureFlag,
    /// `digital_files`.
    DigitalFiles,
    /// `discord`.
    Discord,
    /// `telegram`.
    Telegram,
    /// `github`.
    GitHub,
    /// `figma`.
    Figma,
    /// `framer`.
    Framer,
    /// `notion`.
    Notion,
}

impl IntegrationType {
    pub(super) const ALL: [Self; 9] = [
        Self::LicenseKey,
        Self::FeatureFlag,
        Self::DigitalFiles,
        Self::Discord,
        Self::Telegram,
        Self::GitHub,
        Self::Figma,
        Self::Framer,
        Self::Notion,
    ];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::LicenseKey => "license_key",
            Self::FeatureFlag => "feature_flag",
            Self::DigitalFiles => "digital_files",
            Self::Discord => "discord",
            Self::Telegram => "telegram",
            Self::GitHub => "github",
            Self::Figma => "figma",
            Self::Framer => "framer",
            Self::Notion => "notion",
        }
    }
}

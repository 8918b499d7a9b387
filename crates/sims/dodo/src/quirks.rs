//! The switches between documented, older and announced behaviour.

use anykey_core::SignedDuration;
use anykey_sim_kit::{MemberQuirks, OversizedPage};

/// Undocumented, outdated or future behaviour of the simulated vendor.
///
/// The default is the currently documented behaviour. Set it with [`DodoSimBuilder::quirks`] or, at any time, with
/// [`DodoSim::change_quirks`].
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_dodo_sim::{DodoSim, OversizedPage};
///
/// let sim = DodoSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// sim.change_quirks(|quirks| quirks.oversized_page = OversizedPage::Refuse);
/// ```
///
/// [`DodoSim::change_quirks`]: super::DodoSim::change_quirks
/// [`DodoSimBuilder::quirks`]: super::DodoSimBuilder::quirks
///
/// Each switch exists because two sources disagree, because the vendor has changed the behaviour, or because it has
/// announced to do so. A client should work with every one of them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Quirks {
    /// The shape of records and activations.
    pub profile: Profile,
    /// What a `page_size` over 100 does.
    pub oversized_page: OversizedPage,
    /// How long a key stays `active` for every call after its `expires_at`, as if a periodic job set the status. Zero
    /// or less means that the key expires exactly at that instant.
    pub expiry_sweep_lag: SignedDuration,
    /// A reached activation limit is a 409 instead of a 422.
    pub limit_reached_is_conflict: bool,
    /// A body that is not JSON, or not declared as JSON, is a 422 instead of a 400 or 415.
    pub unreadable_body_is_unprocessable: bool,
    /// A write with a read-only API key is a 401 instead of a 403.
    pub read_only_is_unauthorized: bool,
    /// Error bodies have no `code`.
    pub omit_error_code: bool,
    /// Error bodies have no `message`.
    pub omit_error_message: bool,
    /// Whether the deprecated calls still exist.
    pub deprecated_calls: DeprecatedCalls,
    /// The entitlement and grant calls answer 404 like an unknown path, as before 2026.
    pub omit_entitlement_calls: bool,
    /// The license key in a grant has neither `id` nor `status`, as until specification 1.113.
    pub nameless_granted_keys: bool,
    /// Grants have `"metadata": null`, as in the vendor's samples, instead of a map.
    pub null_grant_metadata: bool,
    /// Grants have a status in lower case, as in the vendor's documentation.
    pub lower_case_grant_status: bool,
    /// The number of digits in the fraction of a second.
    pub second_fraction: SecondFraction,
    /// Every object except `metadata` has the additional member `unknown_member`.
    pub unknown_members: bool,
    /// Null members are omitted.
    pub omit_null_members: bool,
    /// A deactivation answers `{}` instead of an empty body.
    pub deactivation_answers_object: bool,
}

impl Quirks {
    /// The differences in the members of documents. Metadata is the merchant's own.
    pub(super) const fn members(&self) -> MemberQuirks {
        MemberQuirks {
            unknown: self.unknown_members,
            omit_null: self.omit_null_members,
            unchanged: &["metadata"],
        }
    }
}

/// The shape of license keys and activations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// As in specification 1.113 (2026).
    #[default]
    Current,
    /// As until 2025: no `brand_id`, no `source`, a `payment_id` on every key, and an activation answers only the
    /// instance, without `customer` and `product`.
    Old,
}

/// Whether `GET /license_keys`, `GET /license_keys/{id}` and `PATCH /license_keys/{id}` exist. The vendor has
/// announced their removal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeprecatedCalls {
    /// They exist.
    #[default]
    Served,
    /// They answer 404 like an unknown path.
    NotFound,
    /// They answer 410 without a body.
    Gone,
}

/// The fraction of a second in times, which are always in UTC with `Z`. Times have microseconds; digits that are not
/// written are truncated, not rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecondFraction {
    /// Zero, three or six digits, as needed.
    #[default]
    AsNeeded,
    /// No fraction.
    None,
    /// Always three digits.
    Millis,
    /// Always six digits.
    Micros,
}

use anykey_core::SignedDuration;

/// What the simulated vendor does in a way that is undocumented, outdated or still to come.
///
/// The default is the documented present. Change it through [`DodoSimBuilder::quirks`] or, while
/// requests are under way, through [`DodoSim::change_quirks`].
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
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Quirks {
    /// The shape of records and activations.
    pub profile: Profile,
    /// What a `page_size` over 100 does.
    pub oversized_page: OversizedPage,
    /// How long a key stays `active` for every call after its `expires_at`, as if a sweep set the
    /// status; zero and less mean that the key is expired at the very instant.
    pub expiry_sweep_lag: SignedDuration,
    /// The activation limit is refused with 409 instead of 422.
    pub limit_reached_is_conflict: bool,
    /// A body that is not JSON at all, or not declared as such, is refused with 422 instead of 400
    /// and 415.
    pub unreadable_body_is_unprocessable: bool,
    /// A read-only API key that tries to write is refused with 401 instead of 403.
    pub read_only_is_unauthorized: bool,
    /// Error bodies lack `code`.
    pub omit_error_code: bool,
    /// Error bodies lack `message`.
    pub omit_error_message: bool,
    /// Whether the calls that the vendor calls deprecated are still there.
    pub deprecated_calls: DeprecatedCalls,
    /// The entitlement and grant calls answer 404 like any unknown path, as before 2026.
    pub omit_entitlement_calls: bool,
    /// The license key in a grant has neither `id` nor `status`, as up to specification 1.113.
    pub nameless_granted_keys: bool,
    /// Grants have `"metadata": null`, as the vendor's samples show it, instead of a map.
    pub null_grant_metadata: bool,
    /// Grants write their status in lower case, as the vendor's prose does.
    pub lower_case_grant_status: bool,
    /// How many digits the fraction of a second has.
    pub second_fraction: SecondFraction,
    /// Every object but a `metadata` map has one more member, `unknown_member`.
    pub unknown_members: bool,
    /// Members that are null are left out.
    pub omit_null_members: bool,
    /// A deactivation is answered with `{}` instead of no body.
    pub deactivation_answers_object: bool,
}

/// The shape of license keys and activations over the years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// As specification 1.113 (2026) has it.
    #[default]
    Current,
    /// As up to 2025: no `brand_id`, no `source`, a `payment_id` on every key, and an activation that
    /// is the bare instance, without `customer` and `product`.
    Old,
}

/// What a `page_size` over 100 does; the vendor states the maximum but not the consequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OversizedPage {
    /// The page has 100 items.
    #[default]
    Clamp,
    /// The request is refused with 422.
    Refuse,
}

/// Whether the vendor still serves `GET /license_keys`, `GET /license_keys/{id}` and `PATCH /license_keys/{id}`, which the
/// vendor has announced to remove.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeprecatedCalls {
    /// They work.
    #[default]
    Served,
    /// They answer 404 like any unknown path.
    NotFound,
    /// They answer 410 without a body.
    Gone,
}

/// How the time of day is written, always in UTC with `Z`. Times are kept to the microsecond;
/// digits that are not written are cut off, not rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecondFraction {
    /// None, three or six digits, as many as the instant has.
    #[default]
    AsNeeded,
    /// No fraction.
    None,
    /// Always three digits.
    Millis,
    /// Always six digits.
    Micros,
}

//! Switches for what is not known about the vendor.

use anykey_sim_kit::MemberQuirks;

/// Behaviour of the simulated vendor that is unknown, that changed, or on which sources disagree.
///
/// The default is the server code as of 2026-11, with the plausible choice where that says nothing. Set it at any time
/// with [`GumroadSim::change_quirks`](super::GumroadSim::change_quirks).
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_gumroad_sim::GumroadSim;
///
/// let sim = GumroadSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// sim.change_quirks(|quirks| quirks.any_letter_case = true);
/// ```
///
/// A client should work with every switch on and off.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Quirks {
    /// License keys are case-insensitive, as a common collation of the vendor's database makes them. Not known.
    pub any_letter_case: bool,
    /// A JSON `false` for `increment_uses_count` counts a use. One report of 2025-09 says so; the server code does not.
    pub json_false_counts: bool,
    /// The 401 and 403 for a token have a JSON body. It is empty by the defaults of the vendor's OAuth library.
    pub json_token_errors: bool,
    /// A custom field with the name of a built-in member is a second member with that name, instead of replacing the
    /// built-in one that is written before it. Which of the two happens depends on the vendor's JSON encoder.
    pub repeated_members: bool,
    /// Verifications without a product id are accepted for every product, as they were before 2023-01-09.
    pub product_id_is_optional: bool,
    /// The number of verifications a minute after which they are answered with 429 and without a body; `None` for no
    /// limit. No limit is documented; users report that there is one (2025-07-15).
    pub verifications_per_minute: Option<u32>,
    /// Sales have neither the filter `name` nor `license_key`, as before 2026.
    pub former_filters: bool,
    /// Licenses cannot be rotated: the call does not exist, as before 2026.
    pub no_rotation: bool,
    /// A verification contains neither the purchase nor the imported customer. The server code allows it.
    pub omit_holder: bool,
    /// Every object has the additional member `unknown_member`.
    pub unknown_members: bool,
    /// Null members are omitted.
    pub omit_null_members: bool,
}

impl Quirks {
    /// The differences in the members of documents.
    pub(super) const fn members(&self) -> MemberQuirks {
        MemberQuirks {
            unknown: self.unknown_members,
            omit_null: self.omit_null_members,
            unchanged: &["custom_fields", "variants", "url_params"],
        }
    }
}

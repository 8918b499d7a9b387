//! The switches for what is unknown about the vendor.

use anykey_core::SignedDuration;
use anykey_sim_kit::{MemberQuirks, OversizedPage};

/// Behaviour of the simulated vendor that is unknown or on which sources disagree.
///
/// The default is the most plausible behaviour (2026-11). Set it with
/// [`LemonSqueezySimBuilder::quirks`](super::LemonSqueezySimBuilder::quirks) or, at any time, with
/// [`LemonSqueezySim::change_quirks`](super::LemonSqueezySim::change_quirks).
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_lemonsqueezy_sim::{LemonSqueezySim, LimitText};
///
/// let sim = LemonSqueezySim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// sim.change_quirks(|quirks| quirks.limit_text = LimitText::Former);
/// ```
///
/// A client should work with every value of every switch.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Quirks {
    /// The order of the License API's checks of a known key. It decides the status of a key that is disabled and
    /// expired.
    pub check_order: [Check; 3],
    /// The message for a key without free seats.
    pub limit_text: LimitText,
    /// The message for an expired key.
    pub expired_text: ExpiredText,
    /// How long after a purchase a key is unknown to the License API. Half an hour was reported in 2026.
    pub unknown_at_first: SignedDuration,
    /// The 404 of a validation omits `license_key`, `instance` and `meta` instead of setting them to null.
    pub omit_unknown: bool,
    /// The 404 for an unknown instance contains the key.
    pub unknown_instance_shows_key: bool,
    /// An instance id that is not a UUID is a 422 instead of a 404.
    pub malformed_instance_is_unprocessable: bool,
    /// An expired key cannot be deactivated, like a disabled one.
    pub expired_keeps_instances: bool,
    /// The answer to an activation has the usage before the activation.
    pub activation_counts_before: bool,
    /// Key strings are case-insensitive in the License API.
    pub any_letter_case: bool,
    /// The License API omits `test_mode`, as in the documented samples.
    pub omit_test_mode: bool,
    /// The main API writes `disabled` as 0 or 1, as documented, instead of a boolean.
    pub disabled_is_number: bool,
    /// The time of day of a new expiry is dropped: the key expires at the beginning of that day in UTC.
    pub expiry_is_a_day: bool,
    /// The order of lists.
    pub sort_order: SortOrder,
    /// The effect of a `page[size]` over 100, the documented maximum.
    pub oversized_page: OversizedPage,
    /// A change with the content type `application/json` is accepted instead of a 415.
    pub accept_plain_json: bool,
    /// Errors of the main API have only `message`.
    pub bare_errors: bool,
    /// A 429 has the header `Retry-After`, in seconds.
    pub retry_after: bool,
    /// The `meta` of a webhook has only the event's name.
    pub bare_webhook_meta: bool,
    /// Every object has the additional member `unknown_member`.
    pub unknown_members: bool,
    /// Null members are omitted.
    pub omit_null_members: bool,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            check_order: [Check::Instance, Check::Disabled, Check::Expired],
            limit_text: LimitText::default(),
            expired_text: ExpiredText::default(),
            unknown_at_first: SignedDuration::ZERO,
            omit_unknown: false,
            unknown_instance_shows_key: false,
            malformed_instance_is_unprocessable: false,
            expired_keeps_instances: false,
            activation_counts_before: false,
            any_letter_case: false,
            omit_test_mode: false,
            disabled_is_number: false,
            expiry_is_a_day: false,
            sort_order: SortOrder::default(),
            oversized_page: OversizedPage::default(),
            accept_plain_json: false,
            bare_errors: false,
            retry_after: false,
            bare_webhook_meta: false,
            unknown_members: false,
            omit_null_members: false,
        }
    }
}

impl Quirks {
    /// The differences in the members of documents.
    pub(super) const fn members(&self) -> MemberQuirks {
        MemberQuirks { unknown: self.unknown_members, omit_null: self.omit_null_members, unchanged: &[] }
    }
}

/// A check of the License API for a known key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Check {
    /// Whether the instance belongs to the key.
    Instance,
    /// Whether the key is disabled.
    Disabled,
    /// Whether the key is expired.
    Expired,
}

/// The message for a key without free seats. Both were seen in 2026.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitText {
    /// `This license key has reached the activation limit.`
    #[default]
    Present,
    /// `License key activation limit reached.`
    Former,
}

/// The message for an expired key. Both were seen in 2026.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExpiredText {
    /// `This license key is expired.`
    #[default]
    IsExpired,
    /// `This license key has expired.`
    HasExpired,
}

/// The order of lists, on which the documentation and its samples disagree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SortOrder {
    /// By id, newest first.
    #[default]
    NewestFirst,
    /// By id, oldest first.
    OldestFirst,
}

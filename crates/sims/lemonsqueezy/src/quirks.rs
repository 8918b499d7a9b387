use anykey_core::SignedDuration;
use anykey_sim_kit::{MemberQuirks, OversizedPage};

/// What the simulated vendor does where sources are silent or disagree.
///
/// The default is the first reading of what is known (2026-11). Change it through
/// [`LemonSqueezySimBuilder::quirks`](super::LemonSqueezySimBuilder::quirks) or, while requests are under way, through
/// [`LemonSqueezySim::change_quirks`](super::LemonSqueezySim::change_quirks).
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_lemonsqueezy_sim::{LemonSqueezySim, LimitText};
///
/// let sim = LemonSqueezySim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// sim.change_quirks(|quirks| quirks.limit_text = LimitText::Former);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Quirks {
    /// The order in which the License API looks at a known key. It decides what a disabled key past its end is.
    pub check_order: [Check; 3],
    /// The sentence about a full key.
    pub limit_text: LimitText,
    /// The sentence about an expired key.
    pub expired_text: ExpiredText,
    /// How long after a purchase the License API does not know the key yet. Half an hour was reported in 2026.
    pub unknown_at_first: SignedDuration,
    /// A validation that is answered 404 leaves `license_key`, `instance` and `meta` out instead of writing null.
    pub omit_unknown: bool,
    /// A 404 about an instance shows the key all the same.
    pub unknown_instance_shows_key: bool,
    /// An instance id that is no UUID is refused with 422 instead of 404.
    pub malformed_instance_is_unprocessable: bool,
    /// An expired key cannot free its instances, as a disabled one cannot.
    pub expired_keeps_instances: bool,
    /// The answer to an activation has the usage before it.
    pub activation_counts_before: bool,
    /// The License API knows a key in letters of any case.
    pub any_letter_case: bool,
    /// The License API leaves `test_mode` out, as in the documented samples.
    pub omit_test_mode: bool,
    /// The main API writes `disabled` as 0 or 1, as documented, instead of a boolean.
    pub disabled_is_number: bool,
    /// The time of day of a new expiry is dropped: the key ends with the beginning of that day in UTC.
    pub expiry_is_a_day: bool,
    /// How lists are sorted.
    pub sort_order: SortOrder,
    /// What a `page[size]` over 100 does.
    pub oversized_page: OversizedPage,
    /// A change that is declared as `application/json` is taken instead of refused with 415.
    pub plain_json_is_taken: bool,
    /// Errors of the main API have only `message`.
    pub bare_errors: bool,
    /// A 429 says in `Retry-After` how many seconds are left.
    pub retry_after: bool,
    /// A webhook's `meta` has the event's name only.
    pub bare_webhook_meta: bool,
    /// Every object has one more member, `unknown_member`.
    pub unknown_members: bool,
    /// Members that are null are left out.
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
            plain_json_is_taken: false,
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

/// Something that the License API looks at once the key is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Check {
    /// Whether the instance is one of the key's.
    Instance,
    /// Whether the key is disabled.
    Disabled,
    /// Whether the key is expired.
    Expired,
}

/// The sentence about a full key; both were seen in 2026.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitText {
    /// `This license key has reached the activation limit.`
    #[default]
    Present,
    /// `License key activation limit reached.`
    Former,
}

/// The sentence about an expired key; both were seen in 2026.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExpiredText {
    /// `This license key is expired.`
    #[default]
    IsExpired,
    /// `This license key has expired.`
    HasExpired,
}

/// How lists are sorted: the documentation says one thing and its samples another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SortOrder {
    /// By id, the newest first.
    #[default]
    NewestFirst,
    /// By id, the oldest first.
    OldestFirst,
}

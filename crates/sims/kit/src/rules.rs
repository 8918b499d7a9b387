use anykey_core::RefusalReason;

/// What a vendor does in its own way, where neither its capabilities nor its keys show it.
///
/// Tests that hold for every vendor read it instead of asking which vendor it is. A vendor states only what differs
/// from the usual, which is the [default](Self::USUAL).
///
/// ```
/// use anykey_core::RefusalReason;
/// use anykey_sim_kit::VendorRules;
///
/// const RULES: VendorRules = VendorRules::USUAL.max_page_size(50).keeps_seats_when(&[RefusalReason::Disabled]);
/// assert!(RULES.keeps_seats(RefusalReason::Disabled) && !RULES.keeps_seats(RefusalReason::Expired));
/// assert!(RULES.has_seats && RULES.has_pages());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VendorRules {
    /// Whether keys have seats. A vendor without them has neither activations nor a limit. Default: true.
    pub has_seats: bool,
    /// Whether a key can follow a subscription, which ends when its payments stop. Default: true.
    pub has_subscriptions: bool,
    /// The causes of refusals because of which the vendor also refuses to give seats back, so that the key keeps them.
    /// Default: none.
    pub keeps_seats_when: &'static [RefusalReason],
    /// Whether giving a seat back a second time succeeds, because the vendor's answer says that it was given back
    /// before. Default: false, the activation is unknown then.
    pub gives_back_twice: bool,
    /// Whether an activation keeps any label as it is. Where it does not, a provider refuses a label that the vendor
    /// would change as [`InvalidRequest`](anykey_core::ErrorKind::InvalidRequest). Default: true.
    pub keeps_every_label: bool,
    /// Whether the filter by status takes every status that a listed key has. A provider over several vendors refuses
    /// one that one of them cannot store. Default: true.
    pub filters_every_status: bool,
    /// HTTP statuses that are usually of a rate limit or of a failed server, and of refusals here. Default: none.
    pub refusal_statuses: &'static [u16],
    /// Whether the vendor also says that a key is unknown while it cannot read its own records, so that such a refusal
    /// is [doubtful](anykey_core::Refusal::is_doubtful). Default: false.
    pub doubts_unknown_keys: bool,
    /// Parts of the paths whose GET requests change something: `/activate/`. Default: none.
    pub changing_gets: &'static [&'static str],
    /// Names of members that only records of license keys have, where the vendor lists other records beside them. A
    /// record in which one is missing or `null` is no license key and is left out of a listing. Default: none.
    pub members_of_keys_only: &'static [&'static str],
    /// Whether the answer to a validation may leave out the code of the key, so that a yes without it is a yes.
    /// Default: false.
    pub may_omit_the_code: bool,
    /// The largest number of keys on one page of a listing; [`u32::MAX`] for a vendor that lists everything at once.
    /// Default: 100.
    pub max_page_size: u32,
}

impl VendorRules {
    /// What most vendors do.
    pub const USUAL: Self = Self {
        has_seats: true,
        has_subscriptions: true,
        keeps_seats_when: &[],
        gives_back_twice: false,
        keeps_every_label: true,
        filters_every_status: true,
        refusal_statuses: &[],
        doubts_unknown_keys: false,
        changing_gets: &[],
        members_of_keys_only: &[],
        may_omit_the_code: false,
        max_page_size: 100,
    };

    /// Sets [`has_seats`](Self#structfield.has_seats).
    #[must_use]
    pub const fn has_seats(mut self, has: bool) -> Self {
        self.has_seats = has;
        self
    }

    /// Sets [`has_subscriptions`](Self#structfield.has_subscriptions).
    #[must_use]
    pub const fn has_subscriptions(mut self, has: bool) -> Self {
        self.has_subscriptions = has;
        self
    }

    /// Sets [`keeps_seats_when`](Self#structfield.keeps_seats_when).
    #[must_use]
    pub const fn keeps_seats_when(mut self, causes: &'static [RefusalReason]) -> Self {
        self.keeps_seats_when = causes;
        self
    }

    /// Sets [`gives_back_twice`](Self#structfield.gives_back_twice).
    #[must_use]
    pub const fn gives_back_twice(mut self, gives: bool) -> Self {
        self.gives_back_twice = gives;
        self
    }

    /// Sets [`keeps_every_label`](Self#structfield.keeps_every_label).
    #[must_use]
    pub const fn keeps_every_label(mut self, keeps: bool) -> Self {
        self.keeps_every_label = keeps;
        self
    }

    /// Sets [`filters_every_status`](Self#structfield.filters_every_status).
    #[must_use]
    pub const fn filters_every_status(mut self, filters: bool) -> Self {
        self.filters_every_status = filters;
        self
    }

    /// Sets [`refusal_statuses`](Self#structfield.refusal_statuses).
    #[must_use]
    pub const fn refusal_statuses(mut self, statuses: &'static [u16]) -> Self {
        self.refusal_statuses = statuses;
        self
    }

    /// Sets [`doubts_unknown_keys`](Self#structfield.doubts_unknown_keys).
    #[must_use]
    pub const fn doubts_unknown_keys(mut self, doubts: bool) -> Self {
        self.doubts_unknown_keys = doubts;
        self
    }

    /// Sets [`changing_gets`](Self#structfield.changing_gets).
    #[must_use]
    pub const fn changing_gets(mut self, paths: &'static [&'static str]) -> Self {
        self.changing_gets = paths;
        self
    }

    /// Sets [`members_of_keys_only`](Self#structfield.members_of_keys_only).
    #[must_use]
    pub const fn members_of_keys_only(mut self, names: &'static [&'static str]) -> Self {
        self.members_of_keys_only = names;
        self
    }

    /// Sets [`may_omit_the_code`](Self#structfield.may_omit_the_code).
    #[must_use]
    pub const fn may_omit_the_code(mut self, may: bool) -> Self {
        self.may_omit_the_code = may;
        self
    }

    /// Sets [`max_page_size`](Self#structfield.max_page_size).
    #[must_use]
    pub const fn max_page_size(mut self, most: u32) -> Self {
        self.max_page_size = most;
        self
    }

    /// Whether a key that the vendor refuses because of `cause` keeps its seats.
    #[must_use]
    pub fn keeps_seats(&self, cause: RefusalReason) -> bool {
        self.keeps_seats_when.contains(&cause)
    }

    /// Whether a listing has pages.
    #[must_use]
    pub const fn has_pages(&self) -> bool {
        self.max_page_size < u32::MAX
    }

    /// Whether a request changes something at the vendor, by its method and its path. Some that do not are in, since a
    /// vendor may also read with a POST.
    #[must_use]
    pub fn may_change(&self, method: &str, path: &str) -> bool {
        method != "GET" || self.changing_gets.iter().any(|part| path.contains(part))
    }
}

impl Default for VendorRules {
    fn default() -> Self {
        Self::USUAL
    }
}

use anykey_core::{ErrorKind, RefusalReason, SignedDuration, Timestamp};

mod message;
mod notice;
#[cfg(feature = "serde")]
mod serde;
mod text;

pub use message::AccessMessage;
pub use notice::{Notice, Notices};

/// What the app may do now, until when, and why.
///
/// A small value that is copied, never a lock on anything: ask for a new one whenever you need it.
/// `Display` is one English sentence for a terminal or a log; [`message`](Self::message) is the same for
/// translation. With the feature `serde` it is `Serialize`, with stable words, for a front end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access {
    /// The state of the license.
    pub state: AccessState,
    /// When the vendor is asked next, if the guard is [kept fresh](crate::Guard::keep_fresh); `None` when
    /// there is nothing to ask.
    pub next_check: Option<Timestamp>,
    /// The clock shows an earlier time than it did before, by more than the policy tolerates. Access depends
    /// on the latest time seen, so this gains nothing; nor does it lose anything.
    pub clock_set_back: bool,
    /// The answer to an activation was lost: the vendor may count a seat that this machine does not know.
    pub seat_may_be_taken: bool,
    /// By how much this computer's clock was ahead of the vendor's time at the last answer; negative when it
    /// was behind. Zero when it was right within the policy's tolerance, or when no vendor reported its time.
    /// Access is measured by the vendor's time.
    pub clock_off_by: SignedDuration,
    pub(crate) marks: Notices,
    pub(crate) advisory: bool,
}

/// The state of the license on this installation.
///
/// A vendor's no is always [`Refused`](Self::Refused) and an outage never is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessState {
    /// No key was entered on this machine.
    NotActivated,
    /// The vendor said yes not long ago.
    Granted {
        /// When access ends if no further answer comes; `None` when it then goes on without end.
        until: Option<Timestamp>,
    },
    /// The vendor's yes is no longer fresh, and no answer came since. The app goes on.
    Grace {
        /// When access ends unless the vendor answers before; `None` for never.
        until: Option<Timestamp>,
        /// When the yes stopped being fresh.
        since: Timestamp,
        /// Why there is no fresh answer.
        cause: Cause,
    },
    /// The vendor said no, or the expiry that it had reported has passed.
    Refused {
        /// Why; the vendor's own sentence is in the [record](crate::Guard::record).
        reason: RefusalReason,
        /// Who says so.
        by: RefusedBy,
        /// When it was first refused, or when it expired.
        since: Timestamp,
        /// Until when the app may be used nevertheless, so that a payment can be put right; `None` when it
        /// may not.
        until: Option<Timestamp>,
    },
    /// Access has ended or not begun because no answer came. It comes with the vendor's next yes.
    NeedsCheck {
        /// Since when an answer is needed.
        since: Timestamp,
        /// Why there is none.
        cause: Cause,
    },
}

/// Why there is no fresh answer of the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// Nobody asked: the app was not running, or is asking right now.
    NotChecked,
    /// The last attempt failed in this way: no network, a rate limit, the vendor's outage.
    NoAnswer(ErrorKind),
    /// The answer to the activation was lost.
    ActivationPending,
    /// The app's configuration names another vendor than the one that the seat was taken at. Entering a key of
    /// the new vendor takes a seat there.
    VendorChanged,
    /// The record cannot be read, and no copy of it either. Entering the key again starts a new one.
    RecordUnreadable,
    /// The record is older than the one that this installation had before: it was put back. The next answer
    /// of the vendor makes it good.
    RecordRestored,
}

/// Who says that the key may not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusedBy {
    /// The vendor, when it was last asked.
    Vendor,
    /// The expiry that the vendor reported earlier, applied on this machine.
    KnownExpiry,
}

impl Access {
    /// Whether the app may be used. Always true under [`Enforcement::Advisory`](crate::Enforcement::Advisory).
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        self.advisory
            || match self.state {
                AccessState::Granted { .. } | AccessState::Grace { .. } => true,
                AccessState::Refused { until, .. } => until.is_some(),
                AccessState::NotActivated | AccessState::NeedsCheck { .. } => false,
            }
    }

    /// The deadline: when access ends if no further answer comes; `None` when it goes on without end, or has
    /// ended.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        match self.state {
            AccessState::Granted { until }
            | AccessState::Grace { until, .. }
            | AccessState::Refused { until, .. } => until,
            AccessState::NotActivated | AccessState::NeedsCheck { .. } => None,
        }
    }

    /// How many whole days are left until the [deadline](Self::until), 0 on the last day; `None` when there is
    /// no deadline. `now` is what this computer's clock shows.
    ///
    /// ```
    /// # use anykey_core::Timestamp;
    /// # fn show(access: anykey_guard::Access) {
    /// if let Some(days) = access.days_left(Timestamp::now()) {
    ///     println!("works offline for {days} more days");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn days_left(&self, now: Timestamp) -> Option<i64> {
        let left = self.until()?.duration_since(self.vendors_time(now));
        Some(left.max(SignedDuration::ZERO).as_hours() / 24)
    }

    /// Whether access ends within `window` from `now` and a good answer would prevent it: time to warn the
    /// user. `now` is what this computer's clock shows.
    #[must_use]
    pub fn ends_within(&self, window: SignedDuration, now: Timestamp) -> bool {
        self.until().is_some_and(|until| until.duration_since(self.vendors_time(now)) <= window)
    }

    /// Everything beside the state that a user may have to know or to put right.
    #[must_use]
    pub fn notices(&self) -> Notices {
        self.marks
            .with(Notice::ClockSetBack, self.clock_set_back)
            .with(Notice::SeatMayBeTaken, self.seat_may_be_taken)
            .with(Notice::ClockWrong, !self.clock_off_by.is_zero())
    }

    /// The state as an id with arguments, for translation.
    #[must_use]
    pub fn message(&self) -> AccessMessage {
        AccessMessage::of(&self.state)
    }

    /// The vendor's time when this computer's clock shows `clock`.
    fn vendors_time(&self, clock: Timestamp) -> Timestamp {
        clock.checked_sub(self.clock_off_by).unwrap_or(clock)
    }
}

impl AccessState {
    /// The word that stands for the state in logs and front ends. It never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotActivated => "not_activated",
            Self::Granted { .. } => "granted",
            Self::Grace { .. } => "grace",
            Self::Refused { .. } => "refused",
            Self::NeedsCheck { .. } => "needs_check",
        }
    }
}

impl Cause {
    /// The word that stands for the cause in logs and front ends. It never changes. For
    /// [`NoAnswer`](Self::NoAnswer) it is that of the [`ErrorKind`].
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotChecked => "not_checked",
            Self::NoAnswer(kind) => kind.name(),
            Self::ActivationPending => "activation_pending",
            Self::VendorChanged => "vendor_changed",
            Self::RecordUnreadable => "record_unreadable",
            Self::RecordRestored => "record_restored",
        }
    }
}

impl RefusedBy {
    /// The word that stands for it in logs and front ends. It never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::KnownExpiry => "known_expiry",
        }
    }
}

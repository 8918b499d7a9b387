//! The answer to the question that an app asks: may it be used now, until when, and why.

use anykey_core::{ErrorKind, RefusalReason, SignedDuration, Timestamp};

mod message;
mod notice;
#[cfg(feature = "serde")]
mod serde;
mod text;

pub use message::AccessMessage;
pub use notice::{Notice, Notices};

/// The state of the license at one moment: whether the app may be used, until when, and why.
///
/// A small `Copy` value. It does not update itself: call [`Guard::access`](crate::Guard::access) whenever you need
/// the current one. `Display` is one English sentence for a terminal or a log; [`message`](Self::message) is the same
/// as an id with arguments, for translation. With the feature `serde` it implements `Serialize` with stable names,
/// for a front end.
///
/// ```
/// use anykey_guard::{Access, AccessState, Cause};
///
/// /// What a window shows. An app decides by `is_allowed` and explains by the state.
/// fn banner(access: &Access) -> Option<String> {
///     match access.state {
///         AccessState::Granted { .. } => None,
///         AccessState::NotActivated => Some("Enter your license key.".to_owned()),
///         AccessState::Grace { until: Some(until), .. } => Some(format!("Go online before {until}.")),
///         AccessState::NeedsCheck { cause: Cause::RecordUnreadable, .. } => Some("Enter your key again.".to_owned()),
///         AccessState::NeedsCheck { .. } => Some("Go online to check your license.".to_owned()),
///         _ => Some(access.to_string()),
///     }
/// }
/// # let _ = banner;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access {
    /// The state of the license.
    pub state: AccessState,
    /// When the next check is due, in the vendor's time. [`keep_fresh`](crate::Guard::keep_fresh) runs it then.
    /// `None` when there is nothing to check.
    pub next_check: Option<Timestamp>,
    /// Whether the clock was set back by more than the policy's tolerance. Access depends on the latest time seen, so
    /// this neither extends nor ends access.
    pub clock_set_back: bool,
    /// Whether the answer to an activation was lost, so that the vendor may count a seat that this machine does not
    /// know.
    pub seat_may_be_taken: bool,
    /// How far this computer's clock was ahead of the vendor's time at the last answer; negative when it was behind.
    /// Zero when the difference was within the policy's tolerance, or when the vendor did not report its time. Access
    /// is measured by the vendor's time.
    pub clock_off_by: SignedDuration,
    /// The notices of the record and the store; the others follow from the fields above.
    pub(crate) marks: Notices,
    /// Whether the policy only shows the state, so that the app may be used in any case.
    pub(crate) advisory: bool,
}

/// The state of the license on this installation.
///
/// A refusal by the vendor is always [`Refused`](Self::Refused), and an outage never is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessState {
    /// No key was entered on this machine.
    NotActivated,
    /// The last check was valid and no new one is overdue.
    Granted {
        /// When access ends if no further answer comes; `None` when it does not end.
        until: Option<Timestamp>,
    },
    /// A check is overdue: there was no answer since the interval ended. Access continues for the policy's grace.
    Grace {
        /// When access ends unless the vendor confirms the key before; `None` when it does not end.
        until: Option<Timestamp>,
        /// When the check became overdue.
        since: Timestamp,
        /// Why there is no fresh answer.
        cause: Cause,
    },
    /// The vendor refused, or the expiry date that it had reported has passed.
    Refused {
        /// The reason. The vendor's message is in the [record](crate::Guard::record).
        reason: RefusalReason,
        /// Whether the vendor refused, or the known expiry date was applied on this machine.
        by: RefusedBy,
        /// When it was first refused, or when it expired.
        since: Timestamp,
        /// Until when the app may still be used, so that a payment can be fixed; `None` when it may not be used.
        until: Option<Timestamp>,
    },
    /// Access has ended, or not started, because there is no answer. The vendor's next valid answer restores it.
    NeedsCheck {
        /// Since when an answer is needed.
        since: Timestamp,
        /// Why there is no answer.
        cause: Cause,
    },
}

/// Why there is no recent answer by the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// No check was made: the app was not running, or a check is in progress.
    NotChecked,
    /// The last check failed with an error of this kind: no network, a rate limit, an outage of the vendor.
    NoAnswer(ErrorKind),
    /// The answer to the activation was lost.
    ActivationPending,
    /// The guard's provider is of another vendor than the seat. Entering a key of the new vendor takes a seat there.
    VendorChanged,
    /// Neither the record nor its copy can be read. Entering the key again starts a new record.
    RecordUnreadable,
    /// The record is older than the [counter](crate::RevisionCounter) says: an old copy was restored. It is used
    /// again after the vendor's next answer.
    RecordRestored,
}

/// Who refused the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusedBy {
    /// The vendor, in its last answer.
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

    /// The deadline: when access ends if no further answer comes. `None` when access does not end, or has ended. In
    /// the vendor's time.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        match self.state {
            AccessState::Granted { until }
            | AccessState::Grace { until, .. }
            | AccessState::Refused { until, .. } => until,
            AccessState::NotActivated | AccessState::NeedsCheck { .. } => None,
        }
    }

    /// The number of whole days until the [deadline](Self::until), 0 on the last day; `None` when there is no
    /// deadline. `now` is the time of this computer's clock.
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
        let left = self.until()?.duration_since(self.vendor_time(now));
        Some(left.max(SignedDuration::ZERO).as_hours() / 24)
    }

    /// Whether access ends within `window` from `now`, so that the user should be warned. False when there is no
    /// deadline. `now` is the time of this computer's clock.
    #[must_use]
    pub fn ends_within(&self, window: SignedDuration, now: Timestamp) -> bool {
        self.until().is_some_and(|until| until.duration_since(self.vendor_time(now)) <= window)
    }

    /// Problems besides the state that a user may have to know or fix. None of them ends access.
    ///
    /// ```
    /// # fn show(access: anykey_guard::Access) {
    /// for notice in access.notices().iter() {
    ///     eprintln!("license: {notice}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn notices(&self) -> Notices {
        self.marks
            .with(Notice::ClockSetBack, self.clock_set_back)
            .with(Notice::SeatMayBeTaken, self.seat_may_be_taken)
            .with(Notice::ClockWrong, !self.clock_off_by.is_zero())
    }

    /// The state as a message id with arguments, for translation.
    ///
    /// ```
    /// # fn show(access: anykey_guard::Access) {
    /// let message = access.message();
    /// let text = match message.id {
    ///     "granted" | "granted_until" => "Lizenziert",
    ///     "grace_until" => "Bitte gehen Sie online",
    ///     "refused" if message.reason == Some("expired") => "Ihre Lizenz ist abgelaufen",
    ///     _ => "Keine Lizenz",
    /// };
    /// # let _ = text;
    /// # }
    /// ```
    #[must_use]
    pub fn message(&self) -> AccessMessage {
        AccessMessage::of(&self.state)
    }

    /// Converts a time of this computer's clock to the vendor's time.
    fn vendor_time(&self, clock: Timestamp) -> Timestamp {
        clock.checked_sub(self.clock_off_by).unwrap_or(clock)
    }
}

impl AccessState {
    /// The stable name of the state, for logs and front ends. It never changes.
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
    /// The stable name of the cause, for logs and front ends. It never changes. For [`NoAnswer`](Self::NoAnswer) it
    /// is the name of the [`ErrorKind`].
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
    /// The stable name, for logs and front ends. It never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::KnownExpiry => "known_expiry",
        }
    }
}

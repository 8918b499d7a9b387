//! Notices: the list of them, and sets.

use std::fmt;

macro_rules! notices {
    ($($(#[$doc:meta])* $variant:ident = $bit:literal, $name:literal, $sentence:literal;)*) => {
        /// A problem besides the [state](crate::AccessState) that a user may have to know or fix.
        ///
        /// No notice ends access. `Display` is an English sentence, as [`description`](Self::description).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Notice { $($(#[$doc])* $variant,)* }

        impl Notice {
            const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable name, for logs and front ends. It never changes.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What it means and what to do, as an English sentence.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => $sentence),* }
            }

            /// The place of the notice in [`Notices`]. It is not stored.
            pub(crate) const fn bit(self) -> u16 {
                match self { $(Self::$variant => 1 << $bit),* }
            }
        }
    };
}

notices! {
    /// The answer to an activation was lost, so that the vendor may count a seat for it.
    SeatMayBeTaken = 0, "seat_may_be_taken",
        "the answer to an activation was lost; the vendor may count a seat for it";
    /// A seat that is no longer used could not be released yet. Every check tries again.
    SeatUnreleased = 1, "seat_unreleased",
        "a seat that is no longer used is still counted; it is released when the vendor can be reached";
    /// The clock was set back.
    ClockSetBack = 2, "clock_set_back",
        "the clock of this computer was set back; access depends on the latest time seen";
    /// The clock differs from the vendor's time; see [`Access::clock_off_by`](crate::Access::clock_off_by).
    ClockWrong = 3, "clock_wrong",
        "the clock of this computer is wrong; access is measured by the vendor's time";
    /// The guard's provider is of another vendor than the seat.
    VendorChanged = 4, "vendor_changed",
        "the app is now sold through another vendor; enter the key that you received from it";
    /// Neither the record nor its copy can be read.
    RecordUnreadable = 5, "record_unreadable",
        "the license record cannot be read; enter the key again";
    /// The record cannot be read; its copy is used instead.
    CopyUsed = 6, "copy_used", "the license record could not be read; its copy is used";
    /// An older record was restored.
    RecordRestored = 7, "record_restored",
        "an older license record was restored; go online to check it";
    /// The record cannot be locked. Checks continue, but nothing is activated.
    NotLocked = 8, "not_locked",
        "the license directory cannot be locked; nothing can be activated until it is writable";
    /// The last answer could not be written. It is kept in memory while the app runs.
    NotSaved = 9, "not_saved",
        "the license cannot be saved; the latest change is lost when the app exits";
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.description())
    }
}

/// A set of [notices](Notice). `Debug` prints their names.
///
/// ```
/// use anykey_guard::{Notice, Notices};
///
/// let none = Notices::default();
/// assert!(none.is_empty() && !none.contains(Notice::NotSaved));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Notices(u16);

impl Notices {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    pub(crate) const fn union(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub(crate) const fn with(self, notice: Notice, applies: bool) -> Self {
        if applies { Self(self.0 | notice.bit()) } else { self }
    }

    /// Whether the set contains `notice`.
    #[must_use]
    pub const fn contains(self, notice: Notice) -> bool {
        self.0 & notice.bit() != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The notices, in a fixed order.
    pub fn iter(self) -> impl Iterator<Item = Notice> {
        Notice::ALL.iter().copied().filter(move |notice| self.contains(*notice))
    }
}

impl fmt::Debug for Notices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Notice::name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_notice_has_its_own_name_and_bit() {
        let mut bits = 0_u16;
        for notice in Notice::ALL {
            assert!(notice.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
            assert_eq!(bits & notice.bit(), 0, "{notice:?}");
            bits |= notice.bit();
        }
        assert_eq!(Notices::from_bits(bits).iter().count(), Notice::ALL.len());
    }
}

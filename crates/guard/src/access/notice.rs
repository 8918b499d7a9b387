use std::fmt;

macro_rules! notices {
    ($($(#[$doc:meta])* $variant:ident = $bit:literal, $name:literal, $sentence:literal;)*) => {
        /// Something beside the [state](crate::AccessState) that a user may have to know or to put right.
        ///
        /// None of them ends access by itself. `Display` is an English sentence.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Notice { $($(#[$doc])* $variant,)* }

        impl Notice {
            const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word that stands for it in logs and front ends. It never changes.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What it means and what helps, as an English sentence.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => $sentence),* }
            }

            pub(crate) const fn bit(self) -> u16 {
                match self { $(Self::$variant => 1 << $bit),* }
            }
        }
    };
}

notices! {
    /// The answer to an activation was lost.
    SeatMayBeTaken = 0, "seat_may_be_taken",
        "the answer to an activation was lost; the vendor may count a seat for it";
    /// A seat that is no longer used could not be given back yet. It is tried again at every check.
    SeatOwed = 1, "seat_owed",
        "a seat that is no longer used is still counted; it is given back when the vendor can be reached";
    /// The clock was set back.
    ClockSetBack = 2, "clock_set_back",
        "the clock of this computer was set back; access depends on the latest time that was seen";
    /// The clock differs from the vendor's time; see [`Access::clock_off_by`](crate::Access::clock_off_by).
    ClockWrong = 3, "clock_wrong",
        "the clock of this computer is wrong; access is measured by the vendor's time";
    /// The configuration names another vendor than the one that the seat was taken at.
    VendorChanged = 4, "vendor_changed",
        "the app now sells through another vendor; enter the key that you got from it";
    /// The record cannot be read.
    RecordUnreadable = 5, "record_unreadable",
        "the record of the license cannot be read; enter the key again";
    /// The record cannot be read, and its copy is used instead.
    CopyUsed = 6, "copy_used", "the record of the license could not be read; its copy is used";
    /// The record is an older one that was put back.
    RecordRestored = 7, "record_restored",
        "an older record of the license was put back; go online to check it";
    /// There can be no lock, so the vendor is asked but nothing is activated.
    NotLocked = 8, "not_locked",
        "the folder of the license cannot be locked; nothing can be activated until it can be written";
    /// The last answer could not be written. It counts while the app runs.
    NotSaved = 9, "not_saved",
        "the license cannot be saved; what changed is lost when the app ends, unless it can be saved by then";
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.description())
    }
}

/// A set of [notices](Notice).
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

    /// Whether `notice` is among them.
    #[must_use]
    pub const fn contains(self, notice: Notice) -> bool {
        self.0 & notice.bit() != 0
    }

    /// Whether there are none.
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
    fn each_notice_has_a_word_and_a_bit_of_its_own() {
        let mut bits = 0_u16;
        for notice in Notice::ALL {
            assert!(notice.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
            assert_eq!(bits & notice.bit(), 0, "{notice:?}");
            bits |= notice.bit();
        }
        assert_eq!(Notices::from_bits(bits).iter().count(), Notice::ALL.len());
    }
}

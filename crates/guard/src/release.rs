//! What becomes of a seat when the app is deactivated.

use std::fmt;

/// The result of a deactivation.
///
/// In each case this user no longer has a license, unless others [share](Self::StillShared) the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Release {
    /// The vendor released the seat.
    Freed,
    /// The seat was already free: the customer or the seller had released it.
    AlreadyFree,
    /// This installation held no seat.
    NothingHeld,
    /// The vendor no longer knows the key. If it was rotated, the seat is still counted under the new code; the
    /// customer or the seller can release it.
    KeyUnknown,
    /// An activation was pending, and it is not known whether it took a seat.
    MayBeTaken,
    /// There was no answer. The record keeps the seat as unreleased, and it is released when the vendor can be
    /// reached. Only [`Guard::uninstall`](crate::Guard::uninstall) returns this.
    WhenOnline,
    /// Others may use the seat, so it was not released: other users of this computer, or, when the seat was
    /// [found](crate::HeldSeat::found) in the vendor's list, a user with another store. This user no longer has a
    /// license, unless the store is shared too.
    StillShared,
}

impl Release {
    /// The stable name, for logs and front ends. It never changes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Freed => "freed",
            Self::AlreadyFree => "already_free",
            Self::NothingHeld => "nothing_held",
            Self::KeyUnknown => "key_unknown",
            Self::MayBeTaken => "may_be_taken",
            Self::WhenOnline => "when_online",
            Self::StillShared => "still_shared",
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Freed => "the seat was released",
            Self::AlreadyFree => "the seat was already free",
            Self::NothingHeld => "this machine held no seat",
            Self::KeyUnknown => {
                "the vendor does not know the key; its seat may still be counted under a new code"
            }
            Self::MayBeTaken => "an activation was lost; a seat may still be counted",
            Self::WhenOnline => "the seat is released as soon as the vendor can be reached",
            Self::StillShared => "others may still use the seat, so it was not released",
        })
    }
}

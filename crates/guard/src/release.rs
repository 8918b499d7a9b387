use std::fmt;

/// What became of the seat when it was given back.
///
/// In each case this user has no license any more, unless others [share](Self::StillShared) the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Release {
    /// The vendor counts one seat less.
    Freed,
    /// The seat was free already: the customer or the seller was faster.
    AlreadyFree,
    /// This installation had no seat.
    NothingHeld,
    /// The vendor does not know the key any more. If it was rotated, the seat is still counted under the new
    /// key; customer and seller can free it.
    KeyUnknown,
    /// An activation was pending, and nobody can say whether it took a seat.
    MayBeTaken,
    /// No answer came. A note is kept, and the seat is given back when the vendor can be reached. Only
    /// [`Guard::uninstall`](crate::Guard::uninstall) leaves it at that.
    WhenOnline,
    /// Others share the seat, so it stays taken: users of this computer, or, where the seat was
    /// [found](crate::HeldSeat::found) at the vendor, somebody with a store of his own. This one has no license any
    /// more, unless the store is shared too.
    StillShared,
}

impl Release {
    /// The word that stands for it in logs and front ends. It never changes.
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
            Self::Freed => "the seat is free",
            Self::AlreadyFree => "the seat was free already",
            Self::NothingHeld => "this machine had no seat",
            Self::KeyUnknown => {
                "the vendor does not know the key; its seat may still be counted under a new one"
            }
            Self::MayBeTaken => "an activation got lost; a seat may still be counted",
            Self::WhenOnline => "the seat is given back as soon as the vendor can be reached",
            Self::StillShared => "others may still use the seat, so it stays taken",
        })
    }
}

//! The words of a migration: what differs, how far an entry is.

use anykey_mapping::words;

words! {
    /// In what a key of the target differs from what it is to be.
    Difference {
        /// Its code is another one than when this migration created it: it was rotated at the source.
        Code = "code": "the code was changed at the source after the key was created";
        /// Another product.
        Product = "product": "another product";
        /// Another customer.
        Customer = "customer": "another customer";
        /// Another limit.
        Limit = "activation_limit": "another activation limit";
        /// Another end.
        Expiry = "expiry": "another end";
        /// In force instead of switched off, or the other way round.
        Status = "status": "another status";
        /// The code exists more than once.
        Twice = "twice": "the code exists more than once";
        /// The target says that the code exists, and does not list it.
        Unlisted = "unlisted": "the target says that the code exists and does not list it";
        /// There is none.
        Missing = "missing": "no such key";
    }
}

words! {
    /// How far a key is.
    State {
        /// Nothing was sent for it.
        Skipped = "skipped": "skipped";
        /// It was there before, with the same data. It is not this migration's.
        Existed = "existed": "was there already";
        /// A key with its code was there before, with other data.
        Conflict = "conflict": "conflict";
        /// The target refuses to create it.
        Rejected = "rejected": "rejected by the target";
        /// The request to create it was sent, or is about to be; whether it took effect is not known.
        Sending = "sending": "sent, without an answer so far";
        /// This migration created it; its status or usage is still to be set.
        Created = "created": "created, status still to be set";
        /// This migration created it, and it is complete.
        Done = "done": "created";
        /// This migration created it and has switched it off again.
        Undone = "undone": "undone";
    }
}

impl State {
    /// Whether this migration has, or may have, created the key.
    #[must_use]
    pub const fn is_ours(self) -> bool {
        matches!(self, Self::Sending | Self::Created | Self::Done | Self::Undone)
    }
}

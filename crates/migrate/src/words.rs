//! The words of a migration: why a key is skipped, what is lost, what differs, how far an entry is.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal: $description:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in data. It never changes.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// A sentence fragment for people.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => $description),* }
            }

            /// The value with this [word](Self::word); `None` for an unknown one.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.description())
            }
        }
    };
}

words! {
    /// Why a key is not created.
    SkipReason {
        /// Its product is not in the mapping.
        UnmappedProduct = "unmapped_product": "its product is not in the mapping";
        /// Its customer is not in the mapping.
        UnmappedCustomer = "unmapped_customer": "its customer is not in the mapping";
        /// It follows a subscription, and the mapping has no `subscription_expiry`.
        FollowsSubscription = "follows_subscription": "it follows a subscription; `subscription_expiry` is not set";
        /// The source does not report its end, and the mapping has no `unknown_expiry`.
        UnknownExpiry = "unknown_expiry": "the source does not report its end; `unknown_expiry` is not set";
        /// It has expired, and the source does not report when: any other end would put it in force again.
        ExpiredWithoutEnd = "expired_without_end": "it has expired, and the source does not report when";
        /// It has no seats, and the mapping has no `default_limit`.
        NoSeats = "no_seats": "it has no seats; `default_limit` is not set";
        /// The source does not report its limit, and the mapping has no `default_limit`.
        UnknownLimit = "unknown_limit": "the source does not report its limit; `default_limit` is not set";
        /// Its status is a word that this version does not know.
        UnknownStatus = "unknown_status": "its status is not known";
        /// It is switched off, and the target can switch no key off.
        CannotSwitchOff = "cannot_switch_off": "it is switched off, which the target cannot do";
        /// Another key of the source has the same code.
        DuplicateCode = "duplicate_code": "another key of the source has the same code";
    }
}

words! {
    /// What of a key the target cannot store.
    Loss {
        /// The usage counter and its limit.
        Usage = "usage": "the usage counter";
        /// The seats that are taken: each installation activates again.
        Seats = "seats": "the seats that are taken";
        /// That it is revoked and not only disabled.
        RevokedWord = "revoked_word": "that it is revoked and not only disabled";
        /// Its subscription, which stays at the source.
        Subscription = "subscription": "the link to its subscription";
    }
}

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

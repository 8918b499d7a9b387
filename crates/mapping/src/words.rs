//! The words of a mapping: why a key is not carried over, and what of it is lost.

/// An enum of words for data, each with a sentence fragment for people.
#[doc(hidden)]
#[macro_export]
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
        /// It has expired before its end, as with a subscription whose payments stopped: it would be in force again
        /// until then.
        ExpiredBeforeEnd = "expired_before_end": "it has expired, although its end is still to come";
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
        /// That it is off, between the request that creates it and the one that switches it off.
        BrieflyInForce = "briefly_in_force": "that it is switched off, for a moment after it is created";
        /// Its subscription, which stays at the source.
        Subscription = "subscription": "the link to its subscription";
    }
}

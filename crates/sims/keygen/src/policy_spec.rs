//! The settings of policies, in the vendor's words.

/// The settings of a policy, with the names and defaults of the vendor's API. All licenses of a policy share them.
///
/// The default is floating and not strict, with license-key authentication, so that a device can activate by itself.
/// The vendor's own default for authentication is [`AuthenticationStrategy::Token`].
///
/// ```
/// use anykey_keygen_sim::{ExpirationBasis, PolicySpec};
///
/// // A trial of 14 days, which begins with the first validation, on one machine.
/// let trial = PolicySpec {
///     floating: false,
///     strict: true,
///     duration: Some(14 * 86_400),
///     expiration_basis: ExpirationBasis::FromFirstValidation,
///     ..PolicySpec::default()
/// };
/// assert_eq!(trial.max_machines, None, "a policy that is not floating has one machine");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "tests write it as a literal with `..`")]
pub struct PolicySpec {
    /// Whether a license may have several machines; otherwise it is node-locked, with exactly one.
    pub floating: bool,
    /// Whether a validation also checks the number of machines, cores and so on. An activation always does.
    pub strict: bool,
    /// Whether only the seller may change licenses and machines.
    pub protected: bool,
    /// The seconds from the start of a license to its expiry; `None` for no expiry.
    pub duration: Option<u64>,
    /// What happens after the expiry.
    pub expiration_strategy: ExpirationStrategy,
    /// The event that starts the duration. Until then a license has no expiry.
    pub expiration_basis: ExpirationBasis,
    /// Which credentials a license can authenticate with.
    pub authentication_strategy: AuthenticationStrategy,
    /// How far limits may be exceeded. A validation beyond a limit is then valid, with a code that names it.
    pub overage_strategy: OverageStrategy,
    /// Where a fingerprint is unique.
    pub machine_uniqueness: Uniqueness,
    /// How many of several fingerprints in one validation have to match.
    pub machine_matching: Matching,
    /// Whether the machine limit is one for each owner of machines, instead of one for the license.
    pub machine_limit_per_user: bool,
    /// The largest number of machines; `None` for no limit.
    pub max_machines: Option<u64>,
    /// The largest number of users; `None` for no limit.
    pub max_users: Option<u64>,
    /// The largest number of processor cores of all machines; `None` for no limit.
    pub max_cores: Option<u64>,
    /// The largest amount of memory of all machines, in bytes; `None` for no limit.
    pub max_memory: Option<u64>,
    /// The largest amount of disk space of all machines, in bytes; `None` for no limit.
    pub max_disk: Option<u64>,
    /// The largest number of uses; `None` for no limit.
    pub max_uses: Option<u64>,
    /// Whether a validation has to name the product.
    pub require_product_scope: bool,
    /// Whether a validation has to name the policy.
    pub require_policy_scope: bool,
    /// Whether a validation has to name a user.
    pub require_user_scope: bool,
    /// Whether a validation has to name a machine by its id.
    pub require_machine_scope: bool,
    /// Whether a validation has to name a machine by its fingerprint.
    pub require_fingerprint_scope: bool,
    /// Whether machines have to send heartbeats.
    pub require_heartbeat: bool,
    /// The seconds between two heartbeats; `None` for 600.
    pub heartbeat_duration: Option<u64>,
    /// When heartbeats start.
    pub heartbeat_basis: HeartbeatBasis,
    /// What happens to a machine without heartbeats: deleted 30 seconds later by default, which frees its seat.
    pub heartbeat_cull_strategy: CullStrategy,
    /// How long a dead machine can send a heartbeat again.
    pub heartbeat_resurrection: Resurrection,
    /// The seconds between two check-ins of a license, after which a validation is `OVERDUE`; `None` when it does not
    /// have to check in.
    pub check_in_interval: Option<u64>,
    /// What a renewal adds the duration to.
    pub renewal_basis: RenewalBasis,
}

impl Default for PolicySpec {
    fn default() -> Self {
        Self {
            floating: true,
            strict: false,
            protected: false,
            duration: None,
            expiration_strategy: ExpirationStrategy::RestrictAccess,
            expiration_basis: ExpirationBasis::FromCreation,
            authentication_strategy: AuthenticationStrategy::License,
            overage_strategy: OverageStrategy::None,
            machine_uniqueness: Uniqueness::PerLicense,
            machine_matching: Matching::Any,
            machine_limit_per_user: false,
            max_machines: None,
            max_users: None,
            max_cores: None,
            max_memory: None,
            max_disk: None,
            max_uses: None,
            require_product_scope: false,
            require_policy_scope: false,
            require_user_scope: false,
            require_machine_scope: false,
            require_fingerprint_scope: false,
            require_heartbeat: false,
            heartbeat_duration: None,
            heartbeat_basis: HeartbeatBasis::FromFirstPing,
            heartbeat_cull_strategy: CullStrategy::DeactivateDead,
            heartbeat_resurrection: Resurrection::Never,
            check_in_interval: None,
            renewal_basis: RenewalBasis::FromExpiry,
        }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// The vendor's word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    };
}

words! {
    /// What happens after a license's expiry.
    ExpirationStrategy {
        /// Validations fail.
        RestrictAccess = "RESTRICT_ACCESS",
        /// Validations fail before anything else is checked, and the license cannot authenticate.
        RevokeAccess = "REVOKE_ACCESS",
        /// Validations succeed with the code `EXPIRED`; only later releases are inaccessible.
        MaintainAccess = "MAINTAIN_ACCESS",
        /// Validations succeed with the code `EXPIRED`.
        AllowAccess = "ALLOW_ACCESS",
    }
}

words! {
    /// When a license's duration starts.
    ExpirationBasis {
        /// When it is created.
        FromCreation = "FROM_CREATION",
        /// With its first validation.
        FromFirstValidation = "FROM_FIRST_VALIDATION",
        /// With its first machine.
        FromFirstActivation = "FROM_FIRST_ACTIVATION",
        /// With its first use.
        FromFirstUse = "FROM_FIRST_USE",
    }
}

words! {
    /// Which credentials a license can authenticate with.
    AuthenticationStrategy {
        /// A token of the license.
        Token = "TOKEN",
        /// Its license key.
        License = "LICENSE",
        /// Both.
        Mixed = "MIXED",
        /// A session.
        Session = "SESSION",
        /// None.
        None = "NONE",
    }
}

words! {
    /// How far the limits of a license may be exceeded.
    OverageStrategy {
        /// Without limit.
        Always = "ALWAYS_ALLOW_OVERAGE",
        /// By a quarter.
        By1_25 = "ALLOW_1_25X_OVERAGE",
        /// By half.
        By1_5 = "ALLOW_1_5X_OVERAGE",
        /// To twice the limit.
        By2 = "ALLOW_2X_OVERAGE",
        /// Not at all.
        None = "NO_OVERAGE",
    }
}

words! {
    /// Where a fingerprint is unique.
    Uniqueness {
        /// In the account.
        PerAccount = "UNIQUE_PER_ACCOUNT",
        /// In the product.
        PerProduct = "UNIQUE_PER_PRODUCT",
        /// In the policy.
        PerPolicy = "UNIQUE_PER_POLICY",
        /// In the license.
        PerLicense = "UNIQUE_PER_LICENSE",
    }
}

words! {
    /// How many of several fingerprints have to match.
    Matching {
        /// One.
        Any = "MATCH_ANY",
        /// Two.
        Two = "MATCH_TWO",
        /// Half of them, rounded up.
        Most = "MATCH_MOST",
        /// All.
        All = "MATCH_ALL",
    }
}

words! {
    /// When the heartbeats of a machine start.
    HeartbeatBasis {
        /// When it is created.
        FromCreation = "FROM_CREATION",
        /// With its first heartbeat.
        FromFirstPing = "FROM_FIRST_PING",
    }
}

words! {
    /// What happens to a machine whose heartbeats stop.
    CullStrategy {
        /// It is deleted.
        DeactivateDead = "DEACTIVATE_DEAD",
        /// It stays, dead.
        KeepDead = "KEEP_DEAD",
    }
}

words! {
    /// Until when a dead machine can send a heartbeat again.
    Resurrection {
        /// Always.
        Always = "ALWAYS_REVIVE",
        /// For 15 minutes.
        FifteenMinutes = "15_MINUTE_REVIVE",
        /// Never.
        Never = "NO_REVIVE",
    }
}

words! {
    /// What a renewal adds the duration to.
    RenewalBasis {
        /// The present expiry.
        FromExpiry = "FROM_EXPIRY",
        /// The time of the renewal.
        FromNow = "FROM_NOW",
        /// The time of the renewal if the license has expired, otherwise the expiry.
        FromNowIfExpired = "FROM_NOW_IF_EXPIRED",
    }
}

impl OverageStrategy {
    /// Whether `count` may exceed `limit`.
    pub(super) fn allows(self, count: u64, limit: u64) -> bool {
        let (count, limit) = (u128::from(count), u128::from(limit));
        match self {
            Self::Always => true,
            Self::By1_25 => count * 4 <= limit * 5,
            Self::By1_5 => count * 2 <= limit * 3,
            Self::By2 => count <= limit * 2,
            Self::None => false,
        }
    }
}

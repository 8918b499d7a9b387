use anykey_core::{SignedDuration, Timestamp};

/// How long a store remembers deliveries and claims.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    /// After how long a delivery is forgotten.
    pub(super) window: SignedDuration,
    /// After how long a claim ends.
    pub(super) lease: SignedDuration,
}

impl Times {
    /// Deliveries seen at this time or before are forgotten.
    pub(super) fn forgotten(&self, now: Timestamp) -> Timestamp {
        before(now, self.window)
    }

    /// Claims of this time or before have ended.
    pub(super) fn ended(&self, now: Timestamp) -> Timestamp {
        before(now, self.lease)
    }
}

impl Default for Times {
    fn default() -> Self {
        Self {
            // Longer than any vendor retries: Dodo for 28 hours, Polar for some hours. Later deliveries were resent
            // manually.
            window: SignedDuration::from_hours(7 * 24),
            // Longer than a vendor waits for an answer: Dodo 15 seconds, Polar 10.
            lease: SignedDuration::from_mins(5),
        }
    }
}

fn before(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_sub(by).unwrap_or(Timestamp::MIN)
}

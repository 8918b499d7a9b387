use anykey_core::SignedDuration;

/// What can go wrong on the way to a webhook endpoint, and what the vendor leaves open about its events.
///
/// By default every message is sent once, at once and in order. Percentages are of the messages and
/// follow from [`seed`](Self::seed): the same doings give the same mishaps.
///
/// ```
/// use anykey_core::{ManualClock, SignedDuration, Timestamp};
/// use anykey_dodo_sim::DodoSim;
///
/// let sim = DodoSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// sim.change_webhook_quirks(|quirks| {
///     quirks.seed = 7;
///     quirks.duplicates = 10;
///     quirks.lost_answers = 5;
///     quirks.overtaking = 20;
///     quirks.max_delay = SignedDuration::from_mins(2);
/// });
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct WebhookQuirks {
    /// What chance follows from.
    pub seed: u64,
    /// Percentage of messages that are sent once more although they were delivered.
    pub duplicates: u8,
    /// Percentage of requests whose good answer is lost on the way back: the receiver has the message,
    /// the vendor sends it again.
    pub lost_answers: u8,
    /// How many messages that are due one message may overtake; zero keeps them in order.
    pub overtaking: usize,
    /// Each message waits up to this long before it is sent first; zero and less are no wait. It tells
    /// the state of the day when it is sent, so it may know more than its event.
    pub max_delay: SignedDuration,
    /// Added to `webhook-timestamp`: how far the vendor's sending clock is ahead.
    pub clock_skew: SignedDuration,
    /// Percentage of events that are followed by one of a type that nobody knows, with data of its own.
    pub unknown_events: u8,
    /// An imported license key has no events. The vendor does not say whether it has.
    pub silent_imports: bool,
    /// A key disabled by hand revokes its grant with an event, and enabling it delivers the grant again.
    /// The vendor says both that a grant's events follow its state and that disabling has none.
    pub disabling_has_events: bool,
}

impl WebhookQuirks {
    /// Whether something that befalls `percent` of all things befalls thing `number`.
    pub(super) fn befalls(&self, percent: u8, kind: u64, number: u64) -> bool {
        self.chance(kind, number) % 100 < u64::from(percent)
    }

    /// How long thing `number` waits.
    pub(super) fn delay(&self, number: u64) -> SignedDuration {
        let most = u64::try_from(self.max_delay.as_micros()).unwrap_or(0);
        let wait = self.chance(DELAY, number) % most.saturating_add(1);
        SignedDuration::from_micros(i64::try_from(wait).unwrap_or(0))
    }

    /// SplitMix64 of the seed, a kind of mishap and a number.
    pub(super) const fn chance(&self, kind: u64, number: u64) -> u64 {
        let place = number.wrapping_mul(8).wrapping_add(kind);
        let mut bits = self.seed.wrapping_add(place.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }
}

pub(super) const DUPLICATE: u64 = 1;
pub(super) const LOST_ANSWER: u64 = 2;
pub(super) const OVERTAKING: u64 = 3;
pub(super) const UNKNOWN_EVENT: u64 = 4;
const DELAY: u64 = 5;

use anykey_core::SignedDuration;

use crate::split_mix;

/// Faults on the way from a vendor to a webhook endpoint.
///
/// By default every message is sent once, at once and in order. Percentages are of the messages, from 0 to
/// 100, and follow from [`seed`](Self::seed): the same calls in the same order meet the same faults.
///
/// ```
/// use anykey_core::SignedDuration;
/// use anykey_sim_kit::WebhookQuirks;
///
/// let mut quirks = WebhookQuirks::default();
/// quirks.seed = 7;
/// quirks.duplicates = 10;
/// quirks.lost_answers = 5;
/// quirks.overtaking = 20;
/// quirks.max_delay = SignedDuration::from_mins(2);
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct WebhookQuirks {
    /// The number that all chances follow from.
    pub seed: u64,
    /// Percentage of messages that are sent once more although they were delivered.
    pub duplicates: u8,
    /// Percentage of requests whose good answer is lost on the way back: the receiver has the message,
    /// the vendor sends it again.
    pub lost_answers: u8,
    /// How many due messages one message may overtake; zero keeps them in order.
    pub overtaking: usize,
    /// The longest delay before the first sending of a message; zero and less are no delay. A vendor that
    /// renders payloads when it sends them may then report a later state than that of the event.
    pub max_delay: SignedDuration,
    /// Added to `webhook-timestamp`: how far the vendor's sending clock is ahead.
    pub clock_skew: SignedDuration,
    /// Percentage of events that are followed by one of an unknown type, with data of its own.
    pub unknown_events: u8,
}

impl WebhookQuirks {
    /// Whether event `number` is followed by one of an unknown type.
    #[must_use]
    pub fn adds_unknown_event(&self, number: u64) -> bool {
        self.occurs(self.unknown_events, UNKNOWN_EVENT, number)
    }

    /// Whether a fault that concerns `percent` of all messages concerns message `number`.
    pub(super) fn occurs(&self, percent: u8, kind: u64, number: u64) -> bool {
        self.chance(kind, number) % 100 < u64::from(percent)
    }

    /// How long message `number` is held back.
    pub(super) fn delay(&self, number: u64) -> SignedDuration {
        let most = u64::try_from(self.max_delay.as_micros()).unwrap_or(0);
        let wait = self.chance(DELAY, number) % most.saturating_add(1);
        SignedDuration::from_micros(i64::try_from(wait).unwrap_or(0))
    }

    /// A random number for one kind of fault and one message.
    pub(super) const fn chance(&self, kind: u64, number: u64) -> u64 {
        split_mix(self.seed, number.wrapping_mul(8).wrapping_add(kind))
    }
}

pub(super) const DUPLICATE: u64 = 1;
pub(super) const LOST_ANSWER: u64 = 2;
pub(super) const OVERTAKING: u64 = 3;
const UNKNOWN_EVENT: u64 = 4;
const DELAY: u64 = 5;

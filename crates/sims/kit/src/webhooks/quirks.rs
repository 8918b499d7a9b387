use anykey_core::SignedDuration;

use crate::split_mix;

/// Faults between a vendor and a webhook endpoint.
///
/// By default every message is sent once, immediately and in order. Percentages apply to messages, from 0 to 100, and
/// are determined by [`seed`](Self::seed): the same calls in the same order have the same faults.
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
    /// The seed of all random decisions.
    pub seed: u64,
    /// Percentage of messages that are sent again although they were delivered.
    pub duplicates: u8,
    /// Percentage of requests whose successful answer is lost, so that the vendor sends the message again.
    pub lost_answers: u8,
    /// The maximum number of due messages that one message may overtake. Zero keeps the order.
    pub overtaking: usize,
    /// The maximum delay before the first attempt. Zero or less means no delay. A vendor that renders payloads when
    /// it sends them then reports a later state than that of the event.
    pub max_delay: SignedDuration,
    /// How far the vendor's clock is ahead: added to `webhook-timestamp`.
    pub clock_skew: SignedDuration,
    /// Percentage of events that are followed by an event of an unknown type.
    pub unknown_events: u8,
}

impl WebhookQuirks {
    /// Whether event `number` is followed by an event of an unknown type.
    #[must_use]
    pub fn adds_unknown_event(&self, number: u64) -> bool {
        self.occurs(self.unknown_events, UNKNOWN_EVENT, number)
    }

    /// Whether a fault with this percentage affects message `number`.
    pub(super) fn occurs(&self, percent: u8, kind: u64, number: u64) -> bool {
        self.chance(kind, number) % 100 < u64::from(percent)
    }

    /// The delay of message `number`.
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

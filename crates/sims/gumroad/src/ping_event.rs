//! The kinds of events that a seller can subscribe to.

/// What happened.
///
/// These are all eight of the vendor (server code, 2026). There is none about licenses: a disabled or rotated key
/// sends nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PingEvent {
    /// A sale, or a later payment of a membership.
    Sale,
    /// A membership was cancelled; it may be alive for a while.
    Cancellation,
    /// A membership ended.
    SubscriptionEnded,
    /// A membership was restarted.
    SubscriptionRestarted,
    /// A membership has another plan.
    SubscriptionUpdated,
    /// A sale was refunded.
    Refund,
    /// A payment was taken back.
    Dispute,
    /// The seller won a dispute.
    DisputeWon,
}

impl PingEvent {
    const ALL: [Self; 8] = [
        Self::Sale,
        Self::Cancellation,
        Self::SubscriptionEnded,
        Self::SubscriptionRestarted,
        Self::SubscriptionUpdated,
        Self::Refund,
        Self::Dispute,
        Self::DisputeWon,
    ];

    /// The vendor's word, as `resource_name`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Cancellation => "cancellation",
            Self::SubscriptionEnded => "subscription_ended",
            Self::SubscriptionRestarted => "subscription_restarted",
            Self::SubscriptionUpdated => "subscription_updated",
            Self::Refund => "refund",
            Self::Dispute => "dispute",
            Self::DisputeWon => "dispute_won",
        }
    }

    /// The event with this word.
    ///
    /// `None` if there is no such event.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.word() == word)
    }
}

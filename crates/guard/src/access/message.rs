use anykey_core::Timestamp;

use crate::AccessState;

/// The state of the license as a message id with its arguments, for an app that translates its texts.
///
/// | [`id`](Self::id) | arguments |
/// |---|---|
/// | `not_activated`, `granted` | – |
/// | `granted_until` | `until` |
/// | `grace` | `since`, `cause` |
/// | `grace_until` | `since`, `cause`, `until` |
/// | `refused` | `since`, `reason` |
/// | `refused_until` | `since`, `reason`, `until` |
/// | `needs_check` | `since`, `cause` |
///
/// The words of `reason` are those of [`RefusalReason::name`](anykey_core::RefusalReason::name), the words of
/// `cause` those of [`Cause::name`](crate::Cause::name). Times are instants: the front end knows its user's
/// time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessMessage {
    /// Names the message. It never changes its meaning.
    pub id: &'static str,
    /// Why the key is refused; `None` when it is not.
    pub reason: Option<&'static str>,
    /// Why there is no fresh answer; `None` when the last one is fresh or a refusal.
    pub cause: Option<&'static str>,
    /// Since when it is so; `None` for a good or an absent license.
    pub since: Option<Timestamp>,
    /// When access ends; `None` when it does not, or has ended.
    pub until: Option<Timestamp>,
}

impl AccessMessage {
    pub(super) const fn of(state: &AccessState) -> Self {
        match *state {
            AccessState::NotActivated => Self::plain("not_activated"),
            AccessState::Granted { until: None } => Self::plain("granted"),
            AccessState::Granted { until } => Self { until, ..Self::plain("granted_until") },
            AccessState::Grace { until, since, cause } => Self {
                id: if until.is_some() { "grace_until" } else { "grace" },
                reason: None,
                cause: Some(cause.name()),
                since: Some(since),
                until,
            },
            AccessState::Refused { reason, since, until, .. } => Self {
                id: if until.is_some() { "refused_until" } else { "refused" },
                reason: Some(reason.name()),
                cause: None,
                since: Some(since),
                until,
            },
            AccessState::NeedsCheck { since, cause } => {
                Self { cause: Some(cause.name()), since: Some(since), ..Self::plain("needs_check") }
            }
        }
    }

    const fn plain(id: &'static str) -> Self {
        Self { id, reason: None, cause: None, since: None, until: None }
    }
}

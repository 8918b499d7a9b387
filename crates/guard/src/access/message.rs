//! The state as an id and arguments.

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
/// `reason` is a [`RefusalReason::name`](anykey_core::RefusalReason::name), `cause` a
/// [`Cause::name`](crate::Cause::name). Times are instants in UTC; the front end converts them to the user's time
/// zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessMessage {
    /// The id of the message. Its meaning never changes.
    pub id: &'static str,
    /// Why the key is refused; `None` when it is not.
    pub reason: Option<&'static str>,
    /// Why there is no recent answer; `None` when there is one.
    pub cause: Option<&'static str>,
    /// When the state began; `None` for `granted` and `not_activated`.
    pub since: Option<Timestamp>,
    /// When access ends; `None` when it does not end, or has ended.
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

    /// A message without arguments.
    const fn plain(id: &'static str) -> Self {
        Self { id, reason: None, cause: None, since: None, until: None }
    }
}

//! The queue of events, and when they are sent again.

use std::borrow::Cow;
use std::sync::Arc;

use anykey_core::{SignedDuration, Timestamp};
use anykey_sim_kit::RetrySchedule;
use bytes::Bytes;
use uuid::Uuid;

use super::endpoint::Endpoint;
use crate::ids::Ids;

const SCHEDULE: RetrySchedule = RetrySchedule { timeout: SignedDuration::from_secs(10), wait };
/// The maximum number of attempts.
const ATTEMPTS: u32 = 10;
/// The longest time between two attempts, in seconds.
const LONGEST_WAIT: i64 = 20 * 60;
/// Separates the ids of endpoints and events from all other ids.
const SALT: u64 = 0x7765_6268_6F6F_6B73;

/// The endpoints of all organizations, and the queue of their events. Without endpoints nothing is queued.
pub(crate) struct Outbox {
    pub(super) messages: anykey_sim_kit::Outbox<Endpoint, Message>,
    pub(super) ids: Ids,
    /// Whether a grant of an imported license key contains it as `user_provided_key`.
    pub(super) shows_imported_keys: bool,
}

/// An event for one endpoint, with the parts that all its requests share.
pub(super) struct Message {
    pub(super) id: Uuid,
    pub(super) event_type: Cow<'static, str>,
    pub(super) body: Bytes,
}

impl Outbox {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self {
            messages: anykey_sim_kit::Outbox::new(SCHEDULE),
            ids: Ids::seeded(seed ^ SALT),
            shows_imported_keys: false,
        }
    }

    /// Whether an endpoint of `organization` is subscribed to this event type.
    pub(crate) fn is_wanted(&self, organization: Uuid, event_type: &str) -> bool {
        self.messages.endpoints.iter().any(|endpoint| endpoint.wants(organization, event_type))
    }

    /// Queues an event for each endpoint that is subscribed to it; returns the event's number.
    pub(super) fn post(
        &mut self,
        organization: Uuid,
        event_type: Cow<'static, str>,
        body: &Bytes,
        now: Timestamp,
    ) -> u64 {
        let endpoints = self.messages.endpoints.iter();
        let wanting = endpoints.filter(|endpoint| endpoint.wants(organization, &event_type));
        let wanting: Vec<_> = wanting.map(|endpoint| endpoint.id).collect();
        let ids = &mut self.ids;
        let message = |endpoint| {
            let message = Message { id: ids.uuid(), event_type: event_type.clone(), body: body.clone() };
            (endpoint, Arc::new(message))
        };
        self.messages.post(now, wanting.into_iter().map(message))
    }
}

/// Doubling seconds up to a longest wait; `None` after the last attempt.
fn wait(attempts: u32) -> Option<SignedDuration> {
    let seconds = 2_i64.saturating_pow(attempts).min(LONGEST_WAIT);
    (attempts < ATTEMPTS).then(|| SignedDuration::from_secs(seconds))
}

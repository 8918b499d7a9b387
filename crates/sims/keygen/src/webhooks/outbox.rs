//! The queue of messages, with the vendor's schedule (`workers/webhook_worker.rb`, June 2026).

use anykey_core::SignedDuration;
use anykey_sim_kit::RetrySchedule;
use bytes::Bytes;
use http::Uri;

/// An endpoint has 15 seconds to answer.
const SCHEDULE: RetrySchedule = RetrySchedule { timeout: SignedDuration::from_secs(15), wait };
/// How often a message is sent again.
const RETRIES: u32 = 15;

/// The endpoints of all accounts, and the queued events.
pub(crate) struct Outbox(pub(crate) anykey_sim_kit::Outbox<Endpoint, Message>);

pub(crate) struct Endpoint {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) uri: Uri,
}

/// An event for one endpoint, with the same body in every attempt.
pub(crate) struct Message {
    pub(crate) event: String,
    pub(crate) body: Bytes,
}

impl Default for Outbox {
    fn default() -> Self {
        Self(anykey_sim_kit::Outbox::new(SCHEDULE))
    }
}

impl anykey_sim_kit::Endpoint for Endpoint {
    type Id = String;

    fn id(&self) -> String {
        self.id.clone()
    }
}

/// The fourth power of the number of attempts in seconds, and 10 minutes, the least of a random wait.
fn wait(attempts: u32) -> Option<SignedDuration> {
    let power = i64::from(attempts).checked_pow(4)?;
    (attempts <= RETRIES).then(|| SignedDuration::from_secs(power.saturating_add(600)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_grow_and_end() {
        assert_eq!(wait(1), Some(SignedDuration::from_secs(601)));
        assert_eq!(wait(2), Some(SignedDuration::from_secs(616)));
        assert!(wait(15).is_some() && wait(16).is_none());
    }
}

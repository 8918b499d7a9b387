//! Concurrent requests.

use std::collections::HashMap;

use uuid::Uuid;

/// How many deleted activations are remembered. Earlier ones were deleted by requests that have ended.
const REMEMBERED: usize = 1_024;

/// The sequence of requests, and which activations were deleted when.
#[derive(Default)]
pub(super) struct Overlaps {
    received: u64,
    freed: HashMap<(Uuid, Uuid), u64>,
}

impl Overlaps {
    /// Counts a request and returns its sequence number.
    pub(super) const fn receive(&mut self) -> u64 {
        self.received += 1;
        self.received
    }

    /// Records that an activation of a key is deleted now.
    pub(super) fn free(&mut self, key: Uuid, activation: Uuid) {
        if self.freed.len() >= REMEMBERED {
            self.freed.clear();
        }
        self.freed.insert((key, activation), self.received);
    }

    /// Whether an activation of a key was deleted after request `arrival` arrived.
    pub(super) fn was_freed_after(&self, arrival: u64, key: Uuid, activation: Uuid) -> bool {
        self.freed.get(&(key, activation)).is_some_and(|last_received| *last_received >= arrival)
    }
}

//! Requests that the server handles at the same time.

use std::collections::HashMap;

use uuid::Uuid;

/// How many slots are remembered; more are freed by requests that came in long ago.
const REMEMBERED: usize = 1_024;

/// The order in which requests came in, and which slots were freed when.
#[derive(Default)]
pub(super) struct Overlaps {
    received: u64,
    freed: HashMap<(Uuid, Uuid), u64>,
}

impl Overlaps {
    /// Receives a request and returns its number.
    pub(super) const fn receive(&mut self) -> u64 {
        self.received += 1;
        self.received
    }

    /// Notes that a slot of a key is freed now.
    pub(super) fn free(&mut self, key: Uuid, activation: Uuid) {
        if self.freed.len() >= REMEMBERED {
            self.freed.clear();
        }
        self.freed.insert((key, activation), self.received);
    }

    /// Whether a slot of a key was freed after request `arrival` came in.
    pub(super) fn was_freed_after(&self, arrival: u64, key: Uuid, activation: Uuid) -> bool {
        self.freed.get(&(key, activation)).is_some_and(|last_received| *last_received >= arrival)
    }
}

//! The order of lists.

use std::collections::BTreeMap;
use std::sync::Arc;

use anykey_core::Timestamp;

/// Ids in the order of creation. The sequence number orders ids of the same instant.
#[derive(Debug, Default)]
pub(super) struct Timeline(BTreeMap<Position, Arc<str>>);

/// A position on a [`Timeline`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) created_at: Timestamp,
    pub(super) sequence: u64,
}

impl Timeline {
    pub(super) fn insert(&mut self, position: Position, id: Arc<str>) {
        self.0.insert(position, id);
    }

    pub(super) fn remove(&mut self, position: Position) {
        self.0.remove(&position);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn oldest_first(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.values()
    }

    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.values().rev()
    }

    /// The ids created in the inclusive range, newest first; empty if the range ends before it begins.
    pub(super) fn newest_first_within(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = &Arc<str>> {
        let first = Position { created_at: from, sequence: 0 };
        let last = Position { created_at: to, sequence: u64::MAX };
        (first <= last).then(|| self.0.range(first..=last).rev()).into_iter().flatten().map(|(_, id)| id)
    }
}

//! Vendors whose deliveries overtake their own reads.

use jiff::Timestamp;

use super::{EventKind, GrantedKey, LicenseEvent};
use crate::LicenseKey;

impl LicenseEvent {
    /// Whether `key`, read because of this event, is still what it was before: the event says granted and the
    /// key is not in force, or revoked and it is, and it has not changed since [`as_of`](Self::as_of). `None`
    /// stands for a key that the vendor does not find.
    ///
    /// Polar reads keys from a replica that may be moments behind what it tells. Answer the delivery with a
    /// failure then, so that it comes again; after a minute, what is read is true. Only these two
    /// contradictions can be seen: a rotated code or a moved expiry looks the same before and after.
    ///
    /// ```
    /// use anykey_core::{EventKind, KeyCode, LicenseEvent, LicenseKey, LicenseStatus, Timestamp};
    ///
    /// let revoked_at: Timestamp = "2026-11-02T10:00:00Z".parse().unwrap();
    /// let event = LicenseEvent::new("acme", "msg_1", EventKind::Revoked, "license.revoked", revoked_at);
    /// let key = |status| LicenseKey::new("acme", "key_1".into(), KeyCode::verbatim("AAAA-BBBB"), status);
    /// assert!(event.is_ahead_of(Some(&key(LicenseStatus::Active))));
    /// assert!(!event.is_ahead_of(Some(&key(LicenseStatus::Revoked))));
    /// ```
    #[must_use]
    pub fn is_ahead_of(&self, key: Option<&LicenseKey>) -> bool {
        match self.kind {
            EventKind::Granted => is_still_out_of_force(key, self.as_of),
            EventKind::Revoked => {
                key.is_some_and(|key| key.status.is_usable() && !changed_by(key, self.as_of))
            }
            _ => false,
        }
    }
}

impl GrantedKey {
    /// Whether `key`, read because of the list, is still what it was before it was granted; as
    /// [`LicenseEvent::is_ahead_of`].
    #[must_use]
    pub fn is_ahead_of(&self, key: Option<&LicenseKey>) -> bool {
        is_still_out_of_force(key, self.as_of)
    }
}

fn is_still_out_of_force(key: Option<&LicenseKey>, granted_at: Timestamp) -> bool {
    key.is_none_or(|key| !key.status.is_usable() && !changed_by(key, granted_at))
}

/// Whether the record shows a change at `told_at` or later.
fn changed_by(key: &LicenseKey, told_at: Timestamp) -> bool {
    key.modified_at.or(key.created_at).is_some_and(|at| at >= told_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KeyCode, LicenseStatus};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn event(kind: EventKind) -> LicenseEvent {
        LicenseEvent::new("acme", "msg_1", kind, "x", at(10))
    }

    fn key(status: LicenseStatus, modified_at: i64) -> LicenseKey {
        let mut key = LicenseKey::new("acme", "a".into(), KeyCode::verbatim("AAAA"), status);
        key.modified_at = Some(at(modified_at));
        key
    }

    #[test]
    fn a_granted_key_is_in_force_or_has_changed_since() {
        let granted = event(EventKind::Granted);
        let listed = GrantedKey::new("a".into(), at(10));
        for (read, is_behind) in [
            (None, true),
            (Some(key(LicenseStatus::Revoked, 9)), true),
            (Some(key(LicenseStatus::Active, 9)), false),
            (Some(key(LicenseStatus::Revoked, 10)), false),
        ] {
            assert_eq!(granted.is_ahead_of(read.as_ref()), is_behind, "{read:?}");
            assert_eq!(listed.is_ahead_of(read.as_ref()), is_behind, "{read:?}");
        }
    }

    #[test]
    fn a_revoked_key_is_out_of_force_gone_or_has_changed_since() {
        let revoked = event(EventKind::Revoked);
        assert!(revoked.is_ahead_of(Some(&key(LicenseStatus::Active, 9))));
        assert!(!revoked.is_ahead_of(Some(&key(LicenseStatus::Active, 11))));
        assert!(!revoked.is_ahead_of(Some(&key(LicenseStatus::Disabled, 9))));
        assert!(!revoked.is_ahead_of(None));
    }

    #[test]
    fn the_age_of_a_record_without_a_time_is_unknown() {
        let mut unknown = key(LicenseStatus::Active, 9);
        unknown.modified_at = None;
        assert!(event(EventKind::Revoked).is_ahead_of(Some(&unknown)));
        unknown.created_at = Some(at(10));
        assert!(!event(EventKind::Revoked).is_ahead_of(Some(&unknown)));
    }

    #[test]
    fn other_kinds_contradict_nothing() {
        for kind in [EventKind::Updated, EventKind::Rotated, EventKind::Renewed] {
            assert!(!event(kind.clone()).is_ahead_of(None), "{kind:?}");
        }
    }
}

//! Vendors whose deliveries arrive before their own reads show the change.

use jiff::Timestamp;

use super::{EventKind, GrantedKey, LicenseEvent};
use crate::{LicenseKey, LicenseStatus};

impl LicenseEvent {
    /// Whether `key`, read because of this event, is still as it was before the event. `None` stands for a key that
    /// the vendor does not find.
    ///
    /// Polar reads keys from a replica that may be moments behind its deliveries. Answer the delivery with a
    /// failure then, so that it comes again; a read after a minute shows the change. Only two contradictions can be
    /// seen: the event says granted and the key is [`Revoked`](LicenseStatus::Revoked) or not found, or it says
    /// revoked and the key is usable, and the key has not changed since [`as_of`](Self::as_of). A rotated code or
    /// a moved expiry looks the same before and after. A key that is disabled, expired or in any other state
    /// contradicts no grant: granting changes none of these.
    ///
    /// ```
    /// use anykey_core::{EventKind, KeyCode, LicenseEvent, LicenseKey, LicenseStatus, Timestamp};
    ///
    /// let revoked_at: Timestamp = "2026-11-02T10:00:00Z".parse().unwrap();
    /// let event = LicenseEvent::new("acme", "msg_1", EventKind::Revoked, "license.revoked", revoked_at);
    /// let key = |status| LicenseKey::new("acme", "key_1".into(), KeyCode::parse("AAAA-BBBB").unwrap(), status);
    /// assert!(event.is_ahead_of(Some(&key(LicenseStatus::Active))));
    /// assert!(!event.is_ahead_of(Some(&key(LicenseStatus::Revoked))));
    /// ```
    #[must_use]
    pub fn is_ahead_of(&self, key: Option<&LicenseKey>) -> bool {
        match self.kind {
            EventKind::Granted => is_not_granted_yet(key, self.as_of),
            EventKind::Revoked => {
                key.is_some_and(|key| key.status.is_usable() && !changed_by(key, self.as_of))
            }
            _ => false,
        }
    }
}

impl GrantedKey {
    /// Whether `key`, read because of the list, is still as it was before it was granted; as
    /// [`LicenseEvent::is_ahead_of`]. A listed key that is disabled or expired is not: the list holds granted keys,
    /// usable or not.
    #[must_use]
    pub fn is_ahead_of(&self, key: Option<&LicenseKey>) -> bool {
        is_not_granted_yet(key, self.as_of)
    }
}

fn is_not_granted_yet(key: Option<&LicenseKey>, granted_at: Timestamp) -> bool {
    key.is_none_or(|key| key.status == LicenseStatus::Revoked && !changed_by(key, granted_at))
}

/// Whether the record shows a change at `instant` or later.
fn changed_by(key: &LicenseKey, instant: Timestamp) -> bool {
    key.modified_at.or(key.created_at).is_some_and(|at| at >= instant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyCode;
    use crate::adapter::KeyCodeExt as _;

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

    fn statuses() -> [LicenseStatus; 6] {
        [
            LicenseStatus::Active,
            LicenseStatus::Inactive,
            LicenseStatus::Expired,
            LicenseStatus::Disabled,
            LicenseStatus::Revoked,
            LicenseStatus::Other("paused".into()),
        ]
    }

    #[test]
    fn only_a_missing_or_an_older_revoked_key_is_behind_its_grant() {
        let granted = event(EventKind::Granted);
        let listed = GrantedKey::new("a".into(), at(10));
        assert!(granted.is_ahead_of(None) && listed.is_ahead_of(None));
        for status in statuses() {
            for modified_at in [0, 9, 10, 11] {
                let read = key(status.clone(), modified_at);
                let is_behind = status == LicenseStatus::Revoked && modified_at < 10;
                assert_eq!(granted.is_ahead_of(Some(&read)), is_behind, "{status} {modified_at}");
                assert_eq!(listed.is_ahead_of(Some(&read)), is_behind, "{status} {modified_at}");
            }
        }
    }

    #[test]
    fn only_a_usable_key_that_has_not_changed_since_is_behind_its_revocation() {
        let revoked = event(EventKind::Revoked);
        assert!(!revoked.is_ahead_of(None));
        for status in statuses() {
            for modified_at in [0, 9, 10, 11] {
                let read = key(status.clone(), modified_at);
                let is_behind = status.is_usable() && modified_at < 10;
                assert_eq!(revoked.is_ahead_of(Some(&read)), is_behind, "{status} {modified_at}");
            }
        }
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

//! What is done with a key: pure.

use anykey_core::{LicenseKey, LicenseKeyId, LicensePatch, SignedDuration, StatusChange};

use crate::compare::Found;
use crate::digest::{Digest, Salt};
use crate::journal::Entry;
use crate::{Difference, SkipReason, State, Wanted};

/// How far the clocks of this machine and of the target may be apart.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// What is done with one key of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// It is created, and changed after that where [`Wanted::follow_up`] says so.
    Create(Box<Wanted>),
    /// This migration created it before, and it still has to be changed.
    Finish {
        /// The key at the target.
        id: LicenseKeyId,
        /// What to change.
        patch: LicensePatch,
        /// What it is to be.
        wanted: Box<Wanted>,
    },
    /// This migration created it before, and it is complete.
    Done {
        /// The key at the target.
        id: Option<LicenseKeyId>,
    },
    /// The target had it before, with the same data.
    AlreadyThere {
        /// The key at the target.
        id: LicenseKeyId,
    },
    /// The target has a key with this code and other data, or the code was changed. Nothing is written.
    Conflict {
        /// The key at the target; `None` where it is not listed.
        id: Option<LicenseKeyId>,
        /// In what it differs.
        differences: Vec<Difference>,
    },
    /// Nothing is written.
    Skip(SkipReason),
}

/// What is known about a key when it is decided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) code: Digest,
    /// What the journal says.
    pub(crate) entry: Option<&'a Entry>,
    /// What the target lists under the same code.
    pub(crate) found: Option<&'a Found>,
}

/// Decides about `key`, which is to be `wanted`.
pub(crate) fn decide(wanted: Result<Wanted, SkipReason>, known: Known<'_>, salt: &Salt) -> Decision {
    let Known { code, entry, found } = known;
    let entry = entry.filter(|entry| entry.state.is_ours());
    if let Some(entry) = entry.filter(|entry| entry.code != code) {
        return Decision::Conflict { id: entry.target.clone(), differences: vec![Difference::Code] };
    }
    let state = entry.map(|entry| entry.state);
    if state == Some(State::Done) {
        return Decision::Done { id: entry.and_then(|entry| entry.target.clone()) };
    }
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(reason) => return Decision::Skip(reason),
    };
    match (entry, found) {
        (Some(entry), found) if matches!(entry.state, State::Created | State::Undone) => {
            match entry.target.clone().or(found.map(|found| found.id.clone())) {
                Some(id) => finish(id, entry.state, wanted),
                None => Decision::Create(Box::new(wanted)),
            }
        }
        (_, None) => Decision::Create(Box::new(wanted)),
        (Some(entry), Some(found)) if is_ours(entry, found) => {
            let mut differences = found.differences(&wanted, salt);
            // What the change that follows sets.
            differences.retain(|difference| match difference {
                Difference::Status => false,
                Difference::Expiry => !found.was_created_as(&wanted),
                _ => true,
            });
            match differences.is_empty() {
                true => finish(found.id.clone(), State::Created, wanted),
                false => Decision::Conflict { id: Some(found.id.clone()), differences },
            }
        }
        (_, Some(found)) => {
            let differences = found.differences(&wanted, salt);
            match differences.is_empty() {
                true => Decision::AlreadyThere { id: found.id.clone() },
                false => Decision::Conflict { id: Some(found.id.clone()), differences },
            }
        }
    }
}

/// Whether a request whose answer is missing created what was found: it was not listed before the request was sent, and
/// is not older than it.
pub(crate) fn is_ours(entry: &Entry, found: &Found) -> bool {
    match (entry.sent_at, found.created_at) {
        (Some(sent), Some(created)) => created.duration_since(sent) >= -CLOCK_TOLERANCE,
        (sent, _) => sent.is_some(),
    }
}

fn finish(id: LicenseKeyId, state: State, wanted: Wanted) -> Decision {
    let mut patch = wanted.follow_up.clone();
    if state == State::Undone && patch.status.is_none() {
        patch.status = Some(StatusChange::Enable);
    }
    if patch == LicensePatch::new() {
        return Decision::Done { id: Some(id) };
    }
    Decision::Finish { id, patch, wanted: Box::new(wanted) }
}

/// The journal's entry for a key that nothing is sent for; `None` where the one that it has stays.
pub(crate) fn entry_of(
    key: &LicenseKey,
    code: Digest,
    decision: &Decision,
    known: Option<&Entry>,
) -> Option<Entry> {
    let is_ours = known.is_some_and(|entry| entry.state.is_ours());
    let entry = |state| Entry::new(key.id.clone(), code, state);
    match decision {
        Decision::Skip(reason) if !is_ours => {
            Some(Entry { detail: reason.description().to_owned(), ..entry(State::Skipped) })
        }
        Decision::AlreadyThere { id } => Some(Entry { target: Some(id.clone()), ..entry(State::Existed) }),
        Decision::Conflict { id, differences } if !is_ours => {
            Some(conflict(entry(State::Conflict), id.clone(), differences))
        }
        // An answer that was missing is there: what was found is this migration's, and complete.
        Decision::Done { id } => known.filter(|known| known.state != State::Done).map(|known| Entry {
            state: State::Done,
            target: id.clone(),
            ..known.clone()
        }),
        _ => None,
    }
}

pub(crate) fn conflict(entry: Entry, id: Option<LicenseKeyId>, differences: &[Difference]) -> Entry {
    let detail = differences.iter().map(|difference| difference.description()).collect::<Vec<_>>().join(", ");
    Entry { state: State::Conflict, target: id, detail, ..entry }
}

#[cfg(test)]
mod tests {
    use anykey_core::adapter::KeyCodeExt as _;
    use anykey_core::{ActivationLimit, Capabilities, Capability, Expiry, KeyCode, LicenseStatus, Timestamp};
    use anykey_mapping::Mapping;

    use super::*;

    struct Case {
        salt: Salt,
        key: LicenseKey,
        code: Digest,
    }

    impl Case {
        fn new() -> Self {
            let salt = Salt::new(&[7; 32]).unwrap();
            let mut key =
                LicenseKey::new("new", "n1".into(), KeyCode::verbatim("CODE-0001"), LicenseStatus::Active);
            key.created_at = Some(Timestamp::UNIX_EPOCH);
            let code = salt.of_code(&key.code);
            Self { salt, key, code }
        }

        fn wanted(&self, off: bool) -> Wanted {
            let mut key = self.key.clone();
            (key.product, key.customer) = (Some("p".into()), Some("c".into()));
            (key.expiry, key.activations.limit) = (Expiry::Never, ActivationLimit::Unlimited);
            key.status = if off { LicenseStatus::Disabled } else { LicenseStatus::Active };
            let mut mapping = Mapping::default();
            mapping.products.insert("p".into(), "p".into());
            mapping.customers.insert("c".into(), "c".into());
            mapping.wanted(&key, Capabilities::of(&[Capability::SetDisabled])).unwrap()
        }

        fn entry(&self, state: State, sent_at: i64) -> Entry {
            let sent_at = Some(Timestamp::from_second(sent_at).unwrap());
            Entry { sent_at, ..Entry::new("o1".into(), self.code, state) }
        }

        fn decide(&self, off: bool, entry: Option<&Entry>, is_found: bool) -> Decision {
            let found = Found::of(&self.key, &self.salt);
            let known = Known { code: self.code, entry, found: is_found.then_some(&found) };
            decide(Ok(self.wanted(off)), known, &self.salt)
        }
    }

    #[test]
    fn a_key_that_was_there_is_never_taken_for_ones_own() {
        let case = Case::new();
        assert_eq!(case.decide(false, None, true), Decision::AlreadyThere { id: "n1".into() });
        let differences = vec![Difference::Status];
        assert_eq!(case.decide(true, None, true), Decision::Conflict { id: Some("n1".into()), differences });
        // It is older than the request.
        let sent_later = case.entry(State::Sending, 3600);
        assert_eq!(case.decide(false, Some(&sent_later), true), Decision::AlreadyThere { id: "n1".into() });
    }

    #[test]
    fn an_answer_that_is_missing_is_found() {
        let case = Case::new();
        let sent = case.entry(State::Sending, 60);
        assert!(matches!(case.decide(false, Some(&sent), false), Decision::Create(_)));
        assert_eq!(case.decide(false, Some(&sent), true), Decision::Done { id: Some("n1".into()) });
        assert!(matches!(case.decide(true, Some(&sent), true), Decision::Finish { .. }));
    }

    #[test]
    fn a_code_that_was_changed_after_its_key_was_created_is_a_conflict() {
        let case = Case::new();
        let mut done = case.entry(State::Done, 0);
        assert!(matches!(case.decide(false, Some(&done), true), Decision::Done { .. }));
        done.code = [0; 32];
        let Decision::Conflict { differences, .. } = case.decide(false, Some(&done), false) else { panic!() };
        assert_eq!(differences, [Difference::Code]);
    }

    #[test]
    fn what_was_undone_is_put_in_force_again() {
        let case = Case::new();
        let undone = Entry { target: Some("n1".into()), ..case.entry(State::Undone, 0) };
        let Decision::Finish { patch, .. } = case.decide(false, Some(&undone), true) else { panic!() };
        assert_eq!(patch.status, Some(StatusChange::Enable));
        let Decision::Finish { patch, .. } = case.decide(true, Some(&undone), true) else { panic!() };
        assert_eq!(patch.status, Some(StatusChange::Disable));
    }
}

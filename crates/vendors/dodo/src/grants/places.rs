//! Where the grants of known keys are: a memory in two generations.
//!
//! A full young generation becomes the old one, which is dropped. So the memory is bounded and keeps what was read
//! last, without a list to maintain.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::{CustomerId, LicenseKey, LicenseKeyId};

/// How many keys are remembered at least; twice as many at most, in some 300 bytes each.
const GENERATION: usize = 10_000;

/// Where the grants of the keys are that were read lately, since no call finds a grant by its key.
///
/// Clones share everything. The keys that were read longest ago are forgotten first.
#[derive(Clone, Default)]
pub(crate) struct Places(Arc<Mutex<Generations>>);

/// The two generations.
#[derive(Default)]
struct Generations {
    /// What was read since the last change of generations.
    young: HashMap<LicenseKeyId, Place>,
    /// What was read before it.
    old: HashMap<LicenseKeyId, Place>,
}

/// Where one grant is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The id of the grant.
    pub(crate) grant: Box<str>,
    /// The id of its entitlement, which its address contains.
    pub(crate) entitlement: Box<str>,
    /// Whose grant it is; `None` if the answer did not contain it.
    pub(crate) customer: Option<CustomerId>,
}

impl Place {
    /// Where the grant of `key` is; `None` when it was not read as one.
    pub(crate) fn of(key: &LicenseKey) -> Option<Self> {
        let (grant, entitlement) = (key.origin.grant.clone()?, key.origin.entitlement.clone()?);
        Some(Self { grant, entitlement, customer: key.customer.clone() })
    }
}

impl Places {
    /// Where the grant of the key `id` is; `None` if it was not read lately.
    pub(crate) fn find(&self, id: &LicenseKeyId) -> Option<Place> {
        let generations = self.lock();
        generations.young.get(id).or_else(|| generations.old.get(id)).cloned()
    }

    /// Remembers under `id` where the grant of `key` is.
    pub(crate) fn remember(&self, id: &LicenseKeyId, key: &LicenseKey) {
        let Some(place) = Place::of(key) else { return };
        let mut generations = self.lock();
        if generations.young.len() >= GENERATION {
            generations.old = std::mem::take(&mut generations.young);
        }
        generations.young.insert(id.clone(), place);
    }

    /// Forgets a key that was not found where it had been.
    pub(crate) fn forget(&self, id: &LicenseKeyId) {
        let mut generations = self.lock();
        generations.young.remove(id);
        generations.old.remove(id);
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let generations = self.lock();
        f.debug_struct("Places")
            .field("remembered", &(generations.young.len() + generations.old.len()))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use anykey_core::adapter::KeyCodeExt as _;
    use anykey_core::{KeyCode, LicenseStatus};

    use super::*;

    fn key(number: usize) -> LicenseKey {
        let id = format!("lic_{number}").into();
        let mut key = LicenseKey::new("dodo", id, KeyCode::verbatim("c"), LicenseStatus::Active);
        key.origin.grant = Some(format!("entg_{number}").into());
        key.origin.entitlement = Some("ent_1".into());
        key
    }

    #[test]
    fn the_latest_keys_are_remembered_and_the_number_is_bounded() {
        let places = Places::default();
        for number in 0..3 * GENERATION {
            let key = key(number);
            places.remember(&key.id, &key);
        }
        for number in 2 * GENERATION..3 * GENERATION {
            assert_eq!(*places.find(&key(number).id).unwrap().grant, *format!("entg_{number}"));
        }
        assert_eq!(places.find(&key(0).id), None);
        let generations = places.lock();
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION);
    }

    #[test]
    fn a_key_that_moved_is_found_where_it_is_and_a_forgotten_one_nowhere() {
        let places = Places::default();
        let mut moved = key(1);
        places.remember(&moved.id, &moved);
        moved.origin.entitlement = Some("ent_2".into());
        places.clone().remember(&moved.id, &moved);
        assert_eq!(&*places.find(&moved.id).unwrap().entitlement, "ent_2");
        places.forget(&moved.id);
        assert_eq!(places.find(&moved.id), None);
    }

    #[test]
    fn a_key_without_a_grant_has_no_place() {
        let places = Places::default();
        let mut classic = key(1);
        classic.origin.grant = None;
        places.remember(&classic.id, &classic);
        assert_eq!(places.find(&classic.id), None);
    }
}

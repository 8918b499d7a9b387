use std::collections::BTreeMap;

use anykey::{
    ErrorKind, GrantedKey, LicenseEvent, LicenseKey, LicenseKeyId, LicenseProvider, SignedDuration, Timestamp,
};

use crate::{Failure, KnownKey, Store};

/// How long a vendor may show a key as it was before the change that it has told already: Polar reads keys from a
/// replica.
const LAG: SignedDuration = SignedDuration::from_mins(1);

/// What is to be written about one key.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeyState {
    /// The key's record.
    pub id: LicenseKeyId,
    /// What to order the states of one key by: an instant of the vendor's clock whose state this is, or a
    /// later one.
    pub as_of: Timestamp,
    /// The key; `None` when the vendor has it no more.
    pub key: Option<LicenseKey>,
}

/// The keys that `event` is about, in their present state: as the delivery has them, or else as `provider` does.
///
/// Empty when the event is about a purchase only: what becomes of its keys has deliveries of its own.
///
/// # Errors
///
/// When the vendor or the database does not answer, or the vendor does not show yet what it has told.
pub async fn key_states(
    event: &LicenseEvent,
    provider: &dyn LicenseProvider,
    store: &Store,
    now: Timestamp,
) -> Result<Vec<KeyState>, Failure> {
    if let Some(key) = &event.key {
        let state = KeyState { id: key.id.clone(), as_of: event.as_of, key: Some(key.clone()) };
        return Ok(vec![state]);
    }
    let is_fresh = now.duration_since(event.occurred_at) < LAG;
    if let Some(id) = &event.key_id {
        let key = event.read_key(provider).await?;
        if is_fresh && event.is_ahead_of(key.as_ref()) {
            return Err(Failure::Behind);
        }
        return Ok(vec![KeyState::read(id.clone(), key, event.as_of)]);
    }
    let (Some(granted), Some(customer)) = (&event.granted_keys, &event.customer) else {
        return Ok(Vec::new());
    };
    let known = store.keys_of(&event.provider, customer).await?;
    let mut states = Vec::new();
    for id in doubtful(granted, &known, event.as_of) {
        let key = match provider.get(&id).await {
            Ok(key) => Some(key),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        let told = granted.iter().find(|granted| granted.id == id);
        if is_fresh && told.is_some_and(|told| told.is_ahead_of(key.as_ref())) {
            return Err(Failure::Behind);
        }
        states.push(KeyState::read(id, key, event.as_of));
    }
    Ok(states)
}

impl KeyState {
    /// A key that was read because of an event of `told_at`, and so is at least as young.
    ///
    /// Both instants are the vendor's: this machine's clock may be off.
    fn read(id: LicenseKeyId, key: Option<LicenseKey>, told_at: Timestamp) -> Self {
        let modified_at = key.as_ref().and_then(|key| key.modified_at);
        Self { id, as_of: modified_at.map_or(told_at, |at| at.max(told_at)), key }
    }
}

/// The keys of a customer for which the complete list `granted`, true at `listed_at`, says something else than
/// the table does.
///
/// They are read, not written from the list: it may have been overtaken.
fn doubtful(granted: &[GrantedKey], known: &[KnownKey], listed_at: Timestamp) -> Vec<LicenseKeyId> {
    let listed: BTreeMap<&str, &GrantedKey> = granted.iter().map(|key| (key.id.as_str(), key)).collect();
    let known: BTreeMap<&str, &KnownKey> = known.iter().map(|key| (key.id.as_str(), key)).collect();
    let missed = listed.values().filter(|granted| match known.get(granted.id.as_str()) {
        None => true,
        Some(known) => known.as_of < listed_at && (!known.in_force || known.as_of < granted.as_of),
    });
    let lost = known
        .values()
        .filter(|known| known.in_force && known.as_of < listed_at && !listed.contains_key(known.id.as_str()));
    missed.map(|key| key.id.clone()).chain(lost.map(|key| key.id.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn known(id: &str, in_force: bool, as_of: i64) -> KnownKey {
        KnownKey { id: id.into(), in_force, as_of: at(as_of) }
    }

    fn doubts(granted: &[(&str, i64)], known: &[KnownKey]) -> Vec<String> {
        let granted: Vec<_> =
            granted.iter().map(|(id, as_of)| GrantedKey::new((*id).into(), at(*as_of))).collect();
        doubtful(&granted, known, at(10)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_the_list_and_the_table_agree_on_is_not_asked_for() {
        assert!(doubts(&[("a", 1)], &[known("a", true, 1), known("b", false, 1)]).is_empty());
    }

    #[test]
    fn unknown_regained_and_changed_keys_are_asked_for() {
        let table = [known("regained", false, 1), known("changed", true, 1)];
        assert_eq!(
            doubts(&[("new", 1), ("regained", 1), ("changed", 2)], &table),
            ["changed", "new", "regained"]
        );
    }

    #[test]
    fn a_key_that_is_not_listed_is_asked_for_unless_the_table_is_younger() {
        assert_eq!(doubts(&[], &[known("lost", true, 9), known("younger", true, 10)]), ["lost"]);
        assert!(doubts(&[("younger", 1)], &[known("younger", false, 11)]).is_empty());
    }
}

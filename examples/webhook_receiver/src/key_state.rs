use std::collections::BTreeMap;
use std::time::Duration;

use anykey::{
    CustomerId, ErrorKind, GrantedKey, LicenseEvent, LicenseKey, LicenseKeyId, LicenseProvider,
    SignedDuration, Timestamp,
};
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, timeout_at};

use crate::{Failure, KnownKey, Store};

#[cfg(test)]
mod tests;

/// How long a vendor may show a key as it was before a change that it has delivered already: Polar reads keys from a
/// replica.
const LAG: SignedDuration = SignedDuration::from_mins(1);

/// How many keys of a list are read at once.
const READS_AT_ONCE: usize = 16;

/// How long the keys of a list are read before the vendor is asked to deliver again: Polar waits 10 seconds for the
/// answer.
const READING_TIME: Duration = Duration::from_secs(7);

/// What is to be written about one key.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeyState {
    /// The key's record.
    pub id: LicenseKeyId,
    /// What to order the states of one key by: an instant of the vendor's clock whose state this is, or a
    /// later one.
    pub as_of: Timestamp,
    /// The key; `None` when the vendor no longer has it.
    pub key: Option<LicenseKey>,
}

/// The keys that `event` is about, in their present state: as the delivery has it, or else as `provider` does. Of an
/// event with a complete list, the listed keys are brought up to date in `store` at once, and nothing is left to write.
///
/// Empty also when the event is about a purchase only: what becomes of its keys has deliveries of its own.
///
/// # Errors
///
/// When the vendor or the database does not answer, the vendor does not show yet what it has delivered, or a list
/// takes too long. What was read of a list by then stays in `store`, and the next delivery goes on from there.
pub async fn key_states(
    event: &LicenseEvent,
    provider: &dyn LicenseProvider,
    store: &Store,
    now: Timestamp,
) -> Result<Vec<KeyState>, Failure> {
    if event.key.is_some() {
        let state =
            |key: &LicenseKey| KeyState { id: key.id.clone(), as_of: event.as_of, key: Some(key.clone()) };
        return Ok(event.keys().map(state).collect());
    }
    let is_fresh = now.duration_since(event.occurred_at) < LAG;
    if let Some(id) = &event.key_id {
        let key = event.read_key(provider).await?;
        if is_fresh && event.is_ahead_of(key.as_ref()) {
            return Err(Failure::Behind);
        }
        return Ok(vec![KeyState::read(id.clone(), key, event.as_of)]);
    }
    if let (Some(granted), Some(customer)) = (&event.granted_keys, &event.customer) {
        update_listed(event, granted, customer, provider, store, is_fresh).await?;
    }
    Ok(Vec::new())
}

/// Reads the keys about which the list and the table differ, several at once, and writes each as it comes: a state may
/// be written before its delivery is recorded, and more than once.
async fn update_listed(
    event: &LicenseEvent,
    granted: &[GrantedKey],
    customer: &CustomerId,
    provider: &dyn LicenseProvider,
    store: &Store,
    is_fresh: bool,
) -> Result<(), Failure> {
    let deadline = Instant::now() + READING_TIME;
    let known = store.keys_of(&event.provider, customer).await?;
    let listed: BTreeMap<&str, &GrantedKey> = granted.iter().map(|key| (key.id.as_str(), key)).collect();
    let reads = stream::iter(doubtful(granted, &known, event.as_of))
        .map(|id| async move { (read(provider, &id).await, id) })
        .buffer_unordered(READS_AT_ONCE)
        .ready_chunks(READS_AT_ONCE);
    let mut reads = std::pin::pin!(reads);
    let mut failure = None;
    while !matches!(failure, Some(Failure::Provider(_))) {
        let Ok(next) = timeout_at(deadline, reads.next()).await else { return Err(Failure::Unfinished) };
        let Some(chunk) = next else { break };
        let mut states = Vec::with_capacity(chunk.len());
        for (key, id) in chunk {
            match key {
                Err(error) => failure = Some(error.into()),
                Ok(key) => match listed.get(id.as_str()) {
                    // Not written, so that it is read again; the others are.
                    Some(listed) if is_fresh && listed.is_ahead_of(key.as_ref()) => {
                        failure.get_or_insert(Failure::Behind);
                    }
                    _ => states.push(KeyState::read(id, key, event.as_of)),
                },
            }
        }
        store.write(&event.provider, &states).await?;
    }
    failure.map_or(Ok(()), Err)
}

async fn read(provider: &dyn LicenseProvider, id: &LicenseKeyId) -> anykey::Result<Option<LicenseKey>> {
    match provider.get(id).await {
        Ok(key) => Ok(Some(key)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl KeyState {
    /// A key that was read because of an event of `event_at`, so its state is at least as recent.
    ///
    /// Both instants are the vendor's: this machine's clock may be off.
    fn read(id: LicenseKeyId, key: Option<LicenseKey>, event_at: Timestamp) -> Self {
        let modified_at = key.as_ref().and_then(|key| key.modified_at);
        Self { id, as_of: modified_at.map_or(event_at, |at| at.max(event_at)), key }
    }
}

/// The keys of a customer about which the complete list `granted`, true at `listed_at`, may differ from the table. A
/// listed key that is out of force is one of them: it may be disabled or expired, which the list does not say.
///
/// They are read, not written from the list: a more recent delivery may have arrived before it.
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

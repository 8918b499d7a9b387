//! Invalidations on their way to Redis. What cannot be passed on is kept until it can.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anykey_cache::{Digest, Subject};
use data_encoding::HEXLOWER;
use redis::Script;

use super::{LONGEST_ANSWER, hex, milliseconds};
use crate::RedisServer;
use crate::server::CommandError;

static INVALIDATE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("invalidate.lua")));

/// More than these are passed on as [`Subject::All`].
const MOST: usize = 1_000;

/// How much longer a mark lives than an answer.
const MARGIN: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Invalidations {
    server: RedisServer,
    key: String,
    /// The name of this process in messages.
    sender: String,
    pending: Mutex<HashSet<Subject>>,
    /// How many are not known to be in Redis, those being sent included.
    open: AtomicUsize,
    sending: tokio::sync::Mutex<()>,
}

impl Invalidations {
    pub(super) fn new(server: &RedisServer, key: &str) -> Arc<Self> {
        Arc::new(Self {
            server: server.clone(),
            key: key.to_owned(),
            sender: HEXLOWER.encode(&fastrand::u128(..).to_le_bytes()),
            pending: Mutex::default(),
            open: AtomicUsize::new(0),
            sending: tokio::sync::Mutex::default(),
        })
    }

    pub(super) fn sender(&self) -> String {
        self.sender.clone()
    }

    pub(super) fn add(self: &Arc<Self>, subject: Subject) {
        let mut pending = self.pending();
        if pending.len() >= MOST {
            pending.clear();
            pending.insert(Subject::All);
        } else {
            pending.insert(subject);
        }
        self.open.store(1, Ordering::SeqCst);
        drop(pending);
        self.flush_soon();
    }

    /// Passes on in the background what is pending.
    pub(super) fn flush_soon(self: &Arc<Self>) {
        let this = Arc::clone(self);
        self.server.spawn(async move {
            // What cannot be passed on now is passed on before the next look-up, and when the subscription is back.
            let _outcome = this.flush().await;
        });
    }

    /// Passes on what is pending. After `Ok`, everything that was added before is in Redis.
    pub(super) async fn flush(&self) -> Result<(), CommandError> {
        if self.open.load(Ordering::SeqCst) == 0 {
            return Ok(());
        }
        let _one_at_a_time = self.sending.lock().await;
        let subjects = std::mem::take(&mut *self.pending());
        if !subjects.is_empty() {
            let mut script = INVALIDATE.key(&self.key);
            script.arg(milliseconds(LONGEST_ANSWER + MARGIN)).arg(channel(&self.key)).arg(&self.sender);
            subjects.iter().for_each(|subject| {
                script.arg(word(*subject));
            });
            let mut unsent = Unsent { invalidations: self, subjects };
            self.server.run::<()>(&script).await?;
            unsent.subjects.clear();
        }
        let pending = self.pending();
        if pending.is_empty() {
            self.open.store(0, Ordering::SeqCst);
        }
        Ok(())
    }

    fn pending(&self) -> MutexGuard<'_, HashSet<Subject>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Subjects that become pending again when they are not passed on, also when the future is dropped.
struct Unsent<'a> {
    invalidations: &'a Invalidations,
    subjects: HashSet<Subject>,
}

impl Drop for Unsent<'_> {
    fn drop(&mut self) {
        self.invalidations.pending().extend(self.subjects.drain());
    }
}

pub(super) fn channel(key: &str) -> String {
    format!("{key}invalidated")
}

/// The name of a subject, in marks and messages.
pub(super) fn word(subject: Subject) -> String {
    match subject {
        Subject::Named(digest) => hex(digest),
        Subject::UnnamedKeys => "unnamed-keys".to_owned(),
        Subject::UnnamedCustomers => "unnamed-customers".to_owned(),
        Subject::All => "all".to_owned(),
    }
}

/// The subject that a message names. One that cannot be read is everything.
pub(super) fn subject(word: &str) -> Subject {
    let named = || {
        let bytes = HEXLOWER.decode(word.as_bytes()).ok()?;
        Some(Subject::Named(Digest::from_bytes(bytes.try_into().ok()?)))
    };
    match word {
        "unnamed-keys" => Subject::UnnamedKeys,
        "unnamed-customers" => Subject::UnnamedCustomers,
        _ => named().unwrap_or(Subject::All),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_read_as_it_is_written() {
        let named = Subject::Named(Digest::from_bytes([7; 16]));
        for one in [named, Subject::UnnamedKeys, Subject::UnnamedCustomers, Subject::All] {
            assert_eq!(subject(&word(one)), one);
        }
        assert_eq!(subject("of a later version"), Subject::All);
    }
}

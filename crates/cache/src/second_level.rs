//! The seam to a store of answers that several processes share.

use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use anykey_core::{Validation, async_trait};

use crate::generation::{About, Generations};
use crate::subject::{Digest, Subject};

/// A store of answers that several processes share, behind the cache of each: [`CachedProviderBuilder::second_level`].
/// For authors of such stores.
///
/// The store never decides anything: what it cannot answer is asked of the vendor. No method returns an error, and none
/// waits long for a store that cannot be reached.
///
/// [`CachedProviderBuilder::second_level`]: crate::CachedProviderBuilder::second_level
#[async_trait]
pub trait SecondLevel: fmt::Debug + Send + Sync + 'static {
    /// The secret key of all digests, the same in every process that shares the store, and in no other.
    fn digest_key(&self) -> [u8; 16];

    /// Looks up the answer to `request`. Every invalidation that this process has passed to
    /// [`invalidate`](Self::invalidate) has taken effect before.
    ///
    /// Where another process is sending the same request, it waits for that one's answer for a while.
    async fn look_up(&self, request: Digest) -> LookUp;

    /// Invalidates all answers about `subject` in the store and in the caches of the other processes. Does not wait for
    /// the store; what cannot be passed on is kept until it can.
    fn invalidate(&self, subject: Subject);

    /// How old an answer in the memory of this process may be at most. `None` while the store passes on invalidations,
    /// so that the cache's own limits are all. Short while it cannot.
    fn longest_age(&self) -> Option<Duration>;

    /// Passes invalidations by other processes to `cache`; after a time in which some may have been lost,
    /// [`Subject::All`].
    fn subscribe(&self, cache: FirstLevel);
}

/// The result of [`SecondLevel::look_up`].
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a cache has to handle each")]
pub enum LookUp {
    /// The answer, as it was passed to [`AnswerSlot::store`].
    Found {
        /// The answer, without the code of the request.
        answer: Box<Validation>,
        /// How long ago the request was sent.
        age: Duration,
    },
    /// No process has the answer: send the request, and store its answer in the slot.
    Missing(Box<dyn AnswerSlot>),
    /// The store cannot be reached, or another process takes too long: send the request.
    Unavailable,
}

/// The place of an answer that one process is asking for. When it is dropped without an answer, another process may
/// ask.
#[async_trait]
pub trait AnswerSlot: fmt::Debug + Send {
    /// Stores the answer for `ttl`, counted from the look-up, unless it is about something that was invalidated since.
    /// `answer` does not contain the code of the request.
    async fn store(self: Box<Self>, about: Subjects, answer: &Validation, ttl: Duration);
}

/// What an answer is about. It is invalidated with any of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subjects {
    /// The key code of the request.
    pub code: Digest,
    /// The key; `None` when the answer does not contain it: then [`Subject::UnnamedKeys`] invalidates it.
    pub key: Option<Digest>,
    /// The customer; `None` when the answer does not contain it: then [`Subject::UnnamedCustomers`] invalidates it.
    pub customer: Option<Digest>,
}

impl From<About> for Subjects {
    fn from(about: About) -> Self {
        Self {
            code: about.code.into(),
            key: about.key.map(Digest::from),
            customer: about.customer.map(Digest::from),
        }
    }
}

/// The answers in the memory of one process, to pass invalidations to.
#[derive(Clone)]
pub struct FirstLevel(Weak<Generations>);

impl FirstLevel {
    pub(crate) fn new(generations: &Arc<Generations>) -> Self {
        Self(Arc::downgrade(generations))
    }

    /// Whether the cache still exists.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.0.strong_count() > 0
    }

    /// Invalidates all answers about `subject`. `false` when the cache no longer exists.
    pub fn invalidate(&self, subject: Subject) -> bool {
        self.0.upgrade().map(|generations| generations.end(subject)).is_some()
    }
}

impl fmt::Debug for FirstLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FirstLevel").finish_non_exhaustive()
    }
}

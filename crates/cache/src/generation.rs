//! Invalidation by generation numbers, without a search through the cache.

use std::sync::atomic::{AtomicU64, Ordering};

use anykey_core::Validation;

use crate::subject::Subject;
use crate::tag::{Tag, Tagger};

/// A point in time between two invalidations. An answer is current if its subject was not invalidated after the
/// generation of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Generation(u64);

/// The subject of an answer: the code, the key and the customer.
#[derive(Clone, Copy)]
pub(crate) struct About {
    pub(crate) code: Tag,
    pub(crate) key: Option<Tag>,
    pub(crate) customer: Option<Tag>,
}

impl About {
    /// What is known before the answer arrives.
    pub(crate) const fn code(code: Tag) -> Self {
        Self { code, key: None, customer: None }
    }

    /// Adds the key and the customer in `answer`.
    pub(crate) fn with_answer(self, answer: &Validation, tagger: &Tagger) -> Self {
        let key = answer.key.as_ref();
        let of_activation = answer.activation.as_ref().and_then(|seat| seat.key_id.as_ref());
        Self {
            key: key.map(|key| &key.id).or(of_activation).map(|id| tagger.key(id)),
            customer: key.and_then(|key| key.customer.as_ref()).map(|id| tagger.customer(id)),
            ..self
        }
    }
}

/// The generation of the last invalidation of each subject.
///
/// An invalidation writes one number, regardless of the size of the cache. Subjects share [`SLOTS`] numbers by their
/// tags, so an invalidation also affects one in [`SLOTS`] other subjects, which costs only a request.
pub(crate) struct Generations {
    current: AtomicU64,
    all: AtomicU64,
    unnamed_keys: AtomicU64,
    unnamed_customers: AtomicU64,
    named: Box<[AtomicU64]>,
}

const SLOTS: usize = 4096;

impl Generations {
    pub(crate) fn new() -> Self {
        Self {
            current: AtomicU64::default(),
            all: AtomicU64::default(),
            unnamed_keys: AtomicU64::default(),
            unnamed_customers: AtomicU64::default(),
            named: std::iter::repeat_with(AtomicU64::default).take(SLOTS).collect(),
        }
    }

    pub(crate) fn current(&self) -> Generation {
        Generation(self.current.load(Ordering::SeqCst))
    }

    /// Whether an answer about `about`, sent at `sent`, is still current.
    pub(crate) fn is_current(&self, sent: Generation, about: &About) -> bool {
        let of = |tag: Option<Tag>, unnamed: &AtomicU64| match tag {
            Some(tag) => self.invalidated_at(tag),
            None => unnamed.load(Ordering::SeqCst),
        };
        sent.0 >= self.all.load(Ordering::SeqCst)
            && sent.0 >= self.invalidated_at(about.code)
            && sent.0 >= of(about.key, &self.unnamed_keys)
            && sent.0 >= of(about.customer, &self.unnamed_customers)
    }

    /// Invalidates all answers about `subject`.
    pub(crate) fn end(&self, subject: Subject) {
        let mark = match subject {
            Subject::Named(digest) => {
                let tag = Tag::from_bytes(digest.to_bytes());
                self.named.get(tag.index(SLOTS)).unwrap_or(&self.all)
            }
            Subject::UnnamedKeys => &self.unnamed_keys,
            Subject::UnnamedCustomers => &self.unnamed_customers,
            Subject::All => &self.all,
        };
        let next = self.current.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        mark.fetch_max(next, Ordering::SeqCst);
    }

    fn invalidated_at(&self, tag: Tag) -> u64 {
        self.named.get(tag.index(SLOTS)).map_or(u64::MAX, |mark| mark.load(Ordering::SeqCst))
    }
}

//! Invalidation by generation numbers, without a search through the cache.

use std::sync::atomic::{AtomicU64, Ordering};

use anykey_core::Validation;

use crate::tag::{Tag, Tagger};

/// A point in time between two invalidations. An answer is current if its subject was not invalidated after the
/// generation of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Generation(u64);

/// The subject of an answer: the code, the key and the customer.
#[derive(Clone, Copy)]
pub(crate) struct About {
    code: Tag,
    key: Option<Tag>,
    customer: Option<Tag>,
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

    pub(crate) fn invalidate_all(&self) {
        self.end(&self.all);
    }

    /// Invalidates the code, the key or the customer with this tag.
    pub(crate) fn invalidate(&self, tag: Tag) {
        if let Some(mark) = self.named.get(tag.index(SLOTS)) {
            self.end(mark);
        }
    }

    /// Invalidates answers that do not contain their key.
    pub(crate) fn invalidate_unnamed_keys(&self) {
        self.end(&self.unnamed_keys);
    }

    /// Invalidates answers that do not contain their customer.
    pub(crate) fn invalidate_unnamed_customers(&self) {
        self.end(&self.unnamed_customers);
    }

    fn end(&self, mark: &AtomicU64) {
        let next = self.current.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        mark.fetch_max(next, Ordering::SeqCst);
    }

    fn invalidated_at(&self, tag: Tag) -> u64 {
        self.named.get(tag.index(SLOTS)).map_or(u64::MAX, |mark| mark.load(Ordering::SeqCst))
    }
}

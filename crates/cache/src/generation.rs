//! Which answers an invalidation has overtaken, decided without looking for them.

use std::sync::atomic::{AtomicU64, Ordering};

use anykey_core::Validation;

use crate::tag::{Tag, Tagger};

/// A point between two invalidations. What was asked at one is good as long as nothing that it is about was
/// invalidated since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Generation(u64);

/// What an answer is about.
#[derive(Clone, Copy)]
pub(crate) struct About {
    code: Tag,
    key: Option<Tag>,
    customer: Option<Tag>,
}

impl About {
    /// All that is known before the answer is there.
    pub(crate) const fn code(code: Tag) -> Self {
        Self { code, key: None, customer: None }
    }

    /// What the answer tells besides.
    pub(crate) fn told_by(self, answer: &Validation, tagger: &Tagger) -> Self {
        let key = answer.key.as_ref();
        let of_activation = answer.activation.as_ref().and_then(|seat| seat.key_id.as_ref());
        Self {
            key: key.map(|key| &key.id).or(of_activation).map(|id| tagger.key(id)),
            customer: key.and_then(|key| key.customer.as_ref()).map(|id| tagger.customer(id)),
            ..self
        }
    }
}

/// When each key was last invalidated.
///
/// An invalidation writes one number, however much is cached. Keys share [`PLACES`] numbers by their tags: once
/// in so many times the answer about another key goes too, which costs a request and no more.
pub(crate) struct Generations {
    current: AtomicU64,
    all: AtomicU64,
    nameless_keys: AtomicU64,
    nameless_customers: AtomicU64,
    named: Box<[AtomicU64]>,
}

const PLACES: usize = 4096;

impl Generations {
    pub(crate) fn new() -> Self {
        Self {
            current: AtomicU64::default(),
            all: AtomicU64::default(),
            nameless_keys: AtomicU64::default(),
            nameless_customers: AtomicU64::default(),
            named: std::iter::repeat_with(AtomicU64::default).take(PLACES).collect(),
        }
    }

    pub(crate) fn current(&self) -> Generation {
        Generation(self.current.load(Ordering::SeqCst))
    }

    /// Whether an answer that was asked for at `asked` and is about `about` still holds.
    pub(crate) fn is_current(&self, asked: Generation, about: &About) -> bool {
        let of = |tag: Option<Tag>, nameless: &AtomicU64| match tag {
            Some(tag) => self.ended(tag),
            None => nameless.load(Ordering::SeqCst),
        };
        asked.0 >= self.all.load(Ordering::SeqCst)
            && asked.0 >= self.ended(about.code)
            && asked.0 >= of(about.key, &self.nameless_keys)
            && asked.0 >= of(about.customer, &self.nameless_customers)
    }

    pub(crate) fn end_all(&self) {
        self.end(&self.all);
    }

    /// Ends what is about the code, the key or the customer with this tag.
    pub(crate) fn end_named(&self, tag: Tag) {
        if let Some(mark) = self.named.get(tag.place(PLACES)) {
            self.end(mark);
        }
    }

    /// Ends what does not tell which key it is about.
    pub(crate) fn end_nameless_keys(&self) {
        self.end(&self.nameless_keys);
    }

    /// Ends what does not tell whose key it is about.
    pub(crate) fn end_nameless_customers(&self) {
        self.end(&self.nameless_customers);
    }

    fn end(&self, mark: &AtomicU64) {
        let next = self.current.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        mark.fetch_max(next, Ordering::SeqCst);
    }

    fn ended(&self, tag: Tag) -> u64 {
        self.named.get(tag.place(PLACES)).map_or(u64::MAX, |mark| mark.load(Ordering::SeqCst))
    }
}

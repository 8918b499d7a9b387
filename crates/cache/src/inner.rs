//! What the clones of a cached provider share.

use std::sync::Arc;

use anykey_core::{Clock, KeyCode, LicenseProvider, Result, ValidateRequest, Validation};
use futures_util::FutureExt;
use moka::sync::Cache;

use crate::entry::{Asked, Entry, valid_until};
use crate::flights::{Flight, Flights, Outcome};
use crate::generation::{About, Generations};
use crate::limits::Limits;
use crate::stats::Counters;
use crate::tag::{Tag, Tagger};

pub(crate) struct Inner<P> {
    pub(crate) provider: P,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) tagger: Tagger,
    pub(crate) generations: Generations,
    /// `None` when nothing is ever kept.
    pub(crate) entries: Option<Cache<Tag, Arc<Entry>>>,
    pub(crate) counters: Counters,
    flights: Arc<Flights>,
}

/// How a caller gets its answer.
enum Way {
    Kept(Arc<Entry>),
    Joined(Flight),
    Started(Flight),
}

impl<P: LicenseProvider> Inner<P> {
    pub(crate) fn new(provider: P, limits: Limits, clock: Clock) -> Self {
        let entries = limits.keeps_anything().then(|| {
            // Judged by our own clock; this only frees memory.
            Cache::builder().max_capacity(limits.capacity).time_to_live(limits.longest()).build()
        });
        Self {
            provider,
            limits,
            clock,
            tagger: Tagger::new(),
            generations: Generations::new(),
            entries,
            counters: Counters::default(),
            flights: Arc::default(),
        }
    }

    /// Answers a request that counts nothing.
    pub(crate) async fn answer(self: &Arc<Self>, request: ValidateRequest) -> Result<Validation> {
        match self.way(&request) {
            Way::Kept(entry) => Ok(entry.answer(&request.code)),
            Way::Started(flight) => flight.await,
            Way::Joined(flight) => match flight.await {
                // The key ended between the other caller's question and this one's: this one asks again.
                Ok(answer) if self.has_ended(&answer) => match self.way(&request) {
                    Way::Kept(entry) => Ok(entry.answer(&request.code)),
                    Way::Started(flight) | Way::Joined(flight) => flight.await,
                },
                outcome => outcome,
            },
        }
    }

    fn way(self: &Arc<Self>, request: &ValidateRequest) -> Way {
        let tag = self.tagger.request(request);
        if let Some(entry) = self.kept(tag) {
            return Way::Kept(entry);
        }
        let board = self.flights.board();
        if let Some(flight) = board.find(tag, &self.generations) {
            self.counters.joined();
            return Way::Joined(flight);
        }
        // A flight keeps its answer before it lands, so nobody comes between.
        if let Some(entry) = self.kept(tag) {
            return Way::Kept(entry);
        }
        self.counters.asked();
        let about = About::code(self.tagger.code(&request.code));
        let asked = Asked { generation: self.generations.current(), at: self.clock.now() };
        let (inner, request) = (Arc::clone(self), request.clone());
        Way::Started(board.start(tag, asked.generation, about, |landing| {
            let flight = async move {
                let code = request.code.clone();
                let outcome = inner.provider.validate(request).await;
                inner.keep(tag, &code, about, asked, &outcome);
                drop(landing);
                outcome
            };
            flight.boxed()
        }))
    }

    fn kept(&self, request: Tag) -> Option<Arc<Entry>> {
        let entry = self.entries.as_ref()?.get(&request)?;
        let is_fresh = entry.is_fresh(self.clock.now(), &self.generations);
        is_fresh.then(|| self.counters.hit())?;
        Some(entry)
    }

    fn keep(&self, request: Tag, code: &KeyCode, about: About, asked: Asked, outcome: &Outcome) {
        let (Some(entries), Ok(answer)) = (&self.entries, outcome) else { return };
        let ttl = self.limits.ttl(answer);
        let about = about.told_by(answer, &self.tagger);
        if !ttl.is_zero() && self.generations.is_current(asked.generation, &about) {
            entries.insert(request, Arc::new(Entry::new(answer.clone(), code, about, asked, ttl)));
        }
    }

    fn has_ended(&self, answer: &Validation) -> bool {
        valid_until(answer).is_some_and(|end| self.clock.now() >= end)
    }
}

#[cfg(test)]
mod tests {
    use anykey_core::adapter::KeyCodeExt as _;
    use anykey_core::{InMemoryProvider, KeyCode, Timestamp};

    use super::*;

    #[tokio::test]
    async fn no_more_is_kept_than_there_is_room_for() {
        let limits = Limits { capacity: 8, ..Limits::default() };
        let vendor = InMemoryProvider::new(Timestamp::now);
        let inner = Arc::new(Inner::new(vendor, limits, Clock::new(Timestamp::now)));
        for number in 0..1_000 {
            let request = ValidateRequest::new(KeyCode::verbatim(format!("CODE-{number}")));
            inner.answer(request).await.unwrap();
        }
        let entries = inner.entries.as_ref().unwrap();
        entries.run_pending_tasks();
        assert_eq!(entries.entry_count(), 8);
        assert_eq!(inner.flights.board().len(), 0);
    }
}

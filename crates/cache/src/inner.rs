//! The state that all clones of a cached provider share.

use std::sync::Arc;

use anykey_core::{Clock, KeyCode, LicenseProvider, Result, ValidateRequest, Validation};
use futures_util::FutureExt;
use moka::sync::Cache;

use crate::entry::{Entry, Sent, valid_until};
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
    /// `None` when nothing is cached.
    pub(crate) entries: Option<Cache<Tag, Arc<Entry>>>,
    pub(crate) counters: Counters,
    flights: Arc<Flights>,
}

/// Where an answer comes from.
enum AnswerSource {
    Cached(Arc<Entry>),
    Joined(Flight),
    Started(Flight),
}

impl<P: LicenseProvider> Inner<P> {
    pub(crate) fn new(provider: P, limits: Limits, clock: Clock) -> Self {
        let entries = limits.caches_anything().then(|| {
            // Freshness is checked with our own clock; this only frees memory.
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

    /// Answers a request that does not count usage.
    pub(crate) async fn answer(self: &Arc<Self>, request: ValidateRequest) -> Result<Validation> {
        match self.source(&request) {
            AnswerSource::Cached(entry) => Ok(entry.answer(&request.code)),
            AnswerSource::Started(flight) => flight.await,
            AnswerSource::Joined(flight) => match flight.await {
                // The key expired after the shared request was sent: send another one.
                Ok(answer) if self.has_expired(&answer) => match self.source(&request) {
                    AnswerSource::Cached(entry) => Ok(entry.answer(&request.code)),
                    AnswerSource::Started(flight) | AnswerSource::Joined(flight) => flight.await,
                },
                outcome => outcome,
            },
        }
    }

    fn source(self: &Arc<Self>, request: &ValidateRequest) -> AnswerSource {
        let tag = self.tagger.request(request);
        if let Some(entry) = self.cached(tag) {
            return AnswerSource::Cached(entry);
        }
        let flights = self.flights.lock();
        if let Some(flight) = flights.find(tag, &self.generations) {
            self.counters.joined();
            return AnswerSource::Joined(flight);
        }
        // A flight caches its answer before it is removed from the table, so no answer is missed in between.
        if let Some(entry) = self.cached(tag) {
            return AnswerSource::Cached(entry);
        }
        self.counters.sent();
        let about = About::code(self.tagger.code(&request.code));
        let sent = Sent { generation: self.generations.current(), at: self.clock.now() };
        let (inner, request) = (Arc::clone(self), request.clone());
        AnswerSource::Started(flights.start(tag, sent.generation, about, |guard| {
            let flight = async move {
                let code = request.code.clone();
                let outcome = inner.provider.validate(request).await;
                inner.store(tag, &code, about, sent, &outcome);
                drop(guard);
                outcome
            };
            flight.boxed()
        }))
    }

    fn cached(&self, request: Tag) -> Option<Arc<Entry>> {
        let entry = self.entries.as_ref()?.get(&request)?;
        let is_fresh = entry.is_fresh(self.clock.now(), &self.generations);
        is_fresh.then(|| self.counters.hit())?;
        Some(entry)
    }

    fn store(&self, request: Tag, code: &KeyCode, about: About, sent: Sent, outcome: &Outcome) {
        let (Some(entries), Ok(answer)) = (&self.entries, outcome) else { return };
        let ttl = self.limits.ttl(answer);
        let about = about.with_answer(answer, &self.tagger);
        if !ttl.is_zero() && self.generations.is_current(sent.generation, &about) {
            entries.insert(request, Arc::new(Entry::new(answer.clone(), code, about, sent, ttl)));
        }
    }

    fn has_expired(&self, answer: &Validation) -> bool {
        valid_until(answer).is_some_and(|end| self.clock.now() >= end)
    }
}

#[cfg(test)]
mod tests {
    use anykey_core::adapter::KeyCodeExt as _;
    use anykey_core::{InMemoryProvider, KeyCode, Timestamp};

    use super::*;

    #[tokio::test]
    async fn the_cache_stays_within_its_capacity() {
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
        assert_eq!(inner.flights.lock().len(), 0);
    }
}

//! The state that all clones of a cached provider share.

use std::sync::Arc;
use std::time::Duration;

use anykey_core::{Clock, KeyCode, LicenseProvider, Result, ValidateRequest, Validation};
use futures_util::FutureExt;
use moka::sync::Cache;

use crate::entry::{Entry, Sent, valid_until};
use crate::flights::{Flight, Flights, Outcome};
use crate::generation::{About, Generations};
use crate::limits::Limits;
use crate::stats::Counters;
use crate::tag::{Tag, Tagger};
use crate::{AnswerSlot, FirstLevel, LookUp, SecondLevel, Subject};

pub(crate) struct Inner<P> {
    pub(crate) provider: P,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) tagger: Tagger,
    pub(crate) generations: Arc<Generations>,
    /// `None` when nothing is cached.
    pub(crate) entries: Option<Cache<Tag, Arc<Entry>>>,
    pub(crate) counters: Counters,
    flights: Arc<Flights>,
    second_level: Option<Arc<dyn SecondLevel>>,
}

/// Where an answer comes from.
enum AnswerSource {
    Cached(Arc<Entry>),
    Joined(Flight),
    Started(Flight),
}

impl<P: LicenseProvider> Inner<P> {
    pub(crate) fn new(
        provider: P,
        limits: Limits,
        clock: Clock,
        second_level: Option<Arc<dyn SecondLevel>>,
    ) -> Self {
        let generations = Arc::new(Generations::new());
        if let Some(store) = &second_level {
            store.subscribe(FirstLevel::new(&generations));
        }
        let entries = limits.caches_anything().then(|| {
            // Freshness is checked with our own clock; this only frees memory.
            Cache::builder().max_capacity(limits.capacity).time_to_live(limits.longest()).build()
        });
        Self {
            provider,
            limits,
            clock,
            tagger: match &second_level {
                Some(store) => Tagger::with_key(store.digest_key()),
                None => Tagger::new(),
            },
            generations,
            entries,
            counters: Counters::default(),
            flights: Arc::default(),
            second_level,
        }
    }

    /// Invalidates all answers about `subject`, here and in the other processes.
    pub(crate) fn invalidate(&self, subject: Subject) {
        self.generations.end(subject);
        if let Some(store) = &self.second_level {
            store.invalidate(subject);
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
        let about = About::code(self.tagger.code(&request.code));
        let (inner, request) = (Arc::clone(self), request.clone());
        AnswerSource::Started(flights.start(tag, self.generations.current(), about, |guard| {
            let flight = async move {
                let outcome = inner.ask(tag, request, about).await;
                drop(guard);
                outcome
            };
            flight.boxed()
        }))
    }

    /// Asks the second level, then the vendor, and caches the answer.
    async fn ask(&self, tag: Tag, request: ValidateRequest, about: About) -> Outcome {
        let mut slot = None;
        // A second time when something was invalidated meanwhile, which the second level knows by then.
        for _ in 0..2 {
            let Some(store) = &self.second_level else { break };
            let sent = self.sent();
            match store.look_up(tag.into()).await {
                LookUp::Found { answer, age } => {
                    if let Some(entry) = self.found(tag, &request.code, about, sent, *answer, age) {
                        return Ok(entry.answer(&request.code));
                    }
                }
                LookUp::Missing(missing) => {
                    slot = Some(missing);
                    break;
                }
                LookUp::Unavailable => break,
            }
        }
        self.send(tag, request, about, slot).await
    }

    async fn send(
        &self,
        tag: Tag,
        request: ValidateRequest,
        about: About,
        slot: Option<Box<dyn AnswerSlot>>,
    ) -> Outcome {
        self.counters.sent();
        let (sent, code) = (self.sent(), request.code.clone());
        let outcome = self.provider.validate(request).await;
        if let Ok(answer) = &outcome
            && let Some(entry) = self.store(tag, &code, about, sent, answer.clone())
            && let Some(slot) = slot
        {
            slot.store(entry.about().into(), entry.stripped(), self.limits.ttl(answer)).await;
        }
        outcome
    }

    fn sent(&self) -> Sent {
        Sent { generation: self.generations.current(), at: self.clock.now() }
    }

    /// Caches an answer of the second level, whose request was sent `age` ago; `None` when it may not be used here.
    fn found(
        &self,
        tag: Tag,
        code: &KeyCode,
        about: About,
        sent: Sent,
        answer: Validation,
        age: Duration,
    ) -> Option<Arc<Entry>> {
        let now = self.clock.now();
        let sent = Sent { at: now.saturating_sub(age).unwrap_or(now), ..sent };
        let entry = self.store(tag, code, about, sent, answer)?;
        entry.is_fresh(now, &self.generations).then(|| self.counters.shared())?;
        Some(entry)
    }

    fn cached(&self, request: Tag) -> Option<Arc<Entry>> {
        let entry = self.entries.as_ref()?.get(&request)?;
        let now = self.clock.now();
        let longest = self.second_level.as_ref().and_then(|store| store.longest_age());
        let is_fresh = entry.is_fresh(now, &self.generations)
            && longest.is_none_or(|longest| entry.is_younger(longest, now));
        is_fresh.then(|| self.counters.hit())?;
        Some(entry)
    }

    /// Caches an answer; `None` when it is not to be cached.
    fn store(
        &self,
        request: Tag,
        code: &KeyCode,
        about: About,
        sent: Sent,
        answer: Validation,
    ) -> Option<Arc<Entry>> {
        let entries = self.entries.as_ref()?;
        let ttl = self.limits.ttl(&answer);
        let about = about.with_answer(&answer, &self.tagger);
        if ttl.is_zero() || !self.generations.is_current(sent.generation, &about) {
            return None;
        }
        let entry = Arc::new(Entry::new(answer, code, about, sent, ttl));
        entries.insert(request, Arc::clone(&entry));
        Some(entry)
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
        let inner = Arc::new(Inner::new(vendor, limits, Clock::new(Timestamp::now), None));
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

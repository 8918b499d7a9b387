use std::fmt;

use http::Method;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng, seq::IndexedRandom};

use super::Fault;

/// A rule for [`Faults`](super::Faults): which requests get which fault.
///
/// ```
/// use anykey_sim_kit::{Fault, Rule};
///
/// let rule = Rule::nth(2, Fault::AnswerLost).when(|_, path| path.ends_with("/activate"));
/// ```
pub struct Rule {
    schedule: Schedule,
    faults: Vec<Fault>,
    matches: Box<Predicate>,
    seen: u64,
}

type Predicate = dyn Fn(&Method, &str) -> bool + Send + Sync;

#[derive(Debug)]
enum Schedule {
    Nth(u64),
    Every(u64),
    Random { dice: SmallRng, probability: f64 },
}

impl Rule {
    /// `fault` for the next request.
    #[must_use]
    pub fn next(fault: Fault) -> Self {
        Self::nth(1, fault)
    }

    /// `fault` for the `nth` request from now, counted from 1. Never for 0.
    #[must_use]
    pub fn nth(nth: u64, fault: Fault) -> Self {
        Self::new(Schedule::Nth(nth), vec![fault])
    }

    /// `fault` for every `nth` request. Never for 0.
    #[must_use]
    pub fn every(nth: u64, fault: Fault) -> Self {
        Self::new(Schedule::Every(nth), vec![fault])
    }

    /// `fault` for all requests.
    #[must_use]
    pub fn always(fault: Fault) -> Self {
        Self::every(1, fault)
    }

    /// One of `faults` for each request, with `probability` from 0.0 to 1.0.
    ///
    /// The same seed and the same order of requests result in the same faults.
    pub fn random(seed: u64, probability: f64, faults: impl IntoIterator<Item = Fault>) -> Self {
        let dice = SmallRng::seed_from_u64(seed);
        let probability = if probability.is_nan() { 0.0 } else { probability.clamp(0.0, 1.0) };
        Self::new(Schedule::Random { dice, probability }, faults.into_iter().collect())
    }

    /// Restricts the rule to requests whose method and path `matches` accepts. Other requests are not counted.
    #[must_use]
    pub fn when(mut self, matches: impl Fn(&Method, &str) -> bool + Send + Sync + 'static) -> Self {
        self.matches = Box::new(matches);
        self
    }

    fn new(schedule: Schedule, faults: Vec<Fault>) -> Self {
        Self { schedule, faults, matches: Box::new(|_, _| true), seen: 0 }
    }

    /// The fault for this request; counts the request if the rule matches it.
    pub(super) fn apply(&mut self, method: &Method, path: &str) -> Option<Fault> {
        if !(self.matches)(method, path) {
            return None;
        }
        self.seen += 1;
        match &mut self.schedule {
            Schedule::Nth(nth) => (self.seen == *nth).then(|| self.faults.first().cloned())?,
            Schedule::Every(nth) => {
                (self.seen.checked_rem(*nth) == Some(0)).then(|| self.faults.first().cloned())?
            }
            Schedule::Random { dice, probability } => {
                dice.random_bool(*probability).then(|| self.faults.choose(dice).cloned())?
            }
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule")
            .field("schedule", &self.schedule)
            .field("faults", &self.faults)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(mut rule: Rule, requests: usize) -> Vec<usize> {
        (1..=requests).filter(|_| rule.apply(&Method::GET, "/keys").is_some()).collect()
    }

    #[test]
    fn each_schedule_selects_its_requests() {
        let fault = || Fault::ConnectionRefused;
        assert_eq!(hits(Rule::next(fault()), 4), [1]);
        assert_eq!(hits(Rule::nth(3, fault()), 4), [3]);
        assert_eq!(hits(Rule::nth(0, fault()), 4), [0; 0]);
        assert_eq!(hits(Rule::every(2, fault()), 5), [2, 4]);
        assert_eq!(hits(Rule::every(0, fault()), 5), [0; 0]);
        assert_eq!(hits(Rule::always(fault()), 3), [1, 2, 3]);
    }

    #[test]
    fn requests_that_do_not_match_are_not_counted() {
        let mut rule =
            Rule::nth(2, Fault::AnswerLost).when(|method, path| *method == Method::POST && path == "/a");
        assert_eq!(rule.apply(&Method::POST, "/a"), None);
        assert_eq!(rule.apply(&Method::GET, "/a"), None);
        assert_eq!(rule.apply(&Method::POST, "/b"), None);
        assert_eq!(rule.apply(&Method::POST, "/a"), Some(Fault::AnswerLost));
    }

    #[test]
    fn the_same_seed_gives_the_same_faults() {
        let faults = || [Fault::AnswerLost, Fault::ConnectionRefused, Fault::EmptyBody];
        let storm = |seed| {
            let mut rule = Rule::random(seed, 0.5, faults());
            (0..64).map(|_| rule.apply(&Method::GET, "/")).collect::<Vec<_>>()
        };
        assert_eq!(storm(7), storm(7));
        assert_ne!(storm(7), storm(8));
        for fault in faults().map(Some).into_iter().chain([None]) {
            assert!(storm(7).contains(&fault), "{fault:?} never came");
        }
    }

    #[test]
    fn invalid_probabilities_and_an_empty_list_do_not_panic() {
        assert_eq!(hits(Rule::random(1, f64::NAN, [Fault::AnswerLost]), 9), [0; 0]);
        assert_eq!(hits(Rule::random(1, -1.0, [Fault::AnswerLost]), 9), [0; 0]);
        assert_eq!(hits(Rule::random(1, 2.0, [Fault::AnswerLost]), 2), [1, 2]);
        assert_eq!(hits(Rule::random(1, 1.0, []), 9), [0; 0]);
    }
}

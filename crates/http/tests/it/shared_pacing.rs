//! A pacer with a budget that several processes share.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anykey_http::{BudgetUnavailable, Limit, Pacer, Place, SharedBudget, Turn, TurnId, async_trait};
use tokio::time::{Instant, timeout};

const SECOND: Duration = Duration::from_secs(1);

/// A budget that gives the answers that a test sets, and records what it is told.
#[derive(Debug, Default)]
struct Budget {
    answers: Mutex<Vec<Result<Place, BudgetUnavailable>>>,
    log: Mutex<Vec<String>>,
}

impl Budget {
    /// A budget that gives `answers` in turn, the last one for ever.
    fn answering(answers: &[Result<Place, BudgetUnavailable>]) -> Arc<Self> {
        let answers = Mutex::new(answers.iter().rev().copied().collect());
        Arc::new(Self { answers, log: Mutex::default() })
    }

    fn note(&self, what: impl Into<String>) {
        self.log.lock().unwrap().push(what.into());
    }

    fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().unwrap())
    }
}

#[async_trait]
impl SharedBudget for Budget {
    async fn take(&self, _: TurnId, _: Duration) -> Result<Place, BudgetUnavailable> {
        let mut answers = self.answers.lock().unwrap();
        if answers.len() > 1 { answers.pop().unwrap() } else { answers[0] }
    }

    fn began(&self, _: TurnId, _: Duration) {
        self.note("began");
    }

    fn end(&self, _: TurnId, is_answered: bool) {
        self.note(format!("end {is_answered}"));
    }

    fn cancel(&self, _: TurnId) {
        self.note("cancel");
    }

    fn back_off(&self, wait: Duration) {
        self.note(format!("back off {wait:?}"));
    }
}

/// One of four processes, which have eight requests a second together.
fn pacer(budget: &Arc<Budget>) -> Pacer {
    let limit = |requests| Limit::new(NonZeroU32::new(requests).unwrap(), SECOND);
    let budget: Arc<dyn SharedBudget> = Arc::<Budget>::clone(budget);
    Pacer::new(&[limit(8)]).shared(budget, NonZeroU32::new(4).unwrap())
}

#[tokio::test(start_paused = true)]
async fn the_budget_decides_when_a_request_is_sent() {
    let budget =
        Budget::answering(&[Ok(Place::After(SECOND / 2)), Ok(Place::After(SECOND / 4)), Ok(Place::Now)]);
    let pacer = pacer(&budget);
    let start = Instant::now();
    let turns = [pacer.acquire().await, pacer.acquire().await, pacer.acquire().await];
    assert_eq!(start.elapsed().as_millis(), 750, "the local share is no limit while the budget answers");
    turns.into_iter().for_each(Turn::answered);
    assert_eq!(budget.log(), ["end true"; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_gives_up_gives_back_what_it_may_have_taken() {
    let budget = Budget::answering(&[Ok(Place::After(SECOND * 60))]);
    assert!(timeout(SECOND, pacer(&budget).acquire()).await.is_err());
    assert_eq!(budget.log(), Vec::<String>::new(), "the answer was that nothing is taken");
    let budget = Budget::answering(&[Err(BudgetUnavailable)]);
    let pacer = pacer(&budget);
    let turns = [pacer.acquire().await, pacer.acquire().await];
    assert!(timeout(SECOND, pacer.acquire()).await.is_err(), "its share is two");
    assert_eq!(budget.log(), ["began", "began", "cancel"]);
    drop(turns);
    assert_eq!(budget.log(), ["end false", "end false"]);
}

#[tokio::test(start_paused = true)]
async fn everybody_waits_after_a_429() {
    let budget = Budget::answering(&[Ok(Place::Now)]);
    let pacer = pacer(&budget);
    pacer.back_off(SECOND * 3);
    let start = Instant::now();
    pacer.acquire().await.answered();
    assert_eq!(start.elapsed(), SECOND * 3);
    assert_eq!(budget.log(), ["back off 3s", "end true"]);
}

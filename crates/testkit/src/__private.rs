//! What the expansion of [`conformance!`](crate::conformance!) calls. No part of the API.
//!
//! The functions are bodies of tests, so they panic to fail.

use crate::conformance::{Outcome, SCENARIOS, Subject, run_scenarios};

/// Plays the scenario called `name` on a current-thread runtime of its own.
///
/// # Panics
///
/// When the promise is broken, and when there is no such scenario. A skip is printed and passes.
#[expect(clippy::panic, reason = "it is the body of a test")]
#[expect(clippy::print_stdout, reason = "a skip has to be visible")]
pub fn check<S: Subject>(name: &str, subject: impl Future<Output = S>) {
    let Some(scenario) = SCENARIOS.iter().find(|scenario| scenario.name() == name) else {
        panic!("there is no scenario called {name}");
    };
    match block_on(async { scenario.run(&subject.await).await }) {
        Outcome::Passed => {}
        Outcome::Skipped(skip) => println!("skipped: {skip}"),
        Outcome::Failed(message) => panic!("{name}: {message}"),
    }
}

/// Plays the scenarios that prove a capability. The others are tests of their own and prove nothing.
///
/// # Panics
///
/// When the provider declares a capability that none of them showed to work.
pub fn prove<S: Subject>(fresh: impl AsyncFn() -> S) {
    let proofs = SCENARIOS.iter().filter(|scenario| !scenario.proves().is_empty());
    let report = block_on(run_scenarios(fresh, proofs));
    let unproved = report.unproved();
    assert!(unproved.iter().next().is_none(), "declared, but not shown to work: {unproved:?}\n{report}");
}

#[expect(clippy::expect_used, reason = "without a runtime there is no test")]
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("the test's runtime can be built").block_on(future)
}

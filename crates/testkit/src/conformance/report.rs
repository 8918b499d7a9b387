//! The results of all scenarios, as a table.

use std::fmt;

use anykey_core::{Capabilities, Capability};

use super::{Outcome, SCENARIOS, Scenario, Subject};

/// The name under which a [`Report`] lists its own check: whatever is declared was shown to work.
pub(super) const COMPLETENESS: &str = "every_declared_capability_is_proved";

/// Plays every scenario, each on a subject of its own that `fresh` makes, one after the other.
///
/// Prefer [`conformance!`](crate::conformance!) in tests, whose failures have names. This is for a program that shows
/// the table, and for the tests of a suite.
///
/// ```
/// use anykey_testkit::conformance::{MemorySubject, run};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let report = run(async || MemorySubject::new()).await;
/// assert!(report.is_conformant(), "{report}");
/// # });
/// ```
pub async fn run<S: Subject>(fresh: impl AsyncFn() -> S) -> Report {
    run_scenarios(fresh, SCENARIOS).await
}

/// As [`run`], with these scenarios only.
///
/// It is for something around a provider that has passed the whole suite by itself, such as a cache: what cannot
/// depend on it need not be played again.
pub async fn run_scenarios<S: Subject>(
    fresh: impl AsyncFn() -> S,
    scenarios: impl IntoIterator<Item = &'static Scenario>,
) -> Report {
    let declared = fresh().await.capabilities();
    let mut results = Vec::new();
    for scenario in scenarios {
        let subject = fresh().await;
        results.push((scenario, scenario.run(&subject).await));
    }
    Report { declared, results }
}

/// The results of the suite for one provider.
///
/// `Display` is a table with a line for each scenario: passed, skipped with the reason, or failed with what was
/// expected and found. A conformant provider may have any number of skips.
///
/// ```text
/// a_key_is_read_by_its_id             passed
/// a_minted_key_has_a_code_of_its_own  skipped: the provider cannot create keys whose code or customer is left to it
/// an_unknown_id_is_not_found          FAILED: reading an unknown id: expected one of [NotFound], but it worked
/// ```
#[derive(Debug)]
pub struct Report {
    /// What the provider declared at the beginning.
    declared: Capabilities,
    /// The scenarios in their order, each with its outcome.
    results: Vec<(&'static Scenario, Outcome)>,
}

impl Report {
    /// Whether every promise is kept, and everything that is declared was shown to work.
    #[must_use]
    pub fn is_conformant(&self) -> bool {
        self.failures().is_empty()
    }

    /// Each scenario with its outcome, in the order of [`SCENARIOS`].
    pub fn results(&self) -> impl Iterator<Item = (&'static Scenario, &Outcome)> {
        self.results.iter().map(|(scenario, outcome)| (*scenario, outcome))
    }

    /// The capabilities that the provider declares and of which no scenario could show anything, because
    /// what the scenario needs beside them is not declared.
    #[must_use]
    pub fn unproved(&self) -> Capabilities {
        let played = self.results.iter().filter(|(_, outcome)| !matches!(outcome, Outcome::Skipped(_)));
        let proved: Capabilities = played.flat_map(|(scenario, _)| scenario.proves()).copied().collect();
        self.declared.iter().filter(|capability| !proved.contains(*capability)).collect()
    }

    /// The names of the broken promises; `every_declared_capability_is_proved` is one of them while
    /// something is [`unproved`](Self::unproved).
    #[must_use]
    pub fn failures(&self) -> Vec<&'static str> {
        let failed = self.results.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Failed(_)));
        let unproved = (self.unproved() != Capabilities::default()).then_some(COMPLETENESS);
        failed.map(|(scenario, _)| scenario.name()).chain(unproved).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = SCENARIOS.iter().map(|scenario| scenario.name().len()).max().unwrap_or_default();
        for (scenario, outcome) in &self.results {
            let name = scenario.name();
            match outcome {
                Outcome::Passed => writeln!(f, "{name:width$}  passed")?,
                Outcome::Skipped(skip) => writeln!(f, "{name:width$}  skipped: {skip}")?,
                Outcome::Failed(message) => writeln!(f, "{name:width$}  FAILED: {message}")?,
            }
        }
        let unproved = self.unproved();
        let names: Vec<_> = unproved.iter().map(Capability::name).collect();
        match names.as_slice() {
            [] => write!(f, "{COMPLETENESS:width$}  passed"),
            names => write!(f, "{COMPLETENESS:width$}  FAILED: {}", names.join(", ")),
        }
    }
}

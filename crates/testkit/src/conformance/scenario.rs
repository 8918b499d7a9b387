//! One promise and the ways in which its test can end.

use std::fmt;
use std::panic::AssertUnwindSafe;

use anykey_core::{Capabilities, Capability};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::check::Stop;
use super::{IssueSpec, Subject};

/// One promise that every provider keeps, and the test of it. [`SCENARIOS`](super::SCENARIOS) has all of them.
///
/// ```
/// use anykey_core::Capability;
/// use anykey_testkit::conformance::SCENARIOS;
///
/// // What the suite would test of a provider that can only activate.
/// let of_activations = SCENARIOS.iter().filter(|scenario| scenario.needs() == [Capability::Activate]);
/// assert!(of_activations.count() > 5);
/// ```
#[derive(Clone, Copy)]
pub struct Scenario {
    /// The promise, as the name of its function.
    pub(super) name: &'static str,
    /// What has to be declared.
    pub(super) needs: &'static [Capability],
    /// What is shown to be real.
    pub(super) proves: &'static [Capability],
    /// The test itself.
    pub(super) play: for<'a> fn(&'a dyn Subject) -> BoxFuture<'a, Result<(), Stop>>,
}

impl Scenario {
    /// The promise in words joined by underscores; also the name of the test that the macro makes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What a provider has to declare for this promise to concern it.
    #[must_use]
    pub const fn needs(&self) -> &'static [Capability] {
        self.needs
    }

    /// The capabilities that are shown to be real when it passes. Such a scenario must not skip when the
    /// provider declares all that it needs.
    #[must_use]
    pub const fn proves(&self) -> &'static [Capability] {
        self.proves
    }

    /// Plays the scenario on `subject`, which must be fresh: without keys, and not used by another scenario.
    ///
    /// A panic on the way is a failure. A skip of a scenario that proves something is a failure as well: then nothing
    /// shows what is declared.
    pub async fn run(&self, subject: &dyn Subject) -> Outcome {
        let declared = subject.capabilities();
        if let Some(missing) = self.needs.iter().find(|need| !declared.contains(**need)) {
            return Outcome::Skipped(Skip::Undeclared(*missing));
        }
        match AssertUnwindSafe((self.play)(subject)).catch_unwind().await {
            Ok(Ok(())) => Outcome::Passed,
            Ok(Err(Stop::Failed(message))) => Outcome::Failed(message),
            Ok(Err(Stop::Skipped(skip))) if self.proves.is_empty() => Outcome::Skipped(skip),
            Ok(Err(Stop::Skipped(skip))) => {
                let declared: Capabilities = self.proves.iter().copied().collect();
                Outcome::Failed(format!("the provider declares {declared:?}, but nothing shows it: {skip}"))
            }
            Err(payload) => Outcome::Failed(format!("panic: {}", panic_message(&*payload))),
        }
    }
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scenario")
            .field("name", &self.name)
            .field("needs", &self.needs)
            .field("proves", &self.proves)
            .finish_non_exhaustive()
    }
}

/// How a [`Scenario`] ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The promise is kept.
    Passed,
    /// The promise does not concern this provider or its vendor.
    Skipped(Skip),
    /// The promise is broken: where in the suite, what was expected, and what came.
    Failed(String),
}

/// Why a scenario does not concern a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Skip {
    /// The provider does not declare this capability.
    Undeclared(Capability),
    /// The vendor has no such keys: [`Subject::issue`] returned `None`.
    NotIssued(IssueSpec),
    /// The vendor lacks what the scenario is about, such as revoked keys.
    NotThere(&'static str),
    /// The provider does not use HTTP: [`Subject::provider_through`] returns `None`.
    WithoutHttp,
    /// The provider was given no credential: [`Subject::secrets`] is empty.
    WithoutCredential,
    /// The provider's vendor wants a credential for the calls of an installed app:
    /// [`Subject::authenticates_device_calls`].
    AuthenticatesDeviceCalls,
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undeclared(capability) => write!(f, "the provider cannot {}", capability.description()),
            Self::NotIssued(spec) => write!(f, "the vendor issues no key with {spec:?}"),
            Self::NotThere(what) => write!(f, "the vendor has no {what}"),
            Self::WithoutHttp => f.write_str("the provider does not use HTTP"),
            Self::WithoutCredential => f.write_str("the provider has no credential"),
            Self::AuthenticatesDeviceCalls => {
                f.write_str("the vendor wants a credential for the calls of an installed app")
            }
        }
    }
}

/// The text of a panic, if it has one.
fn panic_message(payload: &(dyn std::any::Any + Send)) -> &str {
    let text = payload.downcast_ref::<&'static str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}

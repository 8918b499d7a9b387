//! The providers under test: each plane of each simulated vendor, with one key and one seat.

use std::fmt;
use std::sync::Arc;

use anykey::sim::{IssueSpec, SimulatedPlane, SimulatedVendor, Simulator, simulators};
use anykey::{ActivationLimit, HttpTransport, LicenseProvider};
use anykey_test_calls::{Arguments, Call, Effect, Outcome};
use anykey_testkit::transport::{RecordedRequest, RecordingTransport};
use anykey_tests::Simulation;
use serde_json::Value;

use crate::injected::Injected;
use crate::watch::Watch;

/// The code of the key, which nothing may print.
pub(crate) const CODE: &str = "PLANTED-4f1c9d27-CODE";

/// The time that an operation has.
const DEADLINE_IN_SECONDS: u64 = 30;

/// A plane of a simulated vendor.
#[derive(Clone, Copy)]
pub(crate) struct Plane {
    simulator: Simulator,
    name: &'static str,
}

/// A call in a plane, and what it does when nothing fails.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) plane: Plane,
    pub(crate) call: Call,
    /// What sending its first request twice does: a call that changes something may read first.
    pub(crate) effect: Effect,
    /// How many requests it sends.
    pub(crate) sent: usize,
    /// Whether the vendor's last answer has no body.
    pub(crate) ends_without_body: bool,
}

/// A provider on a simulated vendor, what it may be asked about, and the record of what it sends.
pub(crate) struct Fixture {
    pub(crate) vendor: Arc<dyn SimulatedVendor>,
    pub(crate) provider: Arc<dyn LicenseProvider>,
    pub(crate) about: Arguments,
    pub(crate) secrets: Vec<String>,
    recording: RecordingTransport<Arc<dyn HttpTransport>>,
}

impl Plane {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        simulators().into_iter().flat_map(|simulator| {
            let planes = Simulation::of(simulator).vendor.planes();
            planes.into_iter().map(move |plane| Self { simulator, name: plane.name })
        })
    }

    /// Whether the plane's configuration has this field.
    pub(crate) fn has_field(self, name: &str) -> bool {
        let planes = Simulation::of(self.simulator).vendor.planes();
        planes.iter().any(|plane| plane.name == self.name && plane.fields.contains_key(name))
    }

    /// Whether the vendor finds a record by less than was asked for, so that another key in the answer means that the
    /// asked one is unknown.
    pub(crate) fn finds_others(self) -> bool {
        Simulation::of(self.simulator).vendor.rules().doubts_unknown_keys
    }

    /// Whether a status of failed servers is also that of the vendor's refusals.
    pub(crate) fn refuses_with_failures(self) -> bool {
        !Simulation::of(self.simulator).vendor.rules().refusal_statuses.is_empty()
    }

    /// A new vendor with a key, and a seat where it has seats. `injected` applies to every request of the provider.
    pub(crate) fn fixture(self, injected: &Injected) -> Fixture {
        self.fixture_with(&[], |vendor| injected.on(vendor))
    }

    /// A fixture whose provider has these fields in its configuration and sends its requests through `transport`.
    pub(crate) fn fixture_with(
        self,
        fields: &[(&str, Value)],
        transport: impl FnOnce(Arc<dyn HttpTransport>) -> Arc<dyn HttpTransport>,
    ) -> Fixture {
        // Before the first call of the process: `tracing` caches whether anybody listens.
        let _listens = Watch::start();
        let simulation = Simulation::of(self.simulator);
        let spec = IssueSpec::new().code(CODE).activation_limit(ActivationLimit::AtMost(5));
        let issued = simulation.issue(spec);
        let seat = simulation.vendor.activate(&issued.id, "first").unwrap_or_else(|| "no seat".into());
        let is_this = |plane: &SimulatedPlane| plane.name == self.name;
        let mut plane = simulation.vendor.planes().into_iter().find(is_this).unwrap();
        // The same for every call, also where a vendor's long answers have more time.
        plane = plane.field("timeout", DEADLINE_IN_SECONDS);
        for (name, value) in fields {
            plane = plane.field(name, value.clone());
        }
        let recording = RecordingTransport::new(transport(simulation.vendor.transport()));
        let credentials = plane.secrets.iter().map(|(_, value)| value.to_owned());
        let emails = anykey::sim::CUSTOMERS.map(|(_, email)| email.to_owned());
        Fixture {
            vendor: simulation.vendor.clone(),
            provider: simulation.provider_on(&plane, Arc::new(recording.clone())),
            about: Arguments::new(issued.id, issued.code, seat, issued.customer, issued.product),
            secrets: credentials.chain([CODE.to_owned()]).chain(emails).collect(),
            recording,
        }
    }
}

impl Case {
    /// Every call that a plane supports.
    pub(crate) async fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for plane in Plane::all() {
            for call in Call::supported_by(&*plane.fixture(&Injected::None).provider) {
                cases.push(Self::of(plane, call).await);
            }
        }
        cases
    }

    async fn of(plane: Plane, call: Call) -> Self {
        let (injected, last_body) = Injected::spy();
        let fixture = plane.fixture(&injected);
        let observed = Watch::start().run(&format!("{plane:?} | {call:?}"), call, &fixture).await;
        assert_eq!(observed.outcome, Outcome::Done, "{plane:?} {call:?}: {}", observed.printed);
        // A vendor that counts a use of any key, or that takes a seat for an id only, is asked about the key before.
        let asks_first = matches!(call, Call::Activate | Call::ValidateCounted) && fixture.sent() > 1;
        let reads_first = asks_first || !fixture.may_change(&fixture.recording.requests()[0]);
        let ends_without_body = last_body.lock().unwrap().is_empty();
        let effect = if reads_first { Effect::Nothing } else { call.effect() };
        Self { plane, call, effect, sent: fixture.sent(), ends_without_body }
    }

    /// The case, after the name of what is injected.
    pub(crate) fn named(&self, injected: &str) -> String {
        format!("{injected} | {:?} | {:?}", self.plane, self.call)
    }
}

impl Fixture {
    /// How many requests were sent.
    pub(crate) fn sent(&self) -> usize {
        self.recording.requests().len()
    }

    /// How many of them could change something.
    pub(crate) fn changes_sent(&self) -> usize {
        self.recording.requests().iter().filter(|request| self.may_change(request)).count()
    }

    fn may_change(&self, request: &RecordedRequest) -> bool {
        self.vendor.rules().may_change(request.method().as_str(), request.uri().path())
    }
}

impl fmt::Debug for Plane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.simulator.vendor, self.name)
    }
}

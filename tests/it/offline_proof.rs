//! A guard without network, at every vendor that signs offline proofs and knows the device of each seat.

use std::sync::{Arc, Mutex};

use anykey::guard::{AccessState, Guard, Installation, MemoryStore, OfflineGrace, Policy, Store as _};
use anykey::sim::{Fault, IssueSpec, Rule};
use anykey::{
    ActivateRequest, Activation, ActivationLimit, Capabilities, Capability, KeyCode, LicenseProvider,
    ManualClock, OfflineProof, ProvenLicense, RenewRequest, Result, SignedDuration, Timestamp,
    ValidateRequest, Validation, async_trait,
};
use anykey_tests::{Simulation, simulations};

const SECOND: SignedDuration = SignedDuration::from_secs(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A vendor whose proofs are replaced on the way, if there is a replacement.
#[derive(Debug)]
struct Replacing {
    vendor: Arc<dyn LicenseProvider>,
    replacement: Mutex<Option<OfflineProof>>,
}

impl Replacing {
    fn replaced(&self, proof: Option<OfflineProof>) -> Option<OfflineProof> {
        self.replacement.lock().unwrap().clone().or(proof)
    }
}

#[async_trait]
impl LicenseProvider for Replacing {
    fn vendor(&self) -> &str {
        self.vendor.vendor()
    }

    fn capabilities(&self) -> Capabilities {
        self.vendor.capabilities()
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        let mut validation = self.vendor.validate(request).await?;
        let proof = validation.proof.take();
        Ok(validation.with_proof(self.replaced(proof)))
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        let mut activation = self.vendor.activate(request).await?;
        activation.proof = self.replaced(activation.proof.take());
        Ok(activation)
    }

    async fn renew(&self, request: RenewRequest) -> Result<Activation> {
        self.vendor.renew(request).await
    }

    fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        self.vendor.verify_proof(proof, code)
    }
}

/// A computer with an installed app that may go an hour without an answer, and one key with seats for several.
#[derive(Clone)]
struct Computer {
    simulation: Simulation,
    clock: ManualClock,
    provider: Arc<Replacing>,
    store: MemoryStore,
    code: KeyCode,
}

impl Computer {
    fn all(seat_lifetime: Option<SignedDuration>) -> Vec<Self> {
        let computers: Vec<_> =
            simulations().filter_map(|simulation| Self::at(simulation, seat_lifetime)).collect();
        assert!(!computers.is_empty());
        computers
    }

    /// `None` at a vendor without what this is about.
    fn at(simulation: Simulation, seat_lifetime: Option<SignedDuration>) -> Option<Self> {
        let vendor = simulation.provider(&simulation.vendor.proof_plane()?);
        let wanted = [Capability::OfflineProof, Capability::OneSeatPerInstallation, Capability::Renew];
        if !wanted.into_iter().all(|capability| vendor.capabilities().contains(capability)) {
            return None;
        }
        let mut spec = IssueSpec::new().activation_limit(ActivationLimit::AtMost(5));
        spec.seat_lifetime = seat_lifetime;
        Some(Self {
            code: simulation.issue(spec).code,
            clock: ManualClock::at(simulation.clock.now()),
            provider: Arc::new(Replacing { vendor, replacement: Mutex::default() }),
            store: store("this computer"),
            simulation,
        })
    }

    fn start(&self) -> Guard {
        let policy = Policy::default().check_interval(HOUR).offline_grace(OfflineGrace::For(HOUR));
        Guard::builder(self.store.clone(), self.provider.clone())
            .policy(policy)
            .clock(self.clock.clone())
            .open()
            .unwrap()
    }

    async fn activated(&self) -> Guard {
        let guard = self.start();
        let access = guard.activate(self.code.clone()).await.unwrap();
        assert!(matches!(access.state, AccessState::Granted { .. }), "{access:?}");
        guard
    }

    /// An activation of another device with a proof.
    async fn other_device(&self, code: &KeyCode) -> Activation {
        let request = ActivateRequest::new(code.clone(), "another device").offline_proof();
        let request = request.installation(store("another computer").installation().mark());
        self.provider.vendor.activate(request).await.unwrap()
    }

    fn replace_proofs(&self, proof: OfflineProof) {
        *self.provider.replacement.lock().unwrap() = Some(proof);
    }

    fn disconnect(&self) {
        self.simulation.vendor.faults().inject(Rule::always(Fault::ConnectionRefused));
    }
}

fn store(identity: &str) -> MemoryStore {
    MemoryStore::new(Installation::from_identity("com.example.studio", identity).unwrap())
}

fn has_access(guard: &Guard) -> bool {
    matches!(guard.access().state, AccessState::Granted { .. } | AccessState::Grace { .. })
}

/// When the proof in the guard's record ends; `None` when it holds none.
fn proof_end(guard: &Guard) -> Option<Timestamp> {
    guard.record().unwrap().held.unwrap().proof.map(|proof| proof.ends_at.unwrap())
}

#[tokio::test(start_paused = true)]
async fn access_lasts_until_the_end_of_the_file() {
    for computer in Computer::all(None) {
        let guard = computer.activated().await;
        let end = proof_end(&guard).unwrap();
        assert!(end > computer.clock.now() + HOUR * 48);
        computer.disconnect();
        computer.clock.advance(HOUR * 24);
        guard.refresh().await.unwrap_err();
        for now in [computer.clock.now(), end - SECOND] {
            computer.clock.set(now);
            assert!(has_access(&guard) && has_access(&computer.start()), "{:?}", guard.access());
        }
        computer.clock.set(end);
        assert!(!has_access(&guard) && !has_access(&computer.start()), "{:?}", guard.access());
        // It is not the file that ends access: the vendor may say yes again.
        computer.simulation.vendor.faults().clear();
        computer.simulation.clock.set(end);
        guard.refresh().await.unwrap();
        assert!(has_access(&guard) && proof_end(&guard).unwrap() > end);
    }
}

#[tokio::test(start_paused = true)]
async fn a_seat_that_ends_unless_it_is_renewed_is_proven_too() {
    for computer in Computer::all(Some(HOUR * 24)) {
        let guard = computer.activated().await;
        assert!(guard.record().unwrap().held.unwrap().ends_at.is_some());
        let end = proof_end(&guard).unwrap();
        computer.disconnect();
        computer.clock.set(end - SECOND);
        assert!(has_access(&guard), "{:?}", guard.access());
        computer.clock.set(end);
        assert!(!has_access(&guard), "{:?}", guard.access());
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_not_about_this_seat_extends_nothing() {
    for computer in Computer::all(None) {
        let own = computer.activated().await.record().unwrap().held.unwrap().proof.unwrap().proof;
        let other_key = computer.simulation.issue(IssueSpec::new()).code;
        let alone = ValidateRequest::new(computer.code.clone()).offline_proof();
        let alone = computer.provider.vendor.validate(alone).await.unwrap().proof.unwrap();
        let middle = own.expose().len() / 2;
        let altered = own.expose().char_indices().filter(|(at, _)| !(middle..middle + 4).contains(at));
        let altered: String = altered.map(|(_, letter)| letter).collect();
        for (what, proof) in [
            ("another device", computer.other_device(&computer.code).await.proof.unwrap()),
            ("another key", computer.other_device(&other_key).await.proof.unwrap()),
            ("the key alone", alone),
            ("an altered file", OfflineProof::new(own.format(), altered)),
            ("another kind of file", OfflineProof::new("something else", own.expose())),
        ] {
            computer.simulation.vendor.faults().clear();
            computer.clock.set(computer.simulation.clock.now());
            let computer = Computer { store: store("this computer"), ..computer.clone() };
            computer.replace_proofs(proof);
            let guard = computer.activated().await;
            assert_eq!(proof_end(&guard), None, "{what}");
            computer.disconnect();
            computer.clock.advance(HOUR * 3);
            assert!(!has_access(&guard) && !has_access(&computer.start()), "{what}: {:?}", guard.access());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_clock_does_not_move_the_end_of_the_file() {
    for days in [-40, 40] {
        for computer in Computer::all(None) {
            let wrong_by = HOUR * (24 * days);
            computer.clock.advance(wrong_by);
            let guard = computer.activated().await;
            let end = proof_end(&guard).unwrap();
            computer.disconnect();
            // Day by day: a clock that jumps was corrected.
            while computer.clock.now() + HOUR * 24 < end + wrong_by {
                computer.clock.advance(HOUR * 24);
                assert!(has_access(&guard), "{days}: {:?}", guard.access());
            }
            computer.clock.set(end + wrong_by - SECOND);
            assert!(has_access(&guard), "{days}: {:?}", guard.access());
            computer.clock.set(end + wrong_by);
            assert!(!has_access(&guard), "{days}: {:?}", guard.access());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn setting_the_clock_back_gives_a_file_no_second_life() {
    for computer in Computer::all(None) {
        let guard = computer.activated().await;
        let (start, end) = (computer.clock.now(), proof_end(&guard).unwrap());
        computer.disconnect();
        computer.clock.set(end);
        guard.refresh().await.unwrap_err();
        for now in [start, start - HOUR * 24] {
            computer.clock.set(now);
            assert!(!has_access(&guard) && !has_access(&computer.start()), "{:?}", guard.access());
        }
    }
}

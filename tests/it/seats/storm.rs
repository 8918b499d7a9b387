//! Ten thousand activations and deactivations through a storm of faults.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use anykey::Capability;
use anykey::sim::Simulator;
use anykey_http::HttpTransport;
use anykey_testkit::transport::{Fault, FaultyTransport, RetryAfter, Rule};
use anykey_tests::simulators_with_seats;
use futures_util::future::join_all;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

use super::machine::{Came, Machine};
use super::seller::Seller;

const MACHINES: usize = 80;
const KEYS: usize = 10;
const SEATS: u32 = 5;
const AT_ONCE: usize = 10;
/// Per vendor and kind of machine.
const CALLS: usize = 2_500;

fn faults() -> Vec<Fault> {
    vec![
        Fault::ConnectionRefused,
        Fault::ResetBeforeWork,
        Fault::AnswerLost,
        Fault::AnswerLost,
        Fault::HangBeforeWork,
        Fault::HangAfterWork,
        Fault::Latency(Duration::from_secs(3)),
        Fault::rate_limited(RetryAfter::Absent),
        Fault::rate_limited(RetryAfter::Seconds(2)),
        Fault::rate_limited(RetryAfter::Text("1e30".to_owned())),
        Fault::unavailable(500),
        Fault::unavailable(503),
        Fault::unavailable_after_work(502),
        Fault::unavailable_after_work(504),
        Fault::TruncatedBody,
        Fault::EmptyBody,
        Fault::captive_portal(),
    ]
}

#[tokio::test(start_paused = true)]
async fn after_the_storm_every_machine_knows_whether_it_holds_a_seat() {
    let (mut calls, mut storms) = (0, 0);
    for simulator in simulators_with_seats() {
        for with_list in [true, false] {
            storms += 1;
            calls += Storm::new(simulator, with_list, storms).rage().await;
        }
    }
    println!("the storm: {calls} activations and deactivations");
    assert!(calls >= CALLS * usize::try_from(storms).unwrap());
}

struct Storm {
    vendor: &'static str,
    /// Whether the machines have a provider that lists activations, as a server has.
    with_list: bool,
    seed: u64,
    seller: Seller,
    line: FaultyTransport<Arc<dyn HttpTransport>>,
    machines: Vec<Machine>,
}

impl Storm {
    fn new(simulator: Simulator, with_list: bool, seed: u64) -> Self {
        let seller = Seller::at(simulator, KEYS, SEATS);
        let line = FaultyTransport::new(seller.transport.clone());
        line.inject(Rule::random(seed, 0.4, faults()));
        let machine =
            |number: usize| Machine::new(u64::try_from(number).unwrap(), seller.keys[number % KEYS].clone());
        Self {
            vendor: simulator.vendor,
            with_list,
            seed,
            machines: (0..MACHINES).map(machine).collect(),
            seller,
            line,
        }
    }

    async fn rage(mut self) -> usize {
        let mut dice = SmallRng::seed_from_u64(self.seed);
        let line = Arc::new(self.line.clone());
        let provider = if self.with_list { self.seller.server(line) } else { self.seller.device(line) };
        let mut came: BTreeMap<String, usize> = BTreeMap::new();
        let mut calls = 0;
        while calls < CALLS {
            let chosen: HashSet<usize> = (0..AT_ONCE).map(|_| dice.random_range(0..MACHINES)).collect();
            let together = self.machines.iter_mut().enumerate().filter(|(number, _)| chosen.contains(number));
            let round: Vec<_> = together
                .map(|(_, machine)| {
                    let gives_back = machine.seat.is_some() && dice.random_bool(0.6);
                    let provider = &*provider;
                    async move {
                        if gives_back {
                            machine.deactivate(provider).await
                        } else {
                            machine.activate(provider).await
                        }
                    }
                })
                .collect();
            for outcome in join_all(round).await {
                calls += 1;
                *came.entry(format!("{outcome:?}")).or_default() += 1;
            }
            // Longer than any `Retry-After` is believed, which holds back all machines of one provider.
            tokio::time::advance(Duration::from_secs(61)).await;
            if dice.random_bool(0.3) {
                self.check().await;
            }
            self.sometimes_ask_the_seller(&mut dice).await;
        }
        println!(
            "{}, {}: {calls} calls, {} faults, {came:?}",
            self.vendor,
            self.kind(),
            self.line.injected()
        );
        assert!(self.line.injected() > 500 && came.len() == 5, "{came:?}");
        self.check().await;
        self.settle().await;
        calls
    }

    fn kind(&self) -> &'static str {
        if self.with_list { "with a list" } else { "without a list" }
    }

    /// No machine has two seats, none has a seat that it did not ask for, and who holds one has it.
    async fn check(&self) {
        for (key, _) in &self.seller.keys {
            let marks = self.seller.marks(key);
            let machines: Vec<_> = self.machines.iter().filter(|machine| machine.key == *key).collect();
            let distinct: HashSet<_> = marks.iter().collect();
            assert_eq!(distinct.len(), marks.len(), "a machine has two seats");
            assert!(marks.len() <= usize::try_from(SEATS).unwrap(), "more seats than the key has");
            for machine in machines {
                let has = distinct.contains(&machine.mark);
                assert!(
                    !has || machine.seat.is_some() || machine.is_open(),
                    "a seat that its machine does not know of"
                );
            }
        }
    }

    /// Some who are in doubt ask the seller, whose line is good, and wait until nothing can be on its way.
    async fn sometimes_ask_the_seller(&mut self, dice: &mut SmallRng) {
        let seller = self.seller.server(self.seller.transport.clone());
        for machine in self.machines.iter_mut().filter(|machine| machine.is_open()) {
            if dice.random_bool(0.25) && machine.activate(&*seller).await == Came::Open {
                machine.close();
            }
        }
    }

    /// The storm is over: what every machine believes is so.
    async fn settle(mut self) {
        self.line.clear();
        let seller = self.seller.server(Arc::new(self.line.clone()));
        let recognises = seller.capabilities().contains(Capability::OneSeatPerInstallation);
        for machine in self.machines.iter_mut().filter(|machine| machine.is_open()) {
            let came = machine.activate(&*seller).await;
            // A vendor that recognises the installation may say that others have all seats: then this one has none.
            let is_certain = came == Came::Refused && recognises && !machine.is_open();
            assert!(matches!(came, Came::Held | Came::Open) || is_certain, "{came:?}");
            if came == Came::Open {
                machine.close();
            }
        }
        for machine in &mut self.machines {
            // A deactivation whose answer was lost may have taken the seat away.
            if machine.seat.is_some() && !self.seller.marks(&machine.key).contains(&machine.mark) {
                assert_eq!(machine.deactivate(&*seller).await, Came::GivenBack);
            }
        }
        let mut held = 0;
        for machine in &self.machines {
            let has = self.seller.marks(&machine.key).contains(&machine.mark);
            assert_eq!(machine.seat.is_some(), has, "{:?}", machine.mark);
            held += usize::from(has);
        }
        println!("{}, {}: afterwards {held} of {MACHINES} machines hold a seat", self.vendor, self.kind());
    }
}

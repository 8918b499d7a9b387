//! A revocation's way from one process to all of the fleet.

use std::time::Duration;

use anykey::sim;
use anykey::{Capability, Clock, Timestamp};
use anykey_test_servers::RedisServer;

use crate::vendor::{PROCESSES, Vendor};

const ROUNDS: usize = 20;

#[test]
fn a_revocation_reaches_every_process_within_a_second() {
    let Some(redis) = RedisServer::start() else { return };
    let can = |simulator: &sim::Simulator| {
        let vendor = simulator.start(Clock::new(Timestamp::now)).unwrap();
        let provider = sim::provider(&*vendor, &vendor.planes().pop().unwrap()).unwrap();
        let needed = [Capability::SetDisabled, Capability::ValidateWithoutSeat];
        needed.into_iter().all(|needed| provider.capabilities().contains(needed))
    };
    let simulator = sim::simulators().into_iter().find(can).unwrap();
    let vendor = Vendor::start(simulator, 1);
    let plane = vendor.sim.planes().pop().unwrap();
    let key = vendor.issue();
    let code = key.code.expose();
    let mut fleet: Vec<_> =
        (0..PROCESSES.get()).map(|_| vendor.process(&plane, Some(&redis.url()))).collect();
    let mut ways = Vec::new();
    for _ in 0..ROUNDS {
        fleet[0].ask(&format!("enable {}", key.id.as_str()));
        for process in &mut fleet {
            process.ask(&format!("until valid {code}"));
        }
        let (asked, _) = vendor.seen();
        for process in &mut fleet {
            assert_eq!(process.ask(&format!("validate {code}")), "valid");
        }
        assert_eq!(vendor.seen().0.len(), asked.len(), "all answer from memory");
        for process in &mut fleet[1..] {
            process.send(&format!("until refused {code}"));
        }
        let revoked: i128 = fleet[0].ask(&format!("disable {}", key.id.as_str())).parse().unwrap();
        fleet[0].send(&format!("until refused {code}"));
        for process in &mut fleet {
            let refused: i128 = process.answer().parse().unwrap();
            ways.push(Duration::from_nanos(u64::try_from(refused - revoked).unwrap()));
        }
    }
    ways.sort_unstable();
    let (median, worst) = (ways[ways.len() / 2], ways[ways.len() - 1]);
    eprintln!("a revocation reaches {PROCESSES} processes in {median:?} (median), {worst:?} (worst)");
    assert!(worst < Duration::from_secs(1), "{ways:?}");
}

//! How close a fleet comes to what a vendor allows, without a single 429.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use anykey::http::{Limit, SharedPacing};
use anykey::sim::{self, SimulatedPlane, SimulatedVendor, Simulator};
use anykey::{Capability, Clock, Timestamp};
use anykey_test_servers::RedisServer;

use crate::process::{Process, faster};
use crate::vendor::{PROCESSES, Vendor};

/// How many requests a process has under way.
const AT_ONCE: usize = 4;

/// The simulators that enforce documented limits, the one with the shortest window first.
pub(crate) fn limited() -> Vec<Simulator> {
    let enforces = |simulator: &Simulator| {
        let vendor = simulator.start(Clock::new(Timestamp::now)).unwrap();
        vendor.enforce_rate_limits().is_some()
    };
    let mut simulators: Vec<_> = sim::simulators().into_iter().filter(enforces).collect();
    assert!(simulators.len() > 1, "{simulators:?}");
    simulators.sort_by_key(|simulator| {
        let vendor = simulator.start(Clock::new(Timestamp::now)).unwrap();
        documented(&*vendor).first().map(|limit| limit.per)
    });
    simulators
}

/// The plane that validates, with its own pacing.
fn plane(vendor: &dyn SimulatedVendor) -> SimulatedPlane {
    vendor.planes().into_iter().next().unwrap().field("pacing", true)
}

/// The limits by which the adapter paces validations, shortest window first.
fn documented(vendor: &dyn SimulatedVendor) -> Vec<Limit> {
    let limits = Arc::new(Mutex::new(Vec::new()));
    let paced = Arc::clone(&limits);
    let capture = SharedPacing::new(move |_, pacer| {
        *paced.lock().unwrap() = pacer.limits().to_vec();
        pacer.clone()
    });
    let config = sim::config(vendor, &plane(vendor)).unwrap();
    sim::registry(vendor).with_shared_pacing(capture).build(&config).unwrap();
    let limits = limits.lock().unwrap();
    limits.clone()
}

/// How long after the first one the last of `requests` requests can be sent under `limits`.
fn shortest(requests: usize, limits: &[Limit]) -> Duration {
    let mut sent: Vec<Duration> = Vec::new();
    for number in 0..requests {
        let after = |limit: &Limit| {
            let first = number.checked_sub(usize::try_from(limit.requests.get()).unwrap())?;
            Some(sent[first] + limit.per)
        };
        sent.push(limits.iter().filter_map(after).max().unwrap_or_default());
    }
    *sent.last().unwrap()
}

/// Sends the lines to the processes, a few at a time to each, and counts the answers that are a yes.
fn share_out(mut processes: Vec<Process>, mut lines: Vec<String>) -> usize {
    let first = processes.len();
    // Each has its connection to Redis then. A process that waits too long for it would go on with its share.
    for process in &mut processes {
        assert_eq!(process.ask(&lines.pop().unwrap()), "valid");
    }
    let lines = Mutex::new(lines);
    let next = || lines.lock().unwrap().pop();
    let serve = |mut process: Process| {
        let mut open = 0;
        let mut valid = 0;
        loop {
            while open < AT_ONCE
                && let Some(line) = next()
            {
                process.send(&line);
                open += 1;
            }
            if open == 0 {
                return valid;
            }
            let answer = process.answer();
            assert_eq!(answer, "valid");
            (open, valid) = (open - 1, valid + 1);
        }
    };
    thread::scope(|scope| {
        let served: Vec<_> = processes.into_iter().map(|process| scope.spawn(|| serve(process))).collect();
        served.into_iter().fold(first, |valid, served| valid + served.join().unwrap())
    })
}

/// What the vendor allows in two of its minutes, by as many processes as share the limits through `redis`, or by one
/// without it. Returns the time that the limits allow as a ratio to the time that passed.
fn ratio(simulator: Simulator, speed: u32, redis: Option<&str>) -> f64 {
    let vendor = Vendor::start(simulator, speed);
    let plane = plane(&*vendor.sim);
    vendor.sim.enforce_rate_limits().unwrap();
    let limits = faster(&documented(&*vendor.sim), speed);
    // And half of what may be sent at once afterwards, which is at the end of the two minutes.
    let allowed = |time| (1..).take_while(|requests| shortest(*requests, &limits) < time).count();
    let requests = allowed(Duration::from_secs(120) / speed) + allowed(Duration::from_nanos(1)) / 2;
    let needs_a_seat = {
        let provider = sim::provider(&*vendor.sim, &plane).unwrap();
        !provider.capabilities().contains(Capability::ValidateWithoutSeat)
    };
    let line = |_| {
        let key = vendor.issue();
        let seat = needs_a_seat.then(|| vendor.sim.activate(&key.id, "server").unwrap());
        let seat = seat.map(|seat| format!(" {}", seat.as_str())).unwrap_or_default();
        format!("validate {}{seat}", key.code.expose())
    };
    let lines = (0..requests).map(line).collect();
    let processes = if redis.is_some() { PROCESSES.get() } else { 1 };
    let processes = (0..processes).map(|_| vendor.process(&plane, redis)).collect::<Vec<_>>();
    let number = processes.len();
    assert_eq!(share_out(processes, lines), requests);
    let (arrivals, rejected) = vendor.seen();
    assert_eq!((arrivals.len(), rejected), (requests, 0), "each key is asked for once, without a 429");
    let took = arrivals.last().unwrap().duration_since(*arrivals.first().unwrap());
    let ratio = shortest(requests, &limits).as_secs_f64() / took.as_secs_f64();
    eprintln!(
        "{}: {requests} requests of {number} processes in {took:?}: {:.1} % of the limit",
        vendor.sim.vendor(),
        100.0 * ratio
    );
    ratio
}

/// Ten times as fast, so that it takes seconds.
#[test]
fn eight_processes_use_a_limit_of_the_documented_shape_without_a_429() {
    let Some(redis) = RedisServer::start() else { return };
    let simulator = limited()[0];
    let (fleet, one) = thread::scope(|scope| {
        let one = scope.spawn(|| ratio(simulator, 10, None));
        (ratio(simulator, 10, Some(&redis.url())), one.join().unwrap())
    });
    eprintln!("8 processes are {:.2} times as fast as one", fleet / one);
    // With an eighth of the limit for each it would be an eighth; a busy machine is faster than that.
    assert!(fleet > 0.5, "{fleet}");
}

/// Two minutes, all vendors at the same time.
#[test]
#[ignore = "it waits for the vendors' real limits, for two minutes"]
fn eight_processes_use_the_documented_limit_without_a_429() {
    thread::scope(|scope| {
        for simulator in limited() {
            let Some(redis) = RedisServer::start() else { return };
            scope.spawn(move || {
                let (fleet, one) = thread::scope(|scope| {
                    let one = scope.spawn(|| ratio(simulator, 1, None));
                    (ratio(simulator, 1, Some(&redis.url())), one.join().unwrap())
                });
                assert!(fleet > 0.95 && one > 0.95, "{}: {fleet} and {one}", simulator.vendor);
            });
        }
    });
}

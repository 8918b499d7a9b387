//! A simulated vendor for other processes: on a socket, with a clock that may be faster, and a record of what arrives.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use anykey::sim::{IssueSpec, IssuedKey, SimulatedPlane, SimulatedVendor, Simulator};
use anykey::{Clock, HttpTransport, SignedDuration, Timestamp, TransportError, async_trait};
use anykey_testkit::LoopbackServer;
use bytes::Bytes;

use crate::process::{Process, REDIS};

/// How many processes a fleet has.
pub(crate) const PROCESSES: NonZeroU32 = NonZeroU32::new(8).unwrap();

pub(crate) const SEAL_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// A vendor on a socket.
pub(crate) struct Vendor {
    pub(crate) sim: Arc<dyn SimulatedVendor>,
    arrivals: Arrivals,
    server: LoopbackServer,
    speed: u32,
}

/// When requests arrived, and how many were answered with 429.
#[derive(Clone, Debug)]
struct Arrivals {
    vendor: Arc<dyn HttpTransport>,
    seen: Arc<Mutex<(Vec<Instant>, usize)>>,
}

#[async_trait]
impl HttpTransport for Arrivals {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.seen.lock().unwrap().0.push(Instant::now());
        let answer = self.vendor.send(request).await;
        if answer.as_ref().is_ok_and(|answer| answer.status() == 429) {
            self.seen.lock().unwrap().1 += 1;
        }
        answer
    }
}

/// A clock that is `speed` times as fast as the system's from now on.
fn clock(speed: u32) -> Clock {
    let (start, began) = (Timestamp::now(), Instant::now());
    Clock::new(move || start + SignedDuration::try_from(began.elapsed() * speed).unwrap())
}

impl Vendor {
    /// Starts the vendor of `simulator` with time that is `speed` times as fast.
    pub(crate) fn start(simulator: Simulator, speed: u32) -> Self {
        let sim = simulator.start(clock(speed)).unwrap();
        let arrivals = Arrivals { vendor: sim.transport(), seen: Arc::default() };
        let server = LoopbackServer::start_in_background(Arc::new(arrivals.clone())).unwrap();
        Self { sim, arrivals, server, speed }
    }

    /// Starts a process with `plane`, sharing limits and answers with the others through the server at `redis`.
    pub(crate) fn process(&self, plane: &SimulatedPlane, redis: Option<&str>) -> Process {
        let plane = plane.clone().field("base_url", self.server.url()).field("timeout", 600);
        let mut config = format!(
            "default = \"main\"\n[providers.main]\nprovider = \"{}\"\n{}",
            self.sim.vendor(),
            plane.to_toml()
        );
        let secrets = plane.secrets.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut environment: Vec<_> = secrets.collect();
        if let Some(url) = redis {
            let url_of = format!("redis = {{ env = \"{REDIS}\" }}\n");
            config += &format!("[cache]\n{url_of}seal_key = {{ env = \"ANYKEY_TEST_SEAL_KEY\" }}\n");
            // Limits that are not the documented ones are not in a configuration.
            if self.speed == 1 {
                config += &format!("[pacing]\n{url_of}processes = {PROCESSES}\n");
            }
            environment.push((REDIS.to_owned(), url.to_owned()));
            environment.push(("ANYKEY_TEST_SEAL_KEY".to_owned(), SEAL_KEY.to_owned()));
        }
        Process::start(&config, self.speed, &environment)
    }

    /// Issues a key.
    pub(crate) fn issue(&self) -> IssuedKey {
        self.sim.issue(IssueSpec::new()).unwrap()
    }

    /// When requests arrived, and how many were answered with 429.
    pub(crate) fn seen(&self) -> (Vec<Instant>, usize) {
        self.arrivals.seen.lock().unwrap().clone()
    }
}

//! A simulator of Gumroad's API for license keys, in memory, for tests, demonstrations and work without network.
//!
//! [`GumroadSim`] is an [`HttpTransport`]: a client of that trait can use it instead of `https://api.gumroad.com`. It
//! simulates the calls for licenses (`/v2/licenses/verify`, `enable`, `disable`, `decrement_uses_count`, `rotate`),
//! sales (`/v2/sales`, `/v2/sales/:id`), subscribers (`/v2/products/:id/subscribers`, `/v2/subscribers/:id`) and
//! addresses for pings (`/v2/resource_subscriptions`), with and without the prefix `/api`. Changes send
//! [pings](GumroadSim::subscribe).
//!
//! ```
//! use anykey_core::{ManualClock, Timestamp};
//! use anykey_gumroad_sim::{GumroadSim, SaleSpec, Scope};
//!
//! let sim = GumroadSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
//!
//! // The seller's actions:
//! let product = sim.add_product("Editor Pro");
//! let sold = sim.sell(SaleSpec { product: Some(product), ..SaleSpec::default() });
//! let token = sim.token(&[Scope::EditProducts, Scope::ViewSales]);
//!
//! // Assertions of a test:
//! assert_eq!(sim.uses(&sold.sale_id), Some(0));
//! ```
//!
//! # Fidelity
//!
//! The vendor's server is public (repository `antiwork/gumroad`, read at several commits of 2025 and 2026). Order of
//! checks, statuses, texts and members are those of its code. Behaviour that the code does not decide is a choice, and
//! [`Quirks`] has the alternatives. The most important facts and choices:
//!
//! - A request is checked in this order: path and method, token and scope, license, its purchase, its owner.
//! - Parameters are those of the query and of the body together; the body is a form or JSON.
//! - A verification counts a use unless `increment_uses_count` is the text `false` or a JSON `false`, and its answer has
//!   the counter after that. Refunded, disputed and ended purchases are successes.
//! - A license has neither seats, an expiry nor a status. `disabled` is visible only in sales.
//! - Sales are listed newest first, ten on a page. A page key selects sales that are not newer *and* have a smaller number.
//! - Test purchases (the seller's own) are not in the list of sales; they can be read by id.
//! - A date of a filter is a day in UTC.
//! - A ping has the state at the time of its event, also when it is sent again. The names of its addresses are not resolved.
//! - Failures of subscribers have a message that is not in any source.
//!
//! Faults that are common to all servers, such as latency, lost answers and 5xx, are in [`kit::FaultyTransport`].
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod dashboard;
mod database;
mod documents;
mod ids;
mod inspect;
mod key_records;
mod licenses;
mod params;
mod ping_bodies;
mod ping_event;
mod ping_queue;
mod pings;
mod quirks;
mod records;
mod resource_subscriptions;
mod route;
mod router;
mod sale_documents;
mod sale_spec;
mod sales;
mod scope;
mod selling;
mod simulated;
mod time;

/// The example of the README, which is tested with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

use std::fmt;
use std::sync::MutexGuard;

use anykey_core::{Clock, HttpTransport, Timestamp, TransportError};
use anykey_sim_kit::{SharedState, dated};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

pub use anykey_sim_kit as kit;

pub use self::ping_event::PingEvent;
pub use self::quirks::Quirks;
pub use self::sale_spec::{SaleSpec, Sold};
pub use self::scope::Scope;
pub use self::simulated::{SIMULATOR, SimulatedGumroad};

use self::database::State;
use self::router::Verifications;

/// A simulated Gumroad server, with the dashboard of one seller.
///
/// Clones share everything. Each call is atomic, never waits, and uses the clock given at the start. `Debug` prints
/// neither license keys nor tokens.
#[derive(Clone)]
pub struct GumroadSim {
    clock: Clock,
    state: SharedState<State>,
    verifications: SharedState<Verifications>,
    seller: u64,
}

impl GumroadSim {
    /// The current behaviour, with one seller and one product.
    #[must_use]
    pub fn new(clock: impl Into<Clock>) -> Self {
        Self::with_seed(clock, 0)
    }

    /// The same, with ids, license keys and tokens that depend on `seed`.
    #[must_use]
    pub fn with_seed(clock: impl Into<Clock>, seed: u64) -> Self {
        let mut state = State::new(seed);
        let seller = state.add_seller();
        let (state, verifications) = (SharedState::new(state), SharedState::new(None));
        Self { clock: clock.into(), state, verifications, seller }
    }

    /// Changes the behaviour of later requests. `change` must not use the simulator.
    pub fn change_quirks(&self, change: impl FnOnce(&mut Quirks)) {
        change(&mut self.lock().quirks);
    }

    fn now(&self) -> Timestamp {
        time::to_seconds(self.clock.now())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

#[async_trait]
impl HttpTransport for GumroadSim {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let now = self.now();
        let answer = router::answer(&mut self.lock(), &mut self.verifications.lock(), &request, now);
        Ok(dated(answer, now))
    }
}

impl fmt::Debug for GumroadSim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GumroadSim")
            .field("seller", &self.seller)
            .field("sales", &self.sale_count())
            .finish_non_exhaustive()
    }
}

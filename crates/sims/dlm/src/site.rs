//! The handle of a simulated site.

use anykey_core::{Clock, Timestamp};
use anykey_sim_kit::SharedState;

use crate::state::State;
use crate::switches::Switches;

/// A WordPress site with Digital License Manager in memory, as a transport. Clones share it.
///
/// It starts without keys and without consumer keys, so every call answers with 401 until one is
/// [added](Self::add_consumer). It uses the clock that it is started with, and adds that time to each answer as
/// `Date`.
///
/// ```
/// use anykey_core::{HttpTransport as _, ManualClock, Timestamp};
/// use anykey_dlm_sim::{Consumer, DlmSim, License};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let site = DlmSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let seller = Consumer::new("ck_1", "cs_1");
/// site.add_consumer(seller.clone());
/// let mut license = License::default();
/// license.license_key = "AAAA-BBBB".to_owned();
/// license.status = 5;
/// site.add_license(license);
///
/// let activate = http::Request::get("https://shop.example.com/wp-json/dlm/v1/licenses/activate/AAAA-BBBB")
///     .header("authorization", seller.authorization())
///     .body(bytes::Bytes::new())?;
/// let answer = site.send(activate).await?;
/// assert_eq!(answer.status(), 405, "this key is disabled");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct DlmSim {
    pub(crate) clock: Clock,
    pub(crate) state: SharedState<State>,
}

impl DlmSim {
    /// A site without any key, by `clock`.
    #[must_use]
    pub fn new(clock: impl Into<Clock>) -> Self {
        Self { clock: clock.into(), state: SharedState::new(State::new()) }
    }

    /// Changes the switches, from the next request on.
    pub fn change_switches(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.state.lock().switches);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

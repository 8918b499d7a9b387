use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::{HttpTransport, LicenseKeyId};
use anykey_sim_kit::{SimulatedVendor, Simulator, StartError};

use crate::abilities::Abilities;
use crate::changes::Changes;
use crate::deliveries::{Deliveries, Receiver};
use crate::fault_choice::{FaultKind, HowOften};
use crate::mask::Mask;
use crate::recorder::Recorder;
use crate::request_log::RequestLog;

/// The address of the page's own webhook endpoint. Nothing is sent there: the page takes the deliveries itself.
const OWN_ENDPOINT: &str = "http://127.0.0.1/webhooks";

/// A simulated vendor for a [`SimPage`](crate::SimPage).
///
/// `Debug` prints neither keys nor credentials.
pub struct Panel {
    pub(crate) simulator: Simulator,
    pub(crate) vendor: Arc<dyn SimulatedVendor>,
    pub(crate) abilities: Abilities,
    pub(crate) requests: Arc<RequestLog>,
    pub(crate) deliveries: Deliveries,
    pub(crate) mask: Arc<Mask>,
    api: Arc<dyn HttpTransport>,
    changes: Changes,
    view: Mutex<View>,
}

/// What the page remembers of a vendor.
#[derive(Default)]
pub(crate) struct View {
    /// Where the API is served.
    pub(crate) address: Option<String>,
    /// What the last action did.
    pub(crate) notice: Option<String>,
    /// The keys whose codes are shown.
    pub(crate) revealed: HashSet<LicenseKeyId>,
    fault: Option<ActiveFault>,
}

#[derive(Clone, Copy)]
struct ActiveFault {
    kind: FaultKind,
    often: HowOften,
    /// The number of faults before it.
    injected_before: u64,
}

impl Panel {
    /// `vendor`, which `simulator` has started. Its webhooks are taken by the page itself.
    ///
    /// # Errors
    ///
    /// [`StartError`] when the simulator does not start a second time, to see what the vendor can do.
    pub fn new(simulator: Simulator, vendor: Arc<dyn SimulatedVendor>) -> Result<Self, StartError> {
        let panel = Self::with_receiver(simulator, vendor, Receiver::Page(Some(http::StatusCode::OK)))?;
        if panel.abilities.webhooks {
            panel
                .vendor
                .add_webhook_endpoint(OWN_ENDPOINT, None)
                .ok_or("the simulator adds no second endpoint")?;
        }
        Ok(panel)
    }

    /// The same for a vendor that already has endpoints. Nothing is sent before
    /// [`SimPage::send_webhooks`](crate::SimPage::send_webhooks).
    ///
    /// # Errors
    ///
    /// As of [`new`](Self::new).
    pub fn with_endpoints(
        simulator: Simulator,
        vendor: Arc<dyn SimulatedVendor>,
    ) -> Result<Self, StartError> {
        Self::with_receiver(simulator, vendor, Receiver::Nobody)
    }

    fn with_receiver(
        simulator: Simulator,
        vendor: Arc<dyn SimulatedVendor>,
        receiver: Receiver,
    ) -> Result<Self, StartError> {
        let (requests, mask, changes) = (Arc::default(), Arc::new(Mask::of(&*vendor)), Changes::new());
        let api: Arc<dyn HttpTransport> = Arc::new(Recorder {
            vendor: Arc::clone(&vendor),
            api: vendor.transport(),
            log: Arc::clone(&requests),
            mask: Arc::clone(&mask),
            changes: changes.clone(),
        });
        let abilities = Abilities::of(simulator)?;
        let (deliveries, view) = (Deliveries::to(receiver), Mutex::default());
        Ok(Self { simulator, vendor, abilities, requests, deliveries, mask, api, changes, view })
    }

    /// The vendor's API, whose requests the page shows.
    #[must_use]
    pub fn transport(&self) -> Arc<dyn HttpTransport> {
        Arc::clone(&self.api)
    }

    /// Shows `address` as the address of the API.
    pub fn served_at(&self, address: impl Into<String>) {
        self.view().address = Some(address.into());
    }

    pub(crate) fn changes(&self) -> &Changes {
        &self.changes
    }

    pub(crate) fn view(&self) -> MutexGuard<'_, View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Switches a fault on, in the place of all others.
    pub(crate) fn set_fault(&self, kind: FaultKind, often: HowOften) {
        let faults = self.vendor.faults();
        faults.clear();
        let injected_before = faults.injected();
        faults.inject(often.rule(kind));
        self.view().fault = Some(ActiveFault { kind, often, injected_before });
    }

    pub(crate) fn clear_faults(&self) {
        self.vendor.faults().clear();
        self.view().fault = None;
    }

    /// The fault that is switched on; `None` also after the only request that it was for.
    pub(crate) fn fault(&self) -> Option<(FaultKind, HowOften)> {
        let fault = self.view().fault?;
        let is_over =
            fault.often == HowOften::Next && self.vendor.faults().injected() > fault.injected_before;
        (!is_over).then_some((fault.kind, fault.often))
    }
}

impl fmt::Debug for Panel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Panel").field("vendor", &self.vendor).finish_non_exhaustive()
    }
}

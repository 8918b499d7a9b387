use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::{HttpTransport, Timestamp};
use anykey_sim_kit::{Delivery, DeliveryId, DeliveryOutcome, SimulatedVendor};
use http::StatusCode;

use crate::mask::Mask;

/// How many deliveries of one vendor are kept.
const KEPT: usize = 50;

/// Who receives webhooks.
#[derive(Clone)]
pub(crate) enum Receiver {
    /// Nobody yet: nothing is sent.
    Nobody,
    /// The page itself, with this answer; `None` for no answer.
    Page(Option<StatusCode>),
    /// The addresses of the endpoints.
    Network(Arc<dyn HttpTransport>),
}

/// One webhook request of a vendor, without key codes.
#[derive(Clone)]
pub(crate) struct LoggedDelivery {
    pub(crate) id: DeliveryId,
    /// The time of the simulator's clock.
    pub(crate) at: Timestamp,
    pub(crate) event_type: String,
    /// Which attempt for this event it was, from 1.
    pub(crate) attempt: u32,
    pub(crate) body: String,
    /// The status of the answer; `None` without one.
    pub(crate) answer: Option<u16>,
    pub(crate) outcome: DeliveryOutcome,
}

/// The webhooks of one vendor: who receives them, and the latest.
pub(crate) struct Deliveries(Mutex<State>);

struct State {
    receiver: Receiver,
    latest: VecDeque<LoggedDelivery>,
    count: usize,
}

impl Deliveries {
    pub(crate) fn to(receiver: Receiver) -> Self {
        Self(Mutex::new(State { receiver, latest: VecDeque::new(), count: 0 }))
    }

    pub(crate) fn receiver(&self) -> Receiver {
        self.lock().receiver.clone()
    }

    pub(crate) fn set_receiver(&self, receiver: Receiver) {
        self.lock().receiver = receiver;
    }

    /// The latest deliveries, newest first.
    pub(crate) fn latest(&self) -> Vec<LoggedDelivery> {
        self.lock().latest.iter().cloned().collect()
    }

    /// The number of requests sent so far.
    pub(crate) fn count(&self) -> usize {
        self.lock().count
    }

    /// Lets the vendor send the webhook of the delivery with this number again; false when it cannot.
    pub(crate) fn repeat(&self, vendor: &dyn SimulatedVendor, number: u64) -> bool {
        let shown = self.latest().into_iter().find(|delivery| delivery.id.number() == number);
        shown.is_some_and(|delivery| vendor.webhooks().repeat(delivery.id))
    }

    /// Sends what is due, one request after the other, and returns how many were sent.
    pub(crate) async fn send_due(&self, vendor: &dyn SimulatedVendor, mask: &Mask) -> usize {
        let mut sent = 0;
        loop {
            let receiver = self.receiver();
            if matches!(receiver, Receiver::Nobody) {
                return sent;
            }
            let Some(delivery) = vendor.webhooks().next_delivery() else { return sent };
            mask.learn(&vendor.keys().unwrap_or_default());
            self.send(vendor, mask, receiver, delivery).await;
            sent += 1;
        }
    }

    async fn send(&self, vendor: &dyn SimulatedVendor, mask: &Mask, receiver: Receiver, delivery: Delivery) {
        let body = mask.body(delivery.request.body());
        let answer = match receiver {
            Receiver::Nobody => None,
            Receiver::Page(answer) => answer,
            Receiver::Network(network) => {
                network.send(delivery.request).await.ok().map(|answer| answer.status())
            }
        };
        let outcome = vendor.webhooks().answered(delivery.id, answer);
        let mut state = self.lock();
        state.count += 1;
        state.latest.push_front(LoggedDelivery {
            id: delivery.id,
            at: delivery.at,
            event_type: delivery.event_type,
            attempt: delivery.attempt,
            body,
            answer: answer.map(|status| status.as_u16()),
            outcome,
        });
        state.latest.truncate(KEPT);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

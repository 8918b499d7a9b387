use super::DeliveryOutcome;

/// The result of sending deliveries, counted in requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryReport {
    /// Requests sent.
    pub sent: usize,
    /// Requests that delivered their message.
    pub delivered: usize,
    /// Failed requests whose message is sent again.
    pub retried: usize,
    /// Failed requests whose message is lost.
    pub given_up: usize,
}

impl DeliveryReport {
    pub(super) const fn count(&mut self, outcome: DeliveryOutcome) {
        self.sent += 1;
        match outcome {
            DeliveryOutcome::Delivered => self.delivered += 1,
            DeliveryOutcome::Retried { .. } => self.retried += 1,
            DeliveryOutcome::GivenUp => self.given_up += 1,
            DeliveryOutcome::Unknown => {}
        }
    }
}

impl std::ops::AddAssign for DeliveryReport {
    fn add_assign(&mut self, more: Self) {
        self.sent += more.sent;
        self.delivered += more.delivered;
        self.retried += more.retried;
        self.given_up += more.given_up;
    }
}

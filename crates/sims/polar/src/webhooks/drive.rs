use anykey_core::{HttpTransport, ManualClock};

use super::report::DeliveryReport;
use crate::server::PolarSim;

/// Sending for real.
impl PolarSim {
    /// Sends everything that is due, one request after the other, and judges the answers. A transport
    /// error is no answer. The vendor's 10 seconds are the transport's to keep.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// use anykey_core::{ManualClock, Timestamp};
    /// use anykey_polar_sim::{BenefitSpec, CustomerSpec, EndpointSpec, GrantSpec, PolarSim};
    /// use anykey_core::{HttpTransport, TransportError};
    /// use bytes::Bytes;
    ///
    /// #[derive(Debug)]
    /// struct Shop;
    ///
    /// #[async_trait::async_trait]
    /// impl HttpTransport for Shop {
    ///     async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
    ///         assert!(request.headers().contains_key("webhook-signature"));
    ///         Ok(http::Response::new(Bytes::new()))
    ///     }
    /// }
    ///
    /// let sim = PolarSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
    /// sim.add_webhook_endpoint(EndpointSpec::new("http://127.0.0.1:8080/webhooks/polar"))?;
    /// let customer = sim.add_customer(CustomerSpec::default())?;
    /// let benefit = sim.add_benefit(BenefitSpec::default())?;
    /// sim.grant(GrantSpec::order(benefit, customer))?;
    /// let report = sim.deliver_due(&Shop).await;
    /// assert_eq!((report.sent, report.delivered), (1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub async fn deliver_due(&self, transport: &dyn HttpTransport) -> DeliveryReport {
        let mut report = DeliveryReport::default();
        while let Some(delivery) = self.next_delivery() {
            let answer = transport.send(delivery.request).await;
            let status = answer.ok().map(|answer| answer.status());
            report.count(self.answered(delivery.id, status));
        }
        report
    }

    /// Sends until nothing is left, and moves `clock` to each next sending. It has to be the clock of
    /// this simulator; another one ends the run at the first wait.
    pub async fn deliver_all(&self, transport: &dyn HttpTransport, clock: &ManualClock) -> DeliveryReport {
        let mut report = self.deliver_due(transport).await;
        while let Some(at) = self.next_delivery_at() {
            clock.set(at.max(clock.now()));
            if self.state().now().to_timestamp() < at {
                break;
            }
            report += self.deliver_due(transport).await;
        }
        report
    }
}

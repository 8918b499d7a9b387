use std::sync::{Arc, OnceLock};

use super::Fault;

/// An extension of a request through which [`Faults`](super::Faults) reports the fault that the request gets.
///
/// Clones share the report. It is for a transport around a simulator that shows which requests got a fault.
///
/// ```
/// use anykey_core::HttpTransport;
/// use anykey_sim_kit::{Fault, FaultWitness, FaultyTransport, Rule};
/// # use anykey_core::TransportError;
/// # use bytes::Bytes;
/// # #[derive(Debug)]
/// # struct Vendor;
/// # #[async_trait::async_trait]
/// # impl HttpTransport for Vendor {
/// #     async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
/// #         Ok(http::Response::new(Bytes::new()))
/// #     }
/// # }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let faulty = FaultyTransport::new(Vendor);
/// faulty.inject(Rule::next(Fault::AnswerLost));
/// for expected in [Some(Fault::AnswerLost), None] {
///     let witness = FaultWitness::default();
///     let request = http::Request::get("https://api.example.com/").extension(witness.clone());
///     let _ = faulty.send(request.body(Bytes::new())?).await;
///     assert_eq!(witness.fault(), expected.as_ref());
/// }
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct FaultWitness(Arc<OnceLock<Fault>>);

impl FaultWitness {
    /// The fault that the request got; `None` before it was sent, and for a request without one.
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {
        self.0.get()
    }

    pub(super) fn report(&self, fault: &Fault) {
        // A request that passes two sets of faults reports the first.
        let _ = self.0.set(fault.clone());
    }
}

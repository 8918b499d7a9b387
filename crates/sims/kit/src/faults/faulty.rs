use anykey_core::{HttpTransport, TransportError};
use async_trait::async_trait;
use bytes::Bytes;

use super::{Faults, Rule};

/// A transport that wraps another one and injects faults.
///
/// Clones share their rules. A simulated vendor does not need it, because it has
/// [`faults`](crate::SimulatedVendor::faults).
///
/// ```
/// use anykey_core::{HttpTransport, TransportErrorKind};
/// use anykey_sim_kit::{Fault, FaultyTransport, Rule};
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
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let faulty = FaultyTransport::new(Vendor);
/// faulty.inject(Rule::next(Fault::AnswerLost).when(|_, path| path.ends_with("/activate")));
///
/// let request = || http::Request::post("https://api.example.com/licenses/activate").body("".into()).unwrap();
/// assert_eq!(faulty.send(request()).await.unwrap_err().kind(), TransportErrorKind::Interrupted);
/// assert_eq!(faulty.send(request()).await.unwrap().status(), 200);
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct FaultyTransport<T> {
    inner: T,
    faults: Faults,
}

impl<T: HttpTransport> FaultyTransport<T> {
    /// Wraps `inner`, without faults at first.
    pub fn new(inner: T) -> Self {
        Self { inner, faults: Faults::default() }
    }

    /// The faults, which clones share.
    #[must_use]
    pub const fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Adds a rule after the existing ones.
    pub fn inject(&self, rule: Rule) {
        self.faults.inject(rule);
    }

    /// Removes all rules.
    pub fn clear(&self) {
        self.faults.clear();
    }

    /// The number of requests with an injected fault.
    #[must_use]
    pub fn injected(&self) -> u64 {
        self.faults.injected()
    }
}

#[async_trait]
impl<T: HttpTransport> HttpTransport for FaultyTransport<T> {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.faults.send(request, |request| self.inner.send(request)).await
    }
}

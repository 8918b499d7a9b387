use anykey_core::{HttpTransport, TransportError};
use async_trait::async_trait;
use bytes::Bytes;

use super::{Faults, Rule};

/// A transport that injects faults on the way to another transport.
///
/// Clones share their rules. A simulated vendor needs none of these: it has
/// [`faults`](crate::SimulatedVendor::faults) of its own.
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
    /// A transport to `inner` without faults.
    pub fn new(inner: T) -> Self {
        Self { inner, faults: Faults::default() }
    }

    /// The faults, which clones share.
    #[must_use]
    pub const fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Adds a rule after the present ones.
    pub fn inject(&self, rule: Rule) {
        self.faults.inject(rule);
    }

    /// Removes all rules.
    pub fn heal(&self) {
        self.faults.heal();
    }

    /// How many requests met a fault so far.
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

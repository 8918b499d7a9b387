//! A transport with awaits at which a future can be dropped.

use std::future::poll_fn;
use std::task::Poll;

use anykey_core::async_trait;
use anykey_core::{HttpTransport, TransportError};
use bytes::Bytes;

/// Waits once before the request reaches another transport and once before its answer is returned, for tests that drop
/// a call at each of its awaits (see [`at_each_await`](crate::at_each_await)).
///
/// ```
/// use anykey_core::HttpTransport;
/// use anykey_testkit::drop_after;
/// use anykey_testkit::transport::{Answer, ScriptedTransport, WaitingTransport};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// for (waits, arrived) in [(0, 0), (1, 1), (2, 1)] {
///     let vendor = ScriptedTransport::from_fn(|_| Answer::new(204));
///     let waiting = WaitingTransport::new(vendor.clone());
///     let request = http::Request::get("https://api.example.com/license_keys").body("".into()).unwrap();
///     assert_eq!(drop_after(waits, waiting.send(request)).await, waits == 2);
///     assert_eq!(vendor.requests().len(), arrived);
/// }
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct WaitingTransport<T> {
    /// The transport that answers.
    inner: T,
}

impl<T: HttpTransport> WaitingTransport<T> {
    /// Waits around the work of `inner`.
    pub const fn new(inner: T) -> Self {
        Self { inner }
    }
}

#[async_trait]
impl<T: HttpTransport> HttpTransport for WaitingTransport<T> {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        wait_once().await;
        let answer = self.inner.send(request).await;
        wait_once().await;
        answer
    }
}

/// Waits, and is woken at once.
async fn wait_once() {
    let mut has_waited = false;
    poll_fn(|context| {
        if has_waited {
            return Poll::Ready(());
        }
        has_waited = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

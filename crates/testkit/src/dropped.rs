//! Futures that are dropped before they complete.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// More than any operation waits.
const MOST_WAITS: usize = 500;

/// Drops `future` when it waits for the time after `waits` earlier ones, as by a caller who gives up; returns whether
/// it completed before.
///
/// It is polled again only after it was woken, so `waits` counts events and no time.
///
/// ```
/// use anykey_testkit::drop_after;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut steps = 0;
/// let work = async {
///     steps += 1;
///     tokio::task::yield_now().await;
///     steps += 1;
/// };
/// assert!(!drop_after(0, work).await);
/// assert_eq!(steps, 1);
/// # });
/// ```
pub async fn drop_after<F: Future>(waits: usize, future: F) -> bool {
    let mut future = pin!(future);
    let mut left = waits;
    poll_fn(|context| match (future.as_mut().poll(context), left) {
        (Poll::Ready(_), _) => Poll::Ready(true),
        (Poll::Pending, 0) => Poll::Ready(false),
        (Poll::Pending, _) => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

/// Drops an operation at each of its awaits in turn, for tests of what a dropped future leaves behind.
///
/// `attempt` starts the operation on new data, drops it with [`drop_after`] and the number that it gets, asserts what
/// is then the case, and returns whether the operation completed.
///
/// # Panics
///
/// If the operation does not wait at all, so that nothing is tested, or is not complete after 500 awaits.
pub async fn at_each_await(attempt: impl AsyncFn(usize) -> bool) {
    let mut waits = 0;
    while !attempt(waits).await {
        waits += 1;
        assert!(waits < MOST_WAITS, "the operation is not complete after {MOST_WAITS} awaits");
    }
    assert!(waits > 0, "the operation does not wait");
}

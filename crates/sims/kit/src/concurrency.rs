use std::future::poll_fn;
use std::task::Poll;

/// Yields to other tasks once. A simulator calls it between two steps of a request that are not atomic on the real
/// server, so that concurrent requests overlap as they do there.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// anykey_sim_kit::let_others_run().await;
/// # });
/// ```
pub async fn let_others_run() {
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

use std::future::poll_fn;
use std::task::Poll;

/// Lets other tasks run once. A simulator waits here between two steps of a request that a real server does not do
/// at one instant, so that requests which are sent together overlap as they do there.
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

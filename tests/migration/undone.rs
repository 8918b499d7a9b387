//! A migration that is taken back.

use std::collections::BTreeSet;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use anykey::adapter::Named;
use anykey::migrate::{Journal, State, undo, write_page};
use anykey::sim::IssueSpec;
use anykey::{HttpTransport, LicenseStatus, TransportError, async_trait};
use bytes::Bytes;
use tokio::sync::Notify;

use crate::every_pair::faults;
use crate::pair::{Pair, targets};

#[tokio::test(start_paused = true)]
async fn what_a_run_created_is_switched_off_and_what_was_there_is_not() {
    for target in targets() {
        let pair = Pair::new(targets()[0], target);
        let keys = pair.seed(150);
        let _there = pair.target.issue(IssueSpec::new().code(keys[7].code.expose()));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::open(&path).await.unwrap();
        let outcome = pair.migration().run(&mut journal, &mut |_| {}).await.unwrap();
        assert_eq!((outcome.created, outcome.already_there), (151, 1));

        pair.target.vendor.faults().inject(faults(8));
        let provider = || Arc::new(Named::new("new", pair.seller()));
        let undone = undo(provider(), &mut journal).await.unwrap();
        assert_eq!((undone.switched_off, undone.gone, undone.failed), (151, 0, 0));
        let at_target = Pair::keys(&pair.target, None).await;
        let off: Vec<_> = at_target.iter().filter(|key| key.status == LicenseStatus::Disabled).collect();
        assert_eq!((off.len(), at_target.len()), (151, 151 + pair.before + 1));
        assert!(off.iter().all(|key| key.code != keys[7].code));
        assert_eq!(undo(provider(), &mut journal).await.unwrap().switched_off, 0);

        let mut page = Vec::new();
        write_page(&mut journal, &mut page).await.unwrap();
        let page = String::from_utf8(page).unwrap();
        assert!(
            page.contains("<h1>License keys from old to new</h1>") && page.contains("<td>undone"),
            "{page}"
        );
        assert!(!keys.iter().any(|key| page.contains(key.code.expose())));

        let again = pair.migration().run(&mut journal, &mut |_| {}).await.unwrap();
        assert_eq!((again.finished, again.created), (151, 0), "{again:?}");
        assert!(pair.migration().verify(&mut journal, &mut |_| {}).await.unwrap().is_complete());
        let counts = journal.counts().await.unwrap();
        assert!(counts.contains(&(State::Done, 151)) && counts.contains(&(State::Existed, 1)), "{counts:?}");
    }
}

/// Answers a number of requests. A later one does not reach the vendor, or its answer does not come back.
#[derive(Debug)]
struct SilentAfter {
    vendor: Arc<dyn HttpTransport>,
    left: AtomicUsize,
    loses_requests: bool,
    is_silent: Notify,
}

#[async_trait]
impl HttpTransport for SilentAfter {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        if self.left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok() {
            return self.vendor.send(request).await;
        }
        if !self.loses_requests {
            let _ = self.vendor.send(request).await;
        }
        self.is_silent.notify_one();
        pending().await
    }
}

/// Undoes a migration, drops that when the vendor is silent after so many answers, and undoes it again. Returns how
/// many keys were off in between, and how many in the end.
async fn undo_dropped_after(answered: usize, loses_requests: bool) -> (usize, usize) {
    let pair = Pair::new(targets()[0], targets()[0]);
    pair.seed(3);
    let mut journal = Journal::in_memory().await.unwrap();
    let created = pair.migration().run(&mut journal, &mut |_| {}).await.unwrap().created;
    let seller =
        |transport| Arc::new(Named::new("new", pair.target.provider_on(&pair.target_plane(), transport)));
    let off = async || {
        let at_target = Pair::keys(&pair.target, None).await;
        at_target.iter().filter(|key| key.status == LicenseStatus::Disabled).count()
    };

    let vendor = pair.target.vendor.transport();
    let left = AtomicUsize::new(answered);
    let transport = Arc::new(SilentAfter { vendor, left, loses_requests, is_silent: Notify::new() });
    tokio::select! {
        undone = undo(seller(transport.clone()), &mut journal) => assert_eq!(undone.unwrap().switched_off, created),
        () = transport.is_silent.notified() => {}
    }
    let in_between = off().await;
    let rest = undo(seller(pair.target.vendor.transport()), &mut journal).await.unwrap();
    assert_eq!((rest.gone, rest.failed), (0, 0), "{answered} answers");
    assert!(journal.counts().await.unwrap().contains(&(State::Undone, created)), "{answered} answers");
    (in_between, off().await)
}

#[tokio::test]
async fn a_dropped_undo_is_completed_by_the_next_one() {
    let (_, created) = undo_dropped_after(usize::MAX, true).await;
    let mut in_between = BTreeSet::new();
    for answered in 0.. {
        let (off, in_the_end) = undo_dropped_after(answered, true).await;
        assert_eq!(in_the_end, created, "{answered} answers");
        assert_eq!(undo_dropped_after(answered, false).await.1, created, "{answered} answers");
        in_between.insert(off);
        if off == created {
            break;
        }
    }
    assert_eq!(in_between, (0..=created).collect(), "dropped between each two keys");
}

//! A migration that is taken back.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use anykey::LicenseStatus;
use anykey::adapter::Named;
use anykey::migrate::{Journal, State, undo, write_page};
use anykey::sim::IssueSpec;
use anykey_testkit::transport::WaitingTransport;
use anykey_testkit::{at_each_await, drop_after};

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

#[tokio::test(start_paused = true)]
async fn a_dropped_undo_is_completed_by_the_next_one() {
    let target = targets()[0];
    let switched_off = RefCell::new(BTreeSet::new());
    at_each_await(async |waits| {
        let pair = Pair::new(target, target);
        pair.seed(3);
        let mut journal = Journal::in_memory().await.unwrap();
        let created = pair.migration().run(&mut journal, &mut |_| {}).await.unwrap().created;
        let seller = |transport| Named::new("new", pair.target.provider_on(&pair.target_plane(), transport));
        let off = async || {
            let at_target = Pair::keys(&pair.target, None).await;
            at_target.iter().filter(|key| key.status == LicenseStatus::Disabled).count()
        };

        let waiting = WaitingTransport::new(pair.target.vendor.transport());
        let is_completed = drop_after(waits, undo(Arc::new(seller(Arc::new(waiting))), &mut journal)).await;
        let so_far = off().await;
        switched_off.borrow_mut().insert(so_far);
        let undone = undo(Arc::new(seller(pair.target.vendor.transport())), &mut journal).await.unwrap();
        assert_eq!((undone.gone, undone.failed), (0, 0), "{waits} waits");
        assert_eq!(u64::try_from(off().await).unwrap(), created, "{waits} waits");
        assert!(journal.counts().await.unwrap().contains(&(State::Undone, created)), "{waits} waits");
        is_completed
    })
    .await;
    let switched_off = switched_off.into_inner();
    assert!(switched_off.len() > 2, "dropped between two keys: {switched_off:?}");
}

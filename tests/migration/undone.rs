//! A migration that is taken back.

use anykey::LicenseStatus;
use anykey::migrate::{Journal, State, undo, write_page};
use anykey::sim::IssueSpec;

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
        let provider = || std::sync::Arc::new(anykey::adapter::Named::new("new", pair.seller()));
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

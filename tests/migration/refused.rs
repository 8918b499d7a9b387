//! What is said before anything is written.

use std::sync::Arc;

use anykey::adapter::Named;
use anykey::migrate::{Filter, Journal, MigrateError, Migration, SkipReason};
use anykey::sim;
use anykey::{Capability, Clock};
use anykey_tests::Simulation;

use crate::pair::{Pair, targets};

#[tokio::test]
async fn a_target_that_takes_no_given_code_is_refused_with_the_router_as_the_way() {
    let mut refused = 0;
    for target in sim::simulators().into_iter().map(Simulation::of) {
        if target.seller_can(Capability::Create) {
            continue;
        }
        let source = Simulation::of(targets()[0]);
        let source = Named::new("old", source.provider(&source.seller_plane()));
        let target = Named::new("new", target.provider(&target.seller_plane()));
        let clock = Clock::new(anykey::Timestamp::now);
        let migration = Migration::new(Arc::new(source), Arc::new(target), Default::default(), clock);
        let mut journal = Journal::in_memory().await.unwrap();
        let error = migration.plan(&mut journal, &mut |_, _| {}).await.unwrap_err();
        assert!(matches!(&error, MigrateError::Impossible(text) if text.contains("router")), "{error}");
        refused += 1;
    }
    assert!(refused > 2);
}

#[tokio::test(start_paused = true)]
async fn keys_without_a_mapping_are_skipped_and_come_once_they_have_one() {
    let mut pair = Pair::new(targets()[0], targets()[0]);
    pair.seed(5);
    let customers = std::mem::take(&mut pair.mapping.customers);
    let mut journal = Journal::in_memory().await.unwrap();
    let plan = pair.migration().plan(&mut journal, &mut |_, _| {}).await.unwrap();
    assert_eq!((plan.to_create, plan.skipped[&SkipReason::UnmappedCustomer]), (0, 7));
    let outcome = pair.migration().run(&mut journal, &mut |_| {}).await.unwrap();
    assert_eq!((outcome.created, outcome.skipped), (0, 7));
    pair.mapping.customers = customers;
    let outcome = pair.migration().run(&mut journal, &mut |_| {}).await.unwrap();
    assert_eq!((outcome.created, outcome.skipped), (7, 0));
}

#[tokio::test(start_paused = true)]
async fn a_limit_and_a_filter_narrow_a_run() {
    let pair = Pair::new(targets()[0], targets()[0]);
    let keys = pair.seed(200);
    let mut journal = Journal::in_memory().await.unwrap();
    let outcome = pair.migration().limit(3).run(&mut journal, &mut |_| {}).await.unwrap();
    assert!(outcome.created == 3 && outcome.reached_limit, "{outcome:?}");
    let only = format!("key={}", keys[150].id).parse::<Filter>().unwrap();
    let outcome = pair.migration().only(only).run(&mut journal, &mut |_| {}).await.unwrap();
    assert_eq!(outcome.keys, 1);
    let rest = pair.migration().run(&mut journal, &mut |_| {}).await.unwrap();
    assert_eq!(rest.created + rest.done, 202);
    assert_eq!(pair.target.vendor.key_count().unwrap(), pair.before + 202);
}

#[tokio::test]
async fn a_journal_is_private_belongs_to_one_pair_and_holds_no_code() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("move.anykey");
    // Ids that are single digits would be found in any file.
    let target = *targets().last().unwrap();
    let pair = Pair::new(target, target);
    let keys = pair.seed(3);
    let mut journal = Journal::open(&path).await.unwrap();
    pair.migration().run(&mut journal, &mut |_| {}).await.unwrap();
    assert_eq!(journal.pair().await.unwrap(), Some(("old".to_owned(), "new".to_owned())));
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let content = std::fs::read(file.path()).unwrap();
        let holds = |text: &str| content.windows(text.len()).any(|window| window == text.as_bytes());
        for key in &keys {
            assert!(!holds(key.code.expose()) && !holds(key.customer.as_str()), "{:?}", file.path());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
        }
    }
    journal.close().await.unwrap();

    let source = pair.source.provider(&pair.source.seller_plane());
    let target = Named::new("another", pair.target.provider(&pair.target.seller_plane()));
    let clock = Clock::from(pair.target.clock.clone());
    let other =
        Migration::new(Arc::new(Named::new("old", source)), Arc::new(target), pair.mapping.clone(), clock);
    let mut journal = Journal::open(&path).await.unwrap();
    let error = other.run(&mut journal, &mut |_| {}).await.unwrap_err();
    assert!(error.to_string().contains("from `old` to `new`"), "{error}");
    journal.close().await.unwrap();

    Journal::forget(&path).await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    std::fs::write(&path, "something else that is not a database at all").unwrap();
    let error = Journal::forget(&path).await.unwrap_err();
    assert!(error.to_string().contains("no journal"), "{error}");
    assert!(path.exists());
}

//! Each vendor that lists its keys, to each that takes given codes.

use anykey::migrate::{Decision, Difference, Journal, State};
use anykey::sim::{Fault, IssueSpec, RetryAfter, Rule, Which};
use anykey::{ActivationLimit, Expiry, LicenseStatus, SignedDuration, StatusChange, ValidateRequest};

use crate::pair::{Pair, sources, targets};

/// What goes wrong with a tenth of the requests.
pub(crate) fn faults(seed: u64) -> Rule {
    faults_of(seed, 0.1)
}

pub(crate) fn faults_of(seed: u64, share: f64) -> Rule {
    let faults = [
        Fault::AnswerLost,
        Fault::ResetBeforeWork,
        Fault::unavailable(503),
        Fault::unavailable_after_work(502),
        Fault::rate_limited(RetryAfter::Seconds(1)),
        Fault::TruncatedBody,
        Fault::HangAfterWork,
    ];
    Rule::random(seed, share, faults)
}

#[tokio::test(start_paused = true)]
async fn keys_of_every_state_arrive_once_with_faults_on_both_sides() {
    for source in sources() {
        for target in targets() {
            let pair = Pair::new(source, target);
            pair.seed_states();
            pair.seed(120);
            let names = format!("{} to {}", source.vendor, target.vendor);
            let mut journal = Journal::in_memory().await.unwrap();
            let migration = pair.migration();
            let plan = migration.plan(&mut journal, &mut |_, _| {}).await.unwrap();
            assert!(
                plan.to_create > 100 && plan.conflicts == 0 && plan.already_there == 0,
                "{names}: {plan:?}"
            );
            assert_eq!(pair.target.vendor.key_count().unwrap(), pair.before, "{names}");

            pair.source.vendor.faults().inject(faults(1));
            pair.target.vendor.faults().inject(faults(2));
            let outcome = migration.run(&mut journal, &mut |_| {}).await.unwrap();
            pair.source.vendor.faults().clear();
            pair.target.vendor.faults().clear();
            assert_eq!(outcome.created + outcome.rejected, plan.to_create, "{names}: {outcome:?} {plan:?}");
            assert_eq!((outcome.conflicts, outcome.unfinished), (0, 0), "{names}: {outcome:?}");
            let created = usize::try_from(outcome.created).unwrap();
            pair.assert_each_once([], created).await;

            let mut findings = Vec::new();
            let verified =
                migration.verify(&mut journal, &mut |finding| findings.push(finding.clone())).await.unwrap();
            assert_eq!(verified.of, plan.to_create, "{names}");
            assert_eq!(verified.different, outcome.rejected, "{names}: {findings:?}");
            assert!(findings.iter().all(|finding| finding.differences == [Difference::Missing]), "{names}");

            let again = migration.run(&mut journal, &mut |_| {}).await.unwrap();
            assert_eq!(
                (again.created, again.finished, again.done),
                (0, 0, outcome.created),
                "{names}: {again:?}"
            );
            let fresh = pair.run().await;
            assert_eq!((fresh.created, fresh.already_there), (0, outcome.created), "{names}: {fresh:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_expired_with_its_subscription_is_not_in_force_at_the_target_until_its_end() {
    let mut expired = 0;
    for source in sources() {
        let pair = Pair::new(source, targets()[0]);
        let vendor = &pair.source.vendor;
        let end = vendor.now() + SignedDuration::from_hours(24 * 365);
        let Some(key) = vendor.issue(IssueSpec::new().by_subscription()) else { continue };
        if vendor.set_expiry(&key.id, Some(end)).is_none() || vendor.stop_payment(&key.id).is_none() {
            continue;
        }
        let keys = Pair::keys(&pair.source, Some(&pair.mapping)).await;
        let read = keys.into_iter().find(|read| read.id == key.id).unwrap();
        if (read.status, read.expiry) != (LicenseStatus::Expired, Expiry::At(end)) {
            continue;
        }
        expired += 1;
        let outcome = pair.run().await;
        assert_eq!(outcome.skipped, 1, "{}: {outcome:?}", source.vendor);
        let answer = pair.seller().validate(ValidateRequest::new(key.code)).await.unwrap();
        assert!(!answer.is_valid(), "{}", source.vendor);
    }
    assert!(expired > 0);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_off_at_the_source_is_off_at_the_target() {
    for target in targets() {
        let pair = Pair::new(targets()[0], target);
        let keys = pair.seed(3);
        pair.source.vendor.set_status(&keys[1].id, StatusChange::Disable).unwrap();
        let mut journal = Journal::in_memory().await.unwrap();
        let outcome = pair.migration().run(&mut journal, &mut |_| {}).await.unwrap();
        let entries = journal.entries_after(None, 100).await.unwrap();
        assert_eq!(outcome.created, 5, "{outcome:?} {entries:?}");
        let at_target = Pair::keys(&pair.target, None).await;
        let status = |number: usize| {
            let key = at_target.iter().find(|key| key.code == keys[number].code).unwrap();
            key.status.clone()
        };
        assert_eq!(
            [status(0), status(1), status(2)],
            [LicenseStatus::Active, LicenseStatus::Disabled, LicenseStatus::Active]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_off_is_in_force_at_no_moment() {
    for target in targets() {
        let pair = Pair::new(targets()[0], target);
        let key = pair.seed(1).remove(0);
        pair.source.vendor.set_status(&key.id, StatusChange::Disable).unwrap();
        let changes =
            |method: &http::Method, _: &str| *method == http::Method::PATCH || *method == http::Method::PUT;
        pair.target.vendor.faults().inject(Rule::always(Fault::unavailable(503)).when(changes));
        let mut journal = Journal::in_memory().await.unwrap();
        pair.migration().run(&mut journal, &mut |_| {}).await.unwrap_err();
        // It was created, and the change that switches it off did not come through.
        assert_eq!(pair.target.vendor.key_count().unwrap(), pair.before + 3, "{}", target.vendor);
        pair.target.vendor.faults().clear();
        let device = pair.target.provider(&pair.target.device_plane());
        let refused = device.validate(ValidateRequest::new(key.code.clone())).await;
        let is_valid =
            |answer: anykey::Result<anykey::Validation>| answer.is_ok_and(|answer| answer.is_valid());
        assert!(!is_valid(refused), "{}", target.vendor);

        let outcome = pair.migration().run(&mut journal, &mut |_| {}).await.unwrap();
        assert_eq!((outcome.finished, outcome.conflicts), (1, 0), "{}: {outcome:?}", target.vendor);
        let verified = pair.migration().verify(&mut journal, &mut |_| {}).await.unwrap();
        assert!(verified.is_complete(), "{}: {verified:?}", target.vendor);
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_that_the_target_has_is_done_if_the_data_are_equal_and_else_a_conflict() {
    for target in targets() {
        let pair = Pair::new(targets()[0], target);
        let keys = pair.seed(4);
        let there =
            |number: usize, spec: IssueSpec| pair.target.issue(spec.code(keys[number].code.expose())).id;
        there(0, IssueSpec::new());
        there(1, IssueSpec::new().product(Which::Second));
        there(2, IssueSpec::new().activation_limit(ActivationLimit::AtMost(9)));
        let mut journal = Journal::in_memory().await.unwrap();
        let mut conflicts = Vec::new();
        let plan = pair
            .migration()
            .plan(&mut journal, &mut |_, decision| {
                if let Decision::Conflict { differences, .. } = decision {
                    conflicts.extend(differences.clone());
                }
            })
            .await
            .unwrap();
        conflicts.sort();
        assert_eq!(conflicts, [Difference::Product, Difference::Limit], "{plan:?}");
        let outcome = pair.migration().run(&mut journal, &mut |_| {}).await.unwrap();
        assert_eq!((outcome.created, outcome.already_there, outcome.conflicts), (3, 1, 2), "{outcome:?}");
        let entries = journal.entries_after(None, 100).await.unwrap();
        let states = |state| entries.iter().filter(|entry| entry.state == state).count();
        assert_eq!([State::Done, State::Existed, State::Conflict].map(states), [3, 1, 2]);
    }
}

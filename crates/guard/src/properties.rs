//! Property tests of [`evaluate`] with random histories.

use std::time::Duration;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ErrorKind, Expiry, InstallationMark, KeyCode, LicenseKey, LicenseStatus, Refusal, RefusalReason,
    SignedDuration, Timestamp,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::answer::{AnswerTime, Measured};
use crate::clock::plus;
use crate::timeline::Timeline;
use crate::{
    Access, AccessState, Enforcement, HeldSeat, Issuer, OfflineGrace, Policy, RefusedBy, SeatRecord, evaluate,
};

const MARK: InstallationMark = InstallationMark::from_digest([7; 6]);

/// An event in the history of an installed app. Times are in seconds.
#[derive(Clone, Copy, Debug)]
enum Event {
    TimePasses(i64),
    ClockIsSet(i64),
    Valid { expires_in: Option<i64> },
    Refused(RefusalReason),
    NoAnswer(ErrorKind, Option<u64>),
    ActivationLost,
    Activated,
}

fn event() -> impl Strategy<Value = Event> {
    let day = 86_400_i64;
    prop_oneof![
        4 => (0..40 * day).prop_map(Event::TimePasses),
        1 => (-400 * day..400 * day).prop_map(Event::ClockIsSet),
        3 => proptest::option::of(-day..60 * day).prop_map(|expires_in| Event::Valid { expires_in }),
        2 => reason().prop_map(Event::Refused),
        3 => (kind(), proptest::option::of(0..100_000_u64)).prop_map(|(kind, wait)| Event::NoAnswer(kind, wait)),
        1 => Just(Event::ActivationLost),
        1 => Just(Event::Activated),
    ]
}

fn reason() -> impl Strategy<Value = RefusalReason> {
    proptest::sample::select(vec![
        RefusalReason::UnknownKey,
        RefusalReason::Expired,
        RefusalReason::Inactive,
        RefusalReason::Disabled,
        RefusalReason::UnknownActivation,
        RefusalReason::Unspecified,
    ])
}

fn kind() -> impl Strategy<Value = ErrorKind> {
    proptest::sample::select(vec![
        ErrorKind::RateLimited,
        ErrorKind::Unavailable,
        ErrorKind::Timeout,
        ErrorKind::Transport,
        ErrorKind::Decode,
        ErrorKind::Config,
        ErrorKind::Unauthenticated,
    ])
}

fn policy() -> impl Strategy<Value = Policy> {
    let grace = prop_oneof![
        3 => (0..40_u32).prop_map(OfflineGrace::days),
        1 => Just(OfflineGrace::Unlimited),
        1 => (-9_i64..0).prop_map(|days| OfflineGrace::For(SignedDuration::from_hours(24 * days))),
    ];
    let payment = proptest::option::of(0..10_i64);
    (0..200_i64, any::<u8>(), grace, any::<bool>(), payment, 0..3_000_i64).prop_map(
        |(interval, jitter, grace, needs_check, payment, tolerance)| {
            let payment_grace = payment.map(|days| SignedDuration::from_hours(24 * days));
            Policy { payment_grace, ..Policy::default() }
                .check_interval(SignedDuration::from_hours(interval))
                .jitter_percent(jitter)
                .offline_grace(grace)
                .grace_needs_good_check(needs_check)
                .clock_tolerance(SignedDuration::from_secs(tolerance))
        },
    )
}

fn start() -> Timestamp {
    "2027-01-01T00:00:00Z".parse().unwrap()
}

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

/// An installed app with its clock and record.
struct App {
    record: SeatRecord,
    now: Timestamp,
    policy: Policy,
}

impl App {
    fn new(policy: Policy) -> Self {
        let mut app = Self { record: SeatRecord::new(MARK, start()), now: start(), policy };
        app.apply(Event::Activated);
        app
    }

    fn apply(&mut self, event: Event) {
        let (now, policy) = (self.now, self.policy);
        match event {
            Event::TimePasses(by) | Event::ClockIsSet(by) => {
                self.now = plus(now, seconds(by));
                self.record.observe(self.now);
            }
            Event::Valid { expires_in } => {
                let mut key =
                    LicenseKey::new("memory", "key_1".into(), KeyCode::verbatim("K"), LicenseStatus::Active);
                key.expiry = expires_in.map_or(Expiry::Never, |by| Expiry::At(plus(now, seconds(by))));
                self.record.accept(self.measured(), &policy, Some(&key));
            }
            Event::Refused(reason) => self.record.refuse(self.measured(), &policy, Refusal::new(reason)),
            Event::NoAnswer(kind, wait) => {
                self.record.miss(now, &policy, kind, wait.map(Duration::from_secs));
            }
            Event::ActivationLost => {
                self.record.expect_seat(now, &Issuer::new("memory"), &KeyCode::verbatim("K"), "label");
            }
            Event::Activated => {
                let (issuer, code) = (Issuer::new("memory"), KeyCode::verbatim("K"));
                self.record.hold(HeldSeat::new(issuer, code, Some("act_1".into()), "label", now));
                self.record.accept(self.measured(), &policy, None);
            }
        }
    }

    /// The time of an immediate answer from a vendor that does not report its time.
    fn measured(&self) -> Measured {
        AnswerTime { clock: self.now, latest: self.now }.measured(None, &self.record, &self.policy)
    }

    fn payment_grace(&self, reason: RefusalReason) -> SignedDuration {
        self.policy.payment_grace_of(self.record.held.as_ref().unwrap(), reason)
    }

    fn access(&self) -> Access {
        self.access_at(self.now)
    }

    fn access_at(&self, now: Timestamp) -> Access {
        evaluate(&self.record, now, &self.policy)
    }
}

fn after(history: &[Event], policy: Policy) -> App {
    let mut app = App::new(policy);
    history.iter().for_each(|event| app.apply(*event));
    app
}

fn history() -> impl Strategy<Value = Vec<Event>> {
    proptest::collection::vec(event(), 0..30)
}

/// Runs `check` with the access before and after each event of a history.
fn step_by_step(
    history: &[Event],
    policy: Policy,
    mut check: impl FnMut(Access, Event, &App) -> TestCaseResult,
) -> TestCaseResult {
    let mut app = App::new(policy);
    for event in history {
        let before = app.access();
        app.apply(*event);
        check(before, *event, &app)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn an_outage_changes_nothing_but_the_cause(history in history(), policy in policy()) {
        step_by_step(&history, policy, |before, event, app| {
            if matches!(event, Event::NoAnswer(..)) {
                let after = app.access();
                prop_assert_eq!(before.is_allowed(), after.is_allowed());
                prop_assert_eq!(before.until(), after.until());
                let is_refused = |access: Access| matches!(access.state, AccessState::Refused { .. });
                prop_assert_eq!(is_refused(before), is_refused(after));
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_refusal_ends_access_immediately_unless_a_payment_may_resolve_it(
        history in history(), policy in policy(), reason in reason()
    ) {
        let mut app = after(&history, policy);
        app.apply(Event::Refused(reason));
        let AccessState::Refused { since, until, by, .. } = app.access().state else {
            return Err(TestCaseError::fail("not refused"));
        };
        prop_assert_eq!(by, RefusedBy::Vendor);
        let curable = !matches!(
            reason,
            RefusalReason::Disabled | RefusalReason::UnknownKey | RefusalReason::UnknownActivation
        );
        prop_assert!(until.is_none() || curable);
        prop_assert!(until.is_none_or(|until| until == plus(since, app.payment_grace(reason))));
    }

    #[test]
    fn a_refusal_stays_until_the_next_valid_answer(history in history(), policy in policy()) {
        let mut refused = false;
        step_by_step(&history, policy, |_, event, app| {
            match event {
                Event::Refused(_) => refused = true,
                Event::Valid { .. } | Event::Activated => refused = false,
                _ => {}
            }
            let is_refused =
                matches!(app.access().state, AccessState::Refused { by: RefusedBy::Vendor, .. });
            prop_assert_eq!(refused, is_refused);
            Ok(())
        })?;
    }

    #[test]
    fn setting_the_clock_back_neither_extends_nor_ends_access(
        history in history(), policy in policy(), back in 0..4_000_i64 * 86_400
    ) {
        let app = after(&history, policy);
        let latest = app.access_at(app.record.high_water);
        let earlier = plus(app.record.high_water, seconds(-back));
        let access = app.access_at(earlier);
        prop_assert_eq!(access.state, latest.state);
        prop_assert_eq!(access.clock_set_back, seconds(back) > policy.clock_tolerance);
    }

    #[test]
    fn time_alone_never_restores_access(
        history in history(), policy in policy(), steps in proptest::collection::vec(0..30_i64 * 86_400, 1..20)
    ) {
        let app = after(&history, policy);
        let mut now = app.now;
        let mut allowed = app.access().is_allowed();
        for step in steps {
            now = plus(now, seconds(step));
            let still = app.access_at(now).is_allowed();
            prop_assert!(allowed || !still, "access came back at {now}");
            allowed = still;
        }
    }

    #[test]
    fn the_next_change_comes_later_and_what_shows_stays_until_then(history in history(), policy in policy()) {
        let app = after(&history, policy);
        let timeline = Timeline::of(&app.record, &policy);
        let mut seen = app.record.high_water;
        while let Some(next) = timeline.next_change(seen) {
            prop_assert!(next > seen, "waiting until {next} at {seen} would never end");
            let before = plus(next, SignedDuration::from_nanos(-1));
            prop_assert_eq!(timeline.at(before).state, timeline.at(seen).state);
            seen = next;
        }
        prop_assert_eq!(timeline.at(Timestamp::MAX).state, timeline.at(seen).state);
    }

    #[test]
    fn access_ends_exactly_at_its_deadline(history in history(), policy in policy()) {
        let app = after(&history, policy);
        let access = app.access();
        if let Some(until) = access.until() {
            prop_assert!(access.is_allowed());
            prop_assert!(app.access_at(plus(until, SignedDuration::from_nanos(-1))).is_allowed());
            prop_assert!(!app.access_at(until).is_allowed());
        } else if access.is_allowed() {
            prop_assert!(app.access_at(Timestamp::MAX).is_allowed());
        }
    }

    #[test]
    fn access_lasts_for_interval_and_grace_or_until_the_expiry(
        history in history(), policy in policy(), expires_in in proptest::option::of(1..60_i64 * 86_400)
    ) {
        let mut app = after(&history, policy);
        app.apply(Event::Activated);
        app.apply(Event::Valid { expires_in });
        prop_assert_eq!(app.record.high_water, app.now);
        let access = app.access();
        prop_assert!(matches!(access.state, AccessState::Granted { .. }), "{access}");
        prop_assert!(!access.clock_set_back);
        if let Some(until) = access.until() {
            let bounded = policy.bounded();
            let trusted = match bounded.offline_grace {
                OfflineGrace::For(grace) => plus(app.now, bounded.check_interval + grace),
                OfflineGrace::Unlimited => Timestamp::MAX,
            };
            let expires = expires_in.map_or(Timestamp::MAX, |by| plus(app.now, seconds(by)));
            prop_assert!(until >= trusted.min(expires));
        }
    }

    #[test]
    fn a_known_expiry_ends_access_without_an_answer(
        history in history(), policy in policy(), expires_in in 1..60_i64 * 86_400
    ) {
        let mut app = after(&history, policy);
        app.apply(Event::Valid { expires_in: Some(expires_in) });
        let payment_grace = app.payment_grace(RefusalReason::Expired);
        let over = plus(app.now, seconds(expires_in) + policy.clock_tolerance.max(payment_grace));
        prop_assert!(!app.access_at(over).is_allowed());
        let is_expired =
            matches!(app.access_at(over).state, AccessState::Refused { by: RefusedBy::KnownExpiry, .. });
        prop_assert!(is_expired);
    }

    #[test]
    fn there_is_no_access_before_a_valid_answer_unless_the_policy_allows_it(policy in policy(), later in 0..90_i64 * 86_400) {
        let mut app = App { record: SeatRecord::new(MARK, start()), now: start(), policy };
        prop_assert_eq!(app.access().state, AccessState::NotActivated);
        app.apply(Event::ActivationLost);
        app.apply(Event::TimePasses(later));
        let access = app.access();
        prop_assert!(access.seat_may_be_taken);
        prop_assert!(!policy.grace_needs_good_check || !access.is_allowed());
    }

    #[test]
    fn the_next_check_is_never_later_than_twice_the_interval(history in history(), policy in policy()) {
        let app = after(&history, policy);
        let next = app.access().next_check.unwrap();
        let farthest = policy.bounded().check_interval.max(SignedDuration::from_hours(6)) * 2;
        prop_assert!(next <= plus(app.record.high_water, farthest), "{next}");
    }

    #[test]
    fn a_constant_clock_error_does_not_change_access(
        history in history(), policy in policy(), off_by in -4_000_i64 * 86_400..40_000_i64 * 86_400,
        later in proptest::collection::vec(0..20_i64 * 86_400, 1..10)
    ) {
        let mut right = after(&history, policy);
        right.apply(Event::Activated);
        let mut wrong = App { record: right.record.clone(), ..right };
        let (true_time, off_by) = (right.now, seconds(off_by));
        let answer = |clock| AnswerTime { clock, latest: clock };
        let measured = answer(plus(true_time, off_by)).measured(Some(true_time), &wrong.record, &policy);
        wrong.record.accept(measured, &policy, None);
        let mut now = true_time;
        for step in later {
            // A clock that is behind and then advances by half of that counts as corrected.
            let step = step.min(off_by.abs().as_secs() / 3);
            now = plus(now, seconds(step));
            let slack = policy.clock_tolerance.max(crate::seen_time::SLACK);
            let seen = wrong.access_at(plus(now, off_by));
            let bounds = [right.access_at(plus(now, -slack)), right.access_at(plus(now, slack))];
            let allowed = bounds.map(|access| access.is_allowed());
            prop_assert!(allowed.contains(&seen.is_allowed()), "{seen} instead of {}", bounds[0]);
            wrong.record.observe(now);
        }
    }

    #[test]
    fn correcting_the_clock_does_not_change_access(
        policy in policy(), off_by in -4_000_i64 * 86_400..40_000_i64 * 86_400, later in 0..60_i64 * 86_400
    ) {
        let right = after(&[Event::Activated], policy);
        let mut wrong = App { record: right.record.clone(), ..right };
        let clock = plus(right.now, seconds(off_by));
        let measured =
            AnswerTime { clock, latest: clock }.measured(Some(right.now), &wrong.record, &policy);
        wrong.record.accept(measured, &policy, None);
        prop_assume!(!wrong.record.clock_off_by.is_zero());
        // The clock is corrected, and then time passes.
        let now = plus(right.now, seconds(later.min(off_by.abs() / 3)));
        prop_assert_eq!(wrong.access_at(now).state, right.access_at(now).state);
        prop_assert!(!wrong.access_at(now).clock_set_back);
    }

    #[test]
    fn an_advisory_policy_has_the_same_state_and_always_allows(history in history(), policy in policy()) {
        let app = after(&history, policy);
        let advised = evaluate(&app.record, app.now, &policy.enforcement(Enforcement::Advisory));
        prop_assert_eq!(advised.state, app.access().state);
        prop_assert!(advised.is_allowed());
    }
}

//! The test of the scenarios that need HTTP: each flaw of an adapter is found by the scenarios that are meant for it,
//! and the same adapter without a flaw passes the whole suite.

use anykey_testkit::conformance::{Outcome, SCENARIOS, run};
use futures_util::future::join_all;

mod adapter;
mod subject;
mod vendor;

use self::subject::AcmeSubject;

/// One mistake of an adapter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Flaw {
    RepeatsActivations,
    ValidatesWithAWrite,
    NeverRepeatsReads,
    RefusesOnServerErrors,
    BelievesTheBodyWhateverTheStatus,
    RefusesOnFailedValidations,
    AnySuccessValidates,
    RefusesOnFailedActivations,
    AnySuccessDeactivates,
    SendsTheTokenFromDevices,
    LosesSeatsToOddDates,
    RefusesWithoutASeat,
    ActivatesWithoutASeat,
    NoSeatMeansNoneTaken,
    RefusesOddDates,
    ComparesOnlyWhatIsThere,
    RefusesUnreadableProducts,
    OneOddRecordHidesAll,
    SkipsOddRecords,
}

/// Each flaw, and the scenarios that are meant to find it.
pub(crate) const FLAWS: &[(Flaw, &[&str])] = &[
    (Flaw::RepeatsActivations, &["a_lost_answer_takes_no_second_seat"]),
    (Flaw::ValidatesWithAWrite, &["a_validation_is_repeated_when_its_answer_is_lost"]),
    (
        Flaw::NeverRepeatsReads,
        &["a_key_is_read_again_when_its_answer_is_lost", "a_page_is_read_again_when_its_answer_is_lost"],
    ),
    (Flaw::RefusesOnServerErrors, &["a_server_error_is_never_a_refusal"]),
    (
        Flaw::BelievesTheBodyWhateverTheStatus,
        &["a_server_error_is_never_a_refusal", "a_rate_limit_is_never_a_refusal"],
    ),
    (
        Flaw::RefusesOnFailedValidations,
        &[
            "a_server_error_is_never_a_refusal",
            "a_rate_limit_is_never_a_refusal",
            "a_foreign_answer_is_no_validation",
        ],
    ),
    (Flaw::AnySuccessValidates, &["a_foreign_answer_is_no_validation"]),
    (
        Flaw::RefusesOnFailedActivations,
        &["a_lost_answer_takes_no_second_seat", "a_foreign_answer_is_no_activation"],
    ),
    (Flaw::AnySuccessDeactivates, &["a_foreign_answer_is_no_deactivation"]),
    (Flaw::SendsTheTokenFromDevices, &["device_calls_carry_no_credential"]),
    (Flaw::LosesSeatsToOddDates, &["an_odd_member_loses_no_seat"]),
    (Flaw::RefusesWithoutASeat, &["an_odd_member_loses_no_seat"]),
    (Flaw::ActivatesWithoutASeat, &["an_odd_member_loses_no_seat"]),
    (Flaw::NoSeatMeansNoneTaken, &["an_odd_member_loses_no_seat"]),
    (Flaw::RefusesOddDates, &["an_odd_member_is_no_verdict"]),
    (Flaw::ComparesOnlyWhatIsThere, &["an_odd_member_is_no_verdict"]),
    (Flaw::RefusesUnreadableProducts, &["an_odd_member_is_no_verdict"]),
    (Flaw::OneOddRecordHidesAll, &["an_odd_record_hides_no_other"]),
    (Flaw::SkipsOddRecords, &["an_odd_record_hides_no_other"]),
];

#[tokio::test]
async fn each_flaw_is_found_by_the_scenarios_that_are_meant_for_it() {
    let meant = FLAWS.iter().flat_map(|(flaw, names)| names.iter().map(|name| (*flaw, *name)));
    join_all(meant.map(async |(flaw, name)| {
        let scenario = SCENARIOS.iter().find(|scenario| scenario.name() == name).unwrap();
        let outcome = scenario.run(&AcmeSubject::with(flaw)).await;
        assert!(matches!(outcome, Outcome::Failed(_)), "{name} did not find {flaw:?}: {outcome:?}");
    }))
    .await;
}

#[tokio::test]
async fn the_adapter_without_a_flaw_passes() {
    let report = run(async || AcmeSubject::flawless()).await;
    assert!(report.is_conformant(), "{report}");
    for (scenario, outcome) in report.results() {
        let needs_http = FLAWS.iter().any(|(_, names)| names.contains(&scenario.name()));
        assert!(!needs_http || *outcome == Outcome::Passed, "{}: {outcome:?}", scenario.name());
    }
}

#[tokio::test]
async fn a_vendor_that_wants_a_credential_on_device_calls_is_a_visible_skip() {
    let report = run(async || AcmeSubject::with(Flaw::SendsTheTokenFromDevices).wanting_the_token()).await;
    assert!(report.is_conformant(), "{report}");
    let line = "skipped: the vendor wants a credential for the calls of an installed app";
    assert!(report.to_string().contains(line), "{report}");
}

//! The test of the test: each flaw is found, by the scenario that is meant for it.

use std::collections::HashSet;

use anykey_testkit::__private::{check, prove};
use anykey_testkit::conformance::{MemorySubject, Report, SCENARIOS, Scenario, run};

mod provider;
mod subject;

use self::provider::Flawed;
use self::subject::{Shop, ShopSubject};

macro_rules! flaws {
    ($($flaw:ident: $($scenario:ident)+;)*) => {
        /// One way to get it wrong.
        #[derive(Clone, Copy, Debug, PartialEq)]
        enum Flaw { $($flaw),* }

        /// Each flaw, and the scenarios that are meant to find it.
        const FLAWS: &[(Flaw, &[&str])] = &[$((Flaw::$flaw, &[$(stringify!($scenario)),+])),*];
    };
}

flaws! {
    HidesThatItRotates: what_is_undeclared_is_unsupported;
    FiltersWithoutListing: every_declared_capability_is_proved;
    NamesAnotherProvider: every_key_carries_the_providers_name;
    AnonymousErrors: every_error_names_provider_and_operation;
    PrintsCodes: nothing_prints_a_secret;
    NeverEnds: an_empty_listing_ends;
    ReversesPages: pages_of_any_size_hold_every_key_once_in_one_order;
    SkipsTheSecondPage: the_stream_holds_every_key_once;
    RefusesPageSizeZero: a_page_size_of_zero_reads_one_by_one;
    RefusesHugePages: a_huge_page_size_is_the_vendors_maximum;
    CountsThePageOnly: a_reported_total_is_right;
    TokensForgetTheSize: a_stored_page_token_goes_on_where_it_was;
    StartsOverOnAForeignToken: a_foreign_or_damaged_page_token_is_an_invalid_request;
    ListsMaskedCodes: a_listed_key_is_the_issued_one;
    NamesPagesAheadUnasked: the_pages_ahead_are_those_that_follow;
    SkipsAPageAhead: the_pages_ahead_are_those_that_follow;
    NamesPagesPastTheEnd: the_pages_ahead_are_those_that_follow;
    LosesKeysInAHurry: the_stream_is_the_same_with_pages_in_flight;
    IgnoresTheCustomerFilter: the_customer_filter_brings_only_that_customers_keys;
    IgnoresTheEmailFilter: the_email_filter_brings_only_that_customers_keys;
    IgnoresTheExternalIdFilter: the_external_id_filter_brings_only_that_customers_keys;
    IgnoresTheProductFilter: the_product_filter_brings_only_that_products_keys;
    IgnoresTheStatusFilter: the_status_filter_brings_only_keys_of_that_status;
    IgnoresTheSourceFilter: the_source_filter_brings_only_keys_of_that_source;
    LeavesOutTheEnds: the_creation_filter_includes_both_ends;
    ClaimsSeveralValues: several_values_of_a_filter_bring_the_keys_of_any;
    TakesTheLastOfSeveralValues: several_values_of_a_filter_bring_the_keys_of_any;
    HonoursOneFilterOnly: filters_narrow_together;
    ForgetsFiltersAfterAPage: a_filter_holds_on_every_page;
    GetsAnotherKey: a_key_is_read_by_its_id;
    GetsAnotherLimit: a_key_read_by_id_is_the_listed_one;
    CallsUnknownInvalid: an_unknown_id_is_not_found;
    GetsNoEnd: the_expiry_of_a_key_is_reported;
    TakesTheLastPathSegment:
        a_hostile_id_reads_no_record
        a_hostile_id_changes_no_record
        a_hostile_id_rotates_no_record
        a_hostile_id_lists_no_activation;
    PanicsOnDots: a_hostile_id_reads_no_record;
    CreatesWithoutEnd: a_created_key_keeps_every_field;
    CreatesWithOneSeat: a_key_created_without_limits_has_none;
    CreatesDisabledKeys: a_created_key_is_valid;
    CreatesOverAnother: a_code_that_exists_is_a_conflict;
    MintsOneCode: a_minted_key_has_a_code_of_its_own;
    AnEmptyPatchClears: an_empty_patch_changes_nothing;
    UnknownChangesConflict: a_patch_of_an_unknown_id_is_not_found;
    ClearsNoExpiry: an_expiry_is_set_and_cleared;
    OnlyAnswersAsIf: a_changed_expiry_holds;
    SetsNoEnd: an_end_of_a_subscription_key_is_the_vendors_decision;
    SetsOneSeatMore: an_activation_limit_is_set;
    ALowLimitFreesSeats: a_limit_below_the_seats_in_use_frees_none;
    UsageResetsItsLimit: a_usage_is_set_and_limited;
    ChangesOneFieldOnly: one_patch_changes_several_fields;
    DisablesNothing: a_key_is_disabled_and_enabled;
    RevokesByDisabling: a_key_is_revoked;
    RotatesNothing: a_rotated_key_is_the_same_record_with_a_new_code;
    TheOldCodeStaysGood: after_a_rotation_only_the_new_code_is_good;
    RotatingFreesSeats: an_activation_survives_a_rotation;
    UnknownRotationsConflict: rotating_an_unknown_id_is_not_found;
    ListsAPhantomSeat: a_fresh_key_has_no_activations;
    ListsEveryKeysSeats: the_activations_are_those_that_were_made;
    ListsFreedSeats: a_freed_seat_is_no_longer_listed;
    CountsNoSeats: a_reported_number_of_seats_in_use_is_right;
    UnknownSeatsAreUnavailable: an_unknown_id_has_no_activations;
    RenamesNothing:
        a_renamed_activation_keeps_its_seat
        renaming_an_unknown_activation_is_not_found;
    NeverValid:
        a_good_key_is_valid
        white_space_around_a_typed_code_does_not_matter;
    UnknownCodesAreErrors: an_unknown_code_is_refused;
    ExpiredIsValid: a_key_is_expired_from_the_very_instant_on;
    DisabledIsValid: a_disabled_key_is_refused_until_it_is_enabled;
    RevokedIsValid: a_revoked_key_is_refused;
    TakesAnyEnvironment:
        a_key_of_the_other_environment_is_refused
        a_key_of_the_other_environment_takes_no_seat;
    KnowsNoSeat: a_seat_is_recognised;
    ForgetsTheSeat:
        a_seat_that_is_not_the_keys_is_refused
        a_malformed_seat_is_never_valid;
    KeepsTheSeat:
        a_freed_seat_is_refused
        a_freed_seat_can_be_taken_again;
    IgnoresTheProduct: a_required_product_is_checked;
    IgnoresTheCustomer: a_required_customer_is_checked;
    ConditionsAreDecoration: conditions_have_to_match_as_a_whole;
    ConditionsNeedASeatThatHasThem: a_seat_without_conditions_takes_any;
    CountsTwice:
        usage_is_counted_one_by_one
        usage_is_counted_once_and_up_to_its_limit;
    NoLimitIsNoUsage: usage_without_a_limit_is_always_counted;
    CountsRefusalsToo: a_refused_validation_counts_nothing;
    OneSeatTooMany: seats_are_taken_up_to_the_limit;
    OneSeatPerLabel: equal_labels_take_two_seats;
    UnlimitedIsTen: an_unlimited_key_has_many_seats;
    NotAllowedIsFull: a_key_without_seats_is_not_activated;
    TheLastSeatGoesToAll: the_last_seat_goes_to_exactly_one;
    LabelsAreAscii: an_odd_label_is_kept_as_it_is;
    IgnoresTheInstallation:
        an_installation_that_activates_again_keeps_its_seat
        installations_that_race_take_one_seat_each;
    RecognisesFreedSeats: an_installation_that_gave_its_seat_back_takes_another;
    DropsMetadata: metadata_is_kept_with_the_seat;
    RefusesWithoutReason:
        an_unknown_code_takes_no_seat
        an_expired_key_takes_no_seat
        a_disabled_key_takes_no_seat
        a_revoked_key_takes_no_seat;
    RenewsNothing: a_renewed_seat_lasts_longer;
    KeepsSeatsThatEnded: a_seat_that_ended_is_free_for_another_device;
    RevivesSeats:
        a_seat_that_ended_is_not_renewed
        a_seat_that_is_not_the_keys_is_not_renewed;
    GivesNoProof: a_proof_states_what_was_answered;
    ProvesWhatItRefuses: a_refused_key_gets_no_proof;
    TakesAnyProof:
        an_altered_proof_states_nothing
        a_proof_is_of_one_key;
    FreesASeatTwice: a_seat_is_given_back_once;
    NeedsAnActiveKey: a_disabled_key_gives_its_seats_back;
    NeedsAnUnexpiredKey: an_expired_key_gives_its_seats_back;
    FreesAnybodysSeat: a_seat_that_is_not_the_keys_stays;
    FreesSeatsOfUnknownKeys: an_unknown_code_gives_no_seat_back;
}

fn flawed(flaw: Flaw) -> ShopSubject {
    let memory = MemorySubject::wrapped(|vendor| Flawed::new(vendor, flaw));
    ShopSubject::new(memory, Shop::SellsSubscriptionsForLife)
}

async fn report_on(flaw: Flaw) -> Report {
    run(async || flawed(flaw)).await
}

/// Found in every report, since the shop's subscription keys look as if they were for life.
const FOR_LIFE: &str = "a_subscription_key_is_not_for_life";

#[tokio::test]
async fn each_flaw_is_found_by_the_scenarios_that_are_meant_for_it() {
    for (flaw, scenarios) in FLAWS {
        let report = report_on(*flaw).await;
        let failures = report.failures();
        assert!(failures.contains(&FOR_LIFE), "{report}");
        for scenario in *scenarios {
            assert!(failures.contains(scenario), "{scenario} did not find {flaw:?}:\n{report}");
        }
    }
}

#[test]
fn each_scenario_finds_a_flaw() {
    let over_http = crate::flawed_http::FLAWS.iter().flat_map(|(_, scenarios)| *scenarios);
    let in_memory = FLAWS.iter().flat_map(|(_, scenarios)| *scenarios);
    let found: HashSet<_> = in_memory.chain(over_http).chain([&FOR_LIFE]).collect();
    for name in SCENARIOS.iter().map(Scenario::name) {
        assert!(found.contains(&name), "no flaw shows that {name} can fail");
    }
}

#[tokio::test]
async fn a_narrow_flaw_leaves_the_other_scenarios_alone() {
    let narrow: [(Flaw, &[&str]); 9] = [
        (Flaw::IgnoresTheCustomerFilter, &["the_customer_filter_brings_only_that_customers_keys"]),
        (Flaw::ClaimsSeveralValues, &["several_values_of_a_filter_bring_the_keys_of_any"]),
        (Flaw::HidesThatItRotates, &["what_is_undeclared_is_unsupported"]),
        (Flaw::FiltersWithoutListing, &["every_declared_capability_is_proved"]),
        (Flaw::PanicsOnDots, &["a_hostile_id_reads_no_record"]),
        (Flaw::AnEmptyPatchClears, &["an_empty_patch_changes_nothing"]),
        (Flaw::ExpiredIsValid, &["a_changed_expiry_holds", "a_key_is_expired_from_the_very_instant_on"]),
        (Flaw::FreesASeatTwice, &["a_seat_is_given_back_once", "a_seat_that_is_not_the_keys_stays"]),
        (
            Flaw::SkipsTheSecondPage,
            &[
                "pages_of_any_size_hold_every_key_once_in_one_order",
                "the_stream_holds_every_key_once",
                "a_page_size_of_zero_reads_one_by_one",
                "a_huge_page_size_is_the_vendors_maximum",
                "the_email_filter_brings_only_that_customers_keys",
                "the_external_id_filter_brings_only_that_customers_keys",
                "a_filter_holds_on_every_page",
            ],
        ),
    ];
    for (flaw, scenarios) in narrow {
        let report = report_on(flaw).await;
        let mut failures = report.failures();
        failures.retain(|name| *name != FOR_LIFE);
        assert_eq!(failures, scenarios, "{flaw:?}:\n{report}");
    }
}

#[tokio::test]
async fn a_declared_ability_that_nothing_can_show_fails() {
    let shop = || ShopSubject::new(MemorySubject::new(), Shop::SellsNoEndingSeats);
    let report = run(async || shop()).await;
    assert_eq!(report.failures(), ["a_renewed_seat_lasts_longer"], "{report}");
    assert!(report.to_string().contains("{renew}, but nothing shows it"), "{report}");
    assert!(report.to_string().contains("skipped: the vendor issues no key with"), "{report}");
}

#[test]
#[should_panic(expected = "a_good_key_is_valid: a fresh key: expected Valid")]
fn the_test_of_a_broken_promise_panics() {
    check("a_good_key_is_valid", async { flawed(Flaw::NeverValid) });
}

#[test]
#[should_panic(expected = "declared, but not shown to work: {list without a customer,")]
fn the_test_of_completeness_panics() {
    prove(async || flawed(Flaw::FiltersWithoutListing));
}

//! The one list of scenarios: the tests, [`SCENARIOS`] and the check of completeness all come from it.

use anykey_core::Capability;

use super::scenario::Scenario;
use super::{
    activate, activations, ahead, create, credential, deactivate, declared, filters, foreign, get, hostile,
    installations, listing, lost, odd, outage, proof, provenance, renew, requirements, rotate, status,
    update, usage, validate,
};

/// Hands every scenario to the macro named in brackets: module, name, what it needs, what it proves.
#[doc(hidden)]
#[macro_export]
macro_rules! __for_each_scenario {
    ([$($then:tt)+] $context:tt) => {
        $($then)+! {
            $context

            declared what_is_undeclared_is_unsupported [] [];
            provenance every_key_carries_the_providers_name [] [];
            provenance every_error_names_provider_and_operation [] [];
            provenance nothing_prints_a_secret [] [];

            listing an_empty_listing_ends [List ListAll] [];
            listing pages_of_any_size_hold_every_key_once_in_one_order [List] [List];
            listing the_stream_holds_every_key_once [List ListAll] [ListAll];
            listing a_page_size_of_zero_reads_one_by_one [List] [];
            listing a_huge_page_size_is_the_vendors_maximum [List] [];
            listing a_reported_total_is_right [List] [];
            listing a_stored_page_token_goes_on_where_it_was [List] [];
            listing a_foreign_or_damaged_page_token_is_an_invalid_request [List] [];
            listing a_listed_key_is_the_issued_one [List] [];
            ahead the_pages_ahead_are_those_that_follow [List] [];
            ahead the_stream_is_the_same_with_pages_in_flight [List] [];

            filters the_customer_filter_brings_only_that_customers_keys
                [List FilterByCustomer] [List FilterByCustomer];
            filters the_email_filter_brings_only_that_customers_keys
                [List FilterByEmail] [FilterByEmail];
            filters the_external_id_filter_brings_only_that_customers_keys
                [List FilterByExternalCustomer] [FilterByExternalCustomer];
            filters the_product_filter_brings_only_that_products_keys
                [List ListAll FilterByProduct] [FilterByProduct];
            filters the_status_filter_brings_only_keys_of_that_status
                [List ListAll FilterByStatus] [FilterByStatus];
            filters the_source_filter_brings_only_keys_of_that_source
                [List ListAll FilterBySource] [FilterBySource];
            filters the_creation_filter_includes_both_ends
                [List ListAll FilterByCreation] [FilterByCreation];
            filters several_values_of_a_filter_bring_the_keys_of_any
                [List ListAll FilterByMany] [FilterByMany];
            filters filters_narrow_together [List ListAll FilterByProduct FilterByStatus] [];
            filters a_filter_holds_on_every_page [List ListAll FilterByProduct] [];

            get a_key_is_read_by_its_id [Get] [Get];
            get a_key_read_by_id_is_the_listed_one [Get List ListAll] [];
            get an_unknown_id_is_not_found [Get] [];
            get the_expiry_of_a_key_is_reported [Get] [];
            get a_subscription_key_is_not_for_life [Get] [];
            hostile a_hostile_id_reads_no_record [Get] [];
            hostile a_hostile_id_changes_no_record [SetExpiry] [];
            hostile a_hostile_id_rotates_no_record [Rotate] [];
            hostile a_hostile_id_lists_no_activation [Activations] [];

            create a_created_key_keeps_every_field [Create] [Create];
            create a_key_created_without_limits_has_none [Create] [];
            create a_created_key_is_valid [Create Validate ValidateWithoutSeat] [];
            create a_code_that_exists_is_a_conflict [Create] [];
            create a_minted_key_has_a_code_of_its_own [Create MintCode] [MintCode];

            update an_empty_patch_changes_nothing [SetExpiry] [];
            update a_patch_of_an_unknown_id_is_not_found [SetExpiry] [];
            update an_expiry_is_set_and_cleared [SetExpiry] [SetExpiry];
            update a_changed_expiry_holds [SetExpiry Validate] [];
            update an_activation_limit_is_set [SetActivationLimit] [SetActivationLimit];
            update a_limit_below_the_seats_in_use_frees_none [SetActivationLimit Activate Validate] [];
            update a_usage_is_set_and_limited [SetUsage] [SetUsage];
            update one_patch_changes_several_fields [SetExpiry SetActivationLimit] [];
            update an_end_of_a_subscription_key_is_the_vendors_decision [SetExpiry] [];
            status a_key_is_disabled_and_enabled [SetDisabled] [SetDisabled];
            status a_key_is_revoked [Revoke] [Revoke];

            rotate a_rotated_key_is_the_same_record_with_a_new_code [Rotate] [Rotate];
            rotate after_a_rotation_only_the_new_code_is_good [Rotate Validate ValidateWithoutSeat] [];
            rotate an_activation_survives_a_rotation [Rotate Activate Validate] [];
            rotate rotating_an_unknown_id_is_not_found [Rotate] [];

            activations a_fresh_key_has_no_activations [Activations] [];
            activations the_activations_are_those_that_were_made [Activations Activate] [Activations];
            activations a_freed_seat_is_no_longer_listed [Activations Activate Deactivate] [];
            activations a_reported_number_of_seats_in_use_is_right [Get Activate] [];
            activations an_unknown_id_has_no_activations [Activations] [];
            activations a_renamed_activation_keeps_its_seat
                [RenameActivation Activate Activations] [RenameActivation];
            activations renaming_an_unknown_activation_is_not_found [RenameActivation Activate] [];

            validate a_good_key_is_valid [Validate ValidateWithoutSeat] [Validate ValidateWithoutSeat];
            validate white_space_around_a_typed_code_does_not_matter [Validate] [];
            validate an_unknown_code_is_refused [Validate] [];
            validate a_key_is_expired_from_the_very_instant_on [Validate] [];
            validate a_disabled_key_is_refused_until_it_is_enabled [Validate] [];
            validate a_revoked_key_is_refused [Validate] [];
            validate a_key_of_the_other_environment_is_refused [Validate ValidateWithoutSeat] [];
            validate a_seat_is_recognised [Validate Activate] [Validate];
            validate a_seat_that_is_not_the_keys_is_refused [Validate Activate] [];
            validate a_freed_seat_is_refused [Validate Activate Deactivate] [];
            validate a_malformed_seat_is_never_valid [Validate] [];
            requirements a_required_product_is_checked [Validate RequireProduct] [RequireProduct];
            requirements a_required_customer_is_checked [Validate RequireCustomer] [RequireCustomer];
            requirements conditions_have_to_match_as_a_whole [Validate Activate Conditions] [Conditions];
            requirements a_seat_without_conditions_takes_any [Validate Activate Conditions] [];
            usage usage_is_counted_one_by_one [Validate CountUsage] [CountUsage];
            usage usage_is_counted_once_and_up_to_its_limit [Validate CountUsage] [];
            usage usage_without_a_limit_is_always_counted [Validate CountUsage] [];
            usage a_refused_validation_counts_nothing [Validate CountUsage] [];

            activate seats_are_taken_up_to_the_limit [Activate] [Activate];
            activate equal_labels_take_two_seats [Activate] [];
            activate an_unlimited_key_has_many_seats [Activate] [];
            activate a_key_without_seats_is_not_activated [Activate] [];
            activate the_last_seat_goes_to_exactly_one [Activate] [];
            activate an_odd_label_is_kept_as_it_is [Activate] [];
            installations an_installation_that_activates_again_keeps_its_seat
                [Activate OneSeatPerInstallation] [OneSeatPerInstallation];
            installations an_installation_that_gave_its_seat_back_takes_another
                [Activate OneSeatPerInstallation Deactivate] [];
            installations installations_that_race_take_one_seat_each [Activate OneSeatPerInstallation] [];
            activate metadata_is_kept_with_the_seat [Activate ActivationMetadata] [ActivationMetadata];
            activate an_unknown_code_takes_no_seat [Activate] [];
            activate an_expired_key_takes_no_seat [Activate] [];
            activate a_disabled_key_takes_no_seat [Activate] [];
            activate a_revoked_key_takes_no_seat [Activate] [];
            activate a_key_of_the_other_environment_takes_no_seat [Activate] [];

            renew a_renewed_seat_lasts_longer [Renew Activate Validate] [Renew];
            renew a_seat_that_ended_is_free_for_another_device [Renew Activate] [];
            renew a_seat_that_ended_is_not_renewed [Renew Activate] [];
            renew a_seat_that_is_not_the_keys_is_not_renewed [Renew Activate] [];

            proof a_proof_states_what_was_answered [OfflineProof Validate Activate] [OfflineProof];
            proof a_refused_key_gets_no_proof [OfflineProof Validate Activate] [];
            proof an_altered_proof_states_nothing [OfflineProof Activate] [];
            proof a_proof_is_of_one_key [OfflineProof Activate] [];

            deactivate a_seat_is_given_back_once [Deactivate Activate] [Deactivate];
            deactivate a_freed_seat_can_be_taken_again [Deactivate Activate] [];
            deactivate a_disabled_key_gives_its_seats_back [Deactivate Activate] [];
            deactivate an_expired_key_gives_its_seats_back [Deactivate Activate] [];
            deactivate a_seat_that_is_not_the_keys_stays [Deactivate Activate Validate] [];
            deactivate an_unknown_code_gives_no_seat_back [Deactivate Activate] [];

            lost a_lost_answer_takes_no_second_seat [Activate] [];
            lost a_validation_is_repeated_when_its_answer_is_lost [Validate] [];
            lost a_key_is_read_again_when_its_answer_is_lost [Get] [];
            lost a_page_is_read_again_when_its_answer_is_lost [List] [];
            odd an_odd_member_loses_no_seat [Activate] [];
            odd an_odd_member_is_no_verdict [Validate] [];
            odd an_odd_record_hides_no_other [List] [];
            outage a_server_error_is_never_a_refusal [] [];
            outage a_rate_limit_is_never_a_refusal [] [];
            foreign a_foreign_answer_is_no_validation [Validate] [];
            foreign a_foreign_answer_is_no_activation [Activate] [];
            foreign a_foreign_answer_is_no_deactivation [Deactivate Activate] [];
            credential device_calls_carry_no_credential [] [];
        }
    };
}

/// Makes [`SCENARIOS`] of the list.
macro_rules! slice_of_scenarios {
    ({} $($module:ident $name:ident [$($need:ident)*] [$($proof:ident)*];)*) => {
        /// Every scenario, in the order in which a [`Report`](super::Report) lists them.
        pub const SCENARIOS: &[Scenario] = &[$(Scenario {
            name: stringify!($name),
            needs: &[$(Capability::$need),*],
            proves: &[$(Capability::$proof),*],
            play: |subject| Box::pin($module::$name(subject)),
        }),*];
    };
}

__for_each_scenario!([slice_of_scenarios] {});

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_capability_is_proved_by_a_scenario_that_needs_it() {
        for capability in Capability::ALL {
            let proof = SCENARIOS.iter().find(|scenario| scenario.proves.contains(capability));
            let proof = proof.unwrap_or_else(|| panic!("nothing proves {capability:?}"));
            assert!(proof.needs.contains(capability), "{} does not need {capability:?}", proof.name);
        }
    }

    #[test]
    fn every_scenario_has_a_name_of_its_own() {
        let names: HashSet<_> = SCENARIOS.iter().map(Scenario::name).collect();
        assert_eq!(names.len(), SCENARIOS.len());
    }
}

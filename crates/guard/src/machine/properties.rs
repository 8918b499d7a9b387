//! The rules about seats, driven through random lives: lost answers, crashes, denied writes, clocks, swapped
//! vendors, rotated and refunded keys.

mod life;
mod vendor;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use life::{Happening, Life, happening};

/// The same lives in every run, so that no run fails by chance. `PROPTEST_RNG_SEED` and `PROPTEST_CASES` try others.
fn config() -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig {
        failure_persistence: None,
        cases: config.cases.max(600),
        rng_seed: match config.rng_seed {
            RngSeed::Random => RngSeed::Fixed(1),
            given @ RngSeed::Fixed(_) => given,
        },
        ..config
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_installation_never_has_two_seats_at_a_vendor_that_can_list(
        happenings in proptest::collection::vec(happening(), 0..40)
    ) {
        let mut life = Life::new(true);
        for happening in happenings {
            life.happens(&happening);
            prop_assert!(life.most_seats_at_one_vendor() <= 1, "{happening:?}: {:?}", life.seats());
        }
    }

    #[test]
    fn no_seat_is_ever_forgotten(
        happenings in proptest::collection::vec(happening(), 0..40), lists in any::<bool>()
    ) {
        let mut life = Life::new(lists);
        for happening in happenings {
            life.happens(&happening);
            prop_assert!(life.forgotten_seats().is_empty(), "{happening:?}: {:?}", life.forgotten_seats());
        }
        // And once everything can be reached, what is owed is given back.
        life.heals();
        life.happens(&Happening::Check);
        life.happens(&Happening::Check);
        if lists {
            prop_assert!(life.seats().len() <= 1, "{:?}", life.seats());
        }
    }

    #[test]
    fn silence_never_refuses(
        happenings in proptest::collection::vec(happening(), 0..40), lists in any::<bool>()
    ) {
        let mut life = Life::new(lists);
        for happening in happenings {
            let was_refused = life.is_refused_by_vendor() || life.is_refused_in_the_store();
            let said_no = life.nos();
            life.happens(&happening);
            if life.is_refused_by_vendor() && !was_refused {
                prop_assert!(life.nos() > said_no, "{happening:?}");
            }
        }
    }

    #[test]
    fn a_single_wrong_no_never_ends_access(
        happenings in proptest::collection::vec(happening(), 0..20), lists in any::<bool>()
    ) {
        let mut life = Life::new(lists);
        happenings.iter().for_each(|happening| life.happens(happening));
        life.heals();
        life.pays();
        if life.is_good_at_the_current_vendor() {
            life.wrong_no_once();
            life.happens(&Happening::Check);
            prop_assert!(life.is_good_at_the_current_vendor());
        }
    }

    #[test]
    fn every_operation_ends(happenings in proptest::collection::vec(happening(), 0..40), lists in any::<bool>()) {
        let mut life = Life::new(lists);
        for happening in happenings {
            life.happens(&happening);
            prop_assert!(life.longest_operation() <= 40, "{} steps", life.longest_operation());
        }
    }
}

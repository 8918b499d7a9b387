//! What goes wrong while a key is imported: nobody is locked out, and no key is created twice.

use anykey_core::{CreateRequest, ErrorKind, LicenseProvider, Operation};

use crate::fixture::{activation, code, vendors};
use crate::import::importing;
use crate::vendor::Creation;

fn wanted(limit: u64) -> CreateRequest {
    CreateRequest::new(code("AAAA"), "new_customer", "new_product").activation_limit(limit)
}

/// What happens to the requests that create the key, where the customer's seat is after that, how many requests were
/// sent, and how many keys the target has.
#[tokio::test]
async fn an_import_without_an_answer_is_repeated_without_a_second_key() {
    let lost = |is_done| Creation::Lost { is_done };
    let fails = Creation::Fails;
    for (creations, provider, sent, keys) in [
        (vec![lost(true)], "main:", 1, 1),
        (vec![lost(false)], "main:", 2, 1),
        (vec![lost(false), lost(true)], "main:", 2, 1),
        (vec![lost(false), lost(false)], "legacy:", 2, 0),
        (vec![fails(ErrorKind::RateLimited)], "legacy:", 1, 0),
        (vec![fails(ErrorKind::Unavailable)], "legacy:", 1, 0),
        (vec![fails(ErrorKind::InvalidRequest)], "legacy:", 1, 0),
        (vec![fails(ErrorKind::Unauthenticated)], "legacy:", 1, 0),
        // Another server was faster.
        (vec![Creation::ComesSecond(wanted(2))], "main:", 1, 1),
        (vec![lost(false), Creation::ComesSecond(wanted(2))], "main:", 2, 1),
        // Somebody else has such a code there.
        (vec![Creation::ComesSecond(wanted(9))], "legacy:", 1, 1),
        (
            vec![Creation::ComesSecond(CreateRequest::new(code("AAAA"), "someone", "new_product"))],
            "legacy:",
            1,
            1,
        ),
    ] {
        let (main, legacy) = vendors();
        legacy.insert(CreateRequest::new(code("AAAA"), "cus_1", "pdt_1").activation_limit(2));
        main.create_next(creations.clone());
        let router = importing([&main, &legacy]);
        let seat = router.activate(activation("AAAA")).await.unwrap();
        assert!(seat.id.as_str().starts_with(provider), "{creations:?}: {seat:?}");
        let asked = main.asked();
        let created = asked.iter().filter(|asked| **asked == Operation::Create).count();
        assert_eq!((created, main.keys().await.len()), (sent, keys), "{creations:?}: {asked:?}");
        // The customer's next activation does what this one could not.
        if keys == 0 {
            let seat = router.activate(activation("AAAA")).await.unwrap();
            assert!(seat.id.as_str().starts_with("main:"), "{creations:?}");
            assert_eq!(main.keys().await.len(), 1);
        }
    }
}

#[tokio::test]
async fn a_target_that_does_not_answer_lets_the_source_serve_and_creates_nothing() {
    let (main, legacy) = vendors();
    legacy.issue("AAAA");
    main.set_down(true);
    let router = importing([&main, &legacy]);
    let seat = router.activate(activation("AAAA")).await.unwrap();
    assert!(seat.id.as_str().starts_with("legacy:"));
    assert_eq!(main.asked(), [Operation::Validate]);
    main.set_down(false);
    let seat = router.activate(activation("AAAA")).await.unwrap();
    assert!(seat.id.as_str().starts_with("main:"));
}

#[tokio::test]
async fn a_source_that_is_gone_matters_to_no_key_that_was_imported() {
    let (main, legacy) = vendors();
    legacy.issue("AAAA");
    legacy.issue("BBBB");
    let router = importing([&main, &legacy]);
    router.activate(activation("AAAA")).await.unwrap();
    legacy.set_down(true);
    for router in [router, importing([&main, &legacy])] {
        assert!(router.activate(activation("AAAA")).await.is_ok());
        // It may be a key of the source.
        let error = router.activate(activation("BBBB")).await.unwrap_err();
        assert!(error.refusal().is_none() && error.is_transient(), "{error:?}");
    }
    assert_eq!(main.keys().await.len(), 1);
}

/// All seats of the source are taken, and the target would have free ones.
#[tokio::test]
async fn no_failure_of_the_target_becomes_a_refusal_of_the_source() {
    let (main, legacy) = vendors();
    legacy.insert(CreateRequest::new(code("AAAA"), "cus_1", "pdt_1").activation_limit(1));
    legacy.memory.activate(activation("AAAA")).await.unwrap();
    let router = importing([&main, &legacy]);
    main.create_next([Creation::Fails(ErrorKind::Unavailable)]);
    let error = router.activate(activation("AAAA")).await.unwrap_err();
    assert!(error.refusal().is_none() && error.kind() == ErrorKind::Unavailable, "{error:?}");
    assert_eq!(error.operation(), Some(Operation::Activate));
    assert!(router.activate(activation("AAAA")).await.unwrap().id.as_str().starts_with("main:"));
}

#[tokio::test]
async fn a_code_that_exists_at_the_target_and_is_not_recognised_there_stays_at_the_source() {
    let (main, legacy) = vendors();
    legacy.issue("AAAA");
    main.issue("AAAA");
    main.recognise_no_key();
    let seat = importing([&main, &legacy]).activate(activation("AAAA")).await.unwrap();
    assert!(seat.id.as_str().starts_with("legacy:"));
    assert_eq!(main.keys().await.len(), 1);
}

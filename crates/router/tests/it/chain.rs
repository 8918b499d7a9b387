use anykey_core::{
    Capability, DeactivateRequest, ErrorKind, LicenseProvider, Operation, RefusalReason, RenewRequest,
};

use crate::fixture::{activation, chain, code, over, reason, request, vendors, word};
use crate::vendor::Vendor;

/// What a vendor does when it is asked about the key.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    Good,
    Unknown,
    Disabled,
    /// The vendor refuses without a reason, as it does with a key that it does not have.
    Vague,
    /// The vendor answers nothing.
    Down,
}

async fn put(vendor: &Vendor, key: Key) {
    match key {
        Key::Good => drop(vendor.issue("AAAA")),
        Key::Unknown => {}
        Key::Disabled => vendor.issue_disabled("AAAA").await,
        Key::Vague => {
            vendor.issue_disabled("AAAA").await;
            vendor.set_vague();
        }
        Key::Down => {
            vendor.issue("AAAA");
            vendor.set_down(true);
        }
    }
}

/// At the first vendor, at the second: the answer of the router, and whether the second was asked.
const TABLE: &[(Key, Key, &str, bool)] = &[
    (Key::Good, Key::Good, "valid", false),
    (Key::Good, Key::Unknown, "valid", false),
    (Key::Good, Key::Disabled, "valid", false),
    (Key::Good, Key::Vague, "valid", false),
    (Key::Good, Key::Down, "valid", false),
    (Key::Unknown, Key::Good, "valid", true),
    (Key::Unknown, Key::Unknown, "unknown_key", true),
    (Key::Unknown, Key::Disabled, "disabled", true),
    (Key::Unknown, Key::Vague, "unspecified", true),
    (Key::Unknown, Key::Down, "no answer", true),
    (Key::Disabled, Key::Good, "disabled", false),
    (Key::Disabled, Key::Unknown, "disabled", false),
    (Key::Disabled, Key::Disabled, "disabled", false),
    (Key::Disabled, Key::Vague, "disabled", false),
    (Key::Disabled, Key::Down, "disabled", false),
    (Key::Vague, Key::Good, "valid", true),
    (Key::Vague, Key::Unknown, "unspecified", true),
    (Key::Vague, Key::Disabled, "disabled", true),
    (Key::Vague, Key::Vague, "unspecified", true),
    (Key::Vague, Key::Down, "no answer", true),
    (Key::Down, Key::Good, "valid", true),
    (Key::Down, Key::Unknown, "no answer", true),
    (Key::Down, Key::Disabled, "no answer", true),
    (Key::Down, Key::Vague, "no answer", true),
    (Key::Down, Key::Down, "no answer", true),
];

#[tokio::test]
async fn the_chain_goes_on_where_a_key_is_not_known_and_no_failure_becomes_a_refusal() {
    for (first, second, expected, asks_second) in TABLE {
        let (main, legacy) = vendors();
        put(&main, *first).await;
        put(&legacy, *second).await;
        let answer = word(chain([&main, &legacy]).validate(request("AAAA")).await);
        assert_eq!(answer, *expected, "{first:?} {second:?}");
        assert_eq!(
            (main.asked().len(), !legacy.asked().is_empty()),
            (1, *asks_second),
            "{first:?} {second:?}"
        );
    }
}

#[tokio::test]
async fn a_seat_is_taken_only_where_a_read_has_recognised_the_key() {
    for (first, second, expected, _) in TABLE {
        let (main, legacy) = vendors();
        put(&main, *first).await;
        put(&legacy, *second).await;
        let answer = chain([&main, &legacy]).activate(activation("AAAA")).await;
        let what = format!("{first:?} {second:?}");
        let asked = [main.asked(), legacy.asked()];
        let sent = asked.each_ref().map(|asked| asked.contains(&Operation::Activate));
        // A refusal of a vendor that knows the key is asked of that vendor.
        let knows = |key: Key| [Key::Good, Key::Disabled].contains(&key);
        let first_knows = knows(*first);
        let second_answers = *expected == "valid" || *expected == "disabled";
        assert_eq!(sent, [first_knows, !first_knows && second_answers], "{what}");
        match answer {
            Ok(seat) => {
                let name = if *first == Key::Good { "main:" } else { "legacy:" };
                assert!(*expected == "valid" && seat.id.as_str().starts_with(name), "{what}");
            }
            Err(error) => {
                assert_eq!(reason(&error).map_or("no answer", RefusalReason::name), *expected, "{what}");
                assert_eq!(error.operation(), Some(Operation::Activate), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn usage_is_counted_only_where_a_read_has_recognised_the_key() {
    let (main, legacy) = vendors();
    let key = legacy.issue("AAAA");
    let router = chain([&main, &legacy]);
    assert!(router.validate(request("AAAA").increment_usage(2)).await.unwrap().is_valid());
    assert_eq!(main.asked(), [Operation::Validate]);
    assert_eq!(legacy.asked(), [Operation::Validate, Operation::Validate]);
    assert_eq!(legacy.memory.get(&key.id).await.unwrap().usage.unwrap().used, 2);

    let (main, legacy) = vendors();
    legacy.set_vague();
    let router = chain([&main, &legacy]);
    assert_eq!(word(router.validate(request("AAAA").increment_usage(1)).await), "unspecified");
    assert_eq!([main.asked().len(), legacy.asked().len()], [1, 1]);
}

#[tokio::test]
async fn a_failure_keeps_the_vendors_name_and_what_all_say_has_the_routers() {
    let (main, legacy) = vendors();
    legacy.set_down(true);
    let router = chain([&main, &legacy]);
    for error in [
        router.validate(request("AAAA")).await.unwrap_err(),
        router.activate(activation("AAAA")).await.unwrap_err(),
        router.deactivate(DeactivateRequest::new(code("AAAA"), "act_1")).await.unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Unavailable, Some("legacy")));
        assert!(error.is_transient() && error.message().contains("no other provider"), "{error}");
    }
    legacy.set_down(false);
    for error in [
        router.activate(activation("AAAA")).await.unwrap_err(),
        router.deactivate(DeactivateRequest::new(code("AAAA"), "act_1")).await.unwrap_err(),
    ] {
        assert_eq!((reason(&error), error.provider()), (Some(RefusalReason::UnknownKey), Some("all")));
    }
}

#[tokio::test]
async fn a_seat_from_before_the_router_is_validated_and_given_back_by_the_code() {
    let (main, legacy) = vendors();
    let key = legacy.issue("AAAA");
    let seat = legacy.memory.activate(activation("AAAA")).await.unwrap().id;
    let router = chain([&main, &legacy]);
    let validation = router.validate(request("AAAA").activation(seat.as_str())).await.unwrap();
    assert_eq!(validation.activation.unwrap().id.as_str(), format!("legacy:{seat}"));
    let renewed = router.renew(RenewRequest::new(code("AAAA"), seat.as_str())).await.unwrap();
    assert_eq!(renewed.id.as_str(), format!("legacy:{seat}"));
    router.deactivate(DeactivateRequest::new(code("AAAA"), seat.as_str())).await.unwrap();
    assert_eq!(legacy.seats(&key.id).await, 0);
}

#[tokio::test]
async fn a_chain_of_one_is_asked_directly() {
    let (main, legacy) = vendors();
    main.issue("AAAA");
    let router =
        over([&main, &legacy]).route(anykey_router::KeyShape::prefix("OLD-"), "legacy").chain(["main"]);
    router.build().unwrap().activate(activation("AAAA")).await.unwrap();
    assert_eq!((main.asked(), legacy.asked()), (vec![Operation::Activate], vec![]));
}

#[tokio::test]
async fn a_vendor_without_activations_is_not_asked_to_give_one_back() {
    let main = Vendor::lacking("main", &[Capability::Activate, Capability::Deactivate]);
    let (_, legacy) = vendors();
    let key = legacy.issue("AAAA");
    let seat = legacy.memory.activate(activation("AAAA")).await.unwrap().id;
    let router = chain([&main, &legacy]);
    router.deactivate(DeactivateRequest::new(code("AAAA"), seat.as_str())).await.unwrap();
    assert_eq!((main.asked(), legacy.seats(&key.id).await), (vec![], 0));
    let error = router.deactivate(DeactivateRequest::new(code("BBBB"), "act_1")).await.unwrap_err();
    assert_eq!((reason(&error), error.provider()), (Some(RefusalReason::UnknownKey), Some("all")));
    main.issue("CCCC");
    let error = router.deactivate(DeactivateRequest::new(code("CCCC"), "act_1")).await.unwrap_err();
    assert_eq!((error.kind(), error.provider()), (ErrorKind::Unsupported, Some("main")));
}

#[tokio::test]
async fn an_id_that_one_vendor_cannot_have_is_a_question_for_the_others() {
    for is_first in [true, false] {
        let (main, legacy) = vendors();
        legacy.issue("AAAA");
        main.refuse_ids_as_invalid();
        let router = if is_first { chain([&main, &legacy]) } else { chain([&legacy, &main]) };
        let release = |code_text| router.deactivate(DeactivateRequest::new(code(code_text), "act_9"));
        let error = release("AAAA").await.unwrap_err();
        assert_eq!((reason(&error), error.provider()), (Some(RefusalReason::UnknownActivation), Some("all")));
        let error = release("BBBB").await.unwrap_err();
        assert_eq!((reason(&error), error.provider()), (Some(RefusalReason::UnknownKey), Some("all")));
    }
}

#[tokio::test]
async fn a_vendor_that_looks_at_activations_only_hides_no_key_of_another() {
    let (main, legacy) = vendors();
    main.set_blind();
    legacy.issue("AAAA");
    let seat = legacy.memory.activate(activation("AAAA")).await.unwrap().id;
    let router = chain([&main, &legacy]);
    assert_eq!(word(router.validate(request("AAAA").activation(seat.as_str())).await), "valid");
    let unknown = router.validate(request("AAAA").activation("act_9")).await;
    assert_eq!(word(unknown), "unknown_activation");
    router.deactivate(DeactivateRequest::new(code("AAAA"), seat.as_str())).await.unwrap();
    let error = router.deactivate(DeactivateRequest::new(code("BBBB"), "act_9")).await.unwrap_err();
    assert_eq!((reason(&error), error.provider()), (Some(RefusalReason::UnknownActivation), Some("all")));
}

#[tokio::test]
async fn a_doubtful_refusal_makes_the_answer_of_all_doubtful() {
    for doubtful in 0..2 {
        for is_vague in [false, true] {
            let (main, legacy) = vendors();
            let pair = [&main, &legacy];
            pair[doubtful].set_doubtful();
            if is_vague {
                pair[1 - doubtful].set_vague();
            }
            let validation = chain(pair).validate(request("AAAA")).await.unwrap();
            assert!(validation.refusal().unwrap().is_doubtful, "{doubtful} {is_vague}");
        }
    }
}

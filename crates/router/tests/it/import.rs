//! Keys that are imported when their customers next activate.

use anykey_core::{
    ActivationLimit, CreateRequest, DeactivateRequest, Expiry, LicenseProvider, Operation, ProductId,
    StatusChange, Timestamp,
};
use anykey_router::{ImportPreview, KeyShape, Mapping, Router};
use futures_util::future::join;

use crate::fixture::{activation, code, over, reason, request, vendors, verdict};
use crate::vendor::Vendor;

pub(crate) fn mapping() -> Mapping {
    let mut mapping = Mapping::default();
    mapping.products.insert("pdt_1".into(), "new_product".into());
    mapping.customers.insert("cus_1".into(), "new_customer".into());
    mapping
}

/// A router that asks `legacy` first where nothing is imported.
pub(crate) fn importing(vendors: [&Vendor; 2]) -> Router {
    let router = over(vendors).chain(["legacy", "main"]).create("main");
    router.import_on_activate(["legacy"], mapping()).build().unwrap()
}

fn terms() -> CreateRequest {
    terms_of("AAAA")
}

fn terms_of(text: &str) -> CreateRequest {
    let end: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
    CreateRequest::new(code(text), "cus_1", "pdt_1").activation_limit(2).expiry(end)
}

#[tokio::test]
async fn a_key_is_created_with_its_code_limit_and_end_before_its_seat_is_taken() {
    let (main, legacy) = vendors();
    let old = legacy.insert(terms());
    let router = importing([&main, &legacy]);
    let seat = router.activate(activation("AAAA")).await.unwrap();
    assert!(seat.id.as_str().starts_with("main:"), "{seat:?}");
    let keys = main.keys().await;
    let [key] = keys.as_slice() else { panic!("{keys:?}") };
    assert_eq!(key.code, code("AAAA"));
    assert_eq!(
        (key.product.as_ref(), key.customer.as_ref()),
        (Some(&"new_product".into()), Some(&"new_customer".into()))
    );
    assert_eq!((key.activations.limit, key.expiry), (ActivationLimit::AtMost(2), old.expiry));
    assert_eq!((main.seats(&key.id).await, legacy.seats(&old.id).await), (1, 0));
    assert_eq!(legacy.asked(), [Operation::Validate], "the source is only read");
}

#[tokio::test]
async fn a_key_is_imported_once_and_the_target_is_asked_alone_after_that() {
    let (main, legacy) = vendors();
    legacy.insert(terms());
    let first = importing([&main, &legacy]);
    first.activate(activation("AAAA")).await.unwrap();
    // Another server, which remembers nothing.
    for router in [first, importing([&main, &legacy])] {
        main.asked();
        legacy.asked();
        assert_eq!(verdict(&router, "AAAA").await, "valid");
        assert!(!main.asked().contains(&Operation::Create) && legacy.asked().is_empty());
    }
    let router = importing([&main, &legacy]);
    router.activate(activation("AAAA")).await.unwrap();
    assert!(legacy.asked().is_empty() && main.keys().await.len() == 1);
    let full = router.activate(activation("AAAA")).await.unwrap_err();
    assert_eq!(reason(&full).unwrap().name(), "activation_limit_reached", "the limit is the target's now");
}

#[tokio::test]
async fn two_activations_at_once_import_once() {
    let (main, legacy) = vendors();
    legacy.insert(terms());
    let router = importing([&main, &legacy]);
    let (one, other) = join(router.activate(activation("AAAA")), router.activate(activation("AAAA"))).await;
    assert!([one, other].iter().all(|seat| seat.as_ref().unwrap().id.as_str().starts_with("main:")));
    assert_eq!(main.asked().iter().filter(|asked| **asked == Operation::Create).count(), 1);
    assert_eq!(main.keys().await.len(), 1);
}

#[tokio::test]
async fn activations_of_the_source_stay_and_are_reached_by_its_name() {
    let (main, legacy) = vendors();
    let old = legacy.insert(terms());
    let seat = legacy.memory.activate(activation("AAAA")).await.unwrap();
    let router = importing([&main, &legacy]);
    router.activate(activation("AAAA")).await.unwrap();
    let id = format!("legacy:{}", seat.id);
    assert_eq!(legacy.seats(&old.id).await, 1);
    main.asked();
    legacy.asked();
    assert!(router.validate(request("AAAA").activation(id.as_str())).await.unwrap().is_valid());
    router.deactivate(DeactivateRequest::new(code("AAAA"), id)).await.unwrap();
    assert_eq!(legacy.seats(&old.id).await, 0);
    assert!(main.asked().is_empty());
}

#[tokio::test]
async fn a_code_whose_shape_is_the_sources_is_imported_too() {
    let (main, legacy) = vendors();
    let old = legacy.insert(terms_of("OLD-1"));
    let seat = legacy.memory.activate(activation("OLD-1")).await.unwrap();
    let router = over([&main, &legacy])
        .route(KeyShape::prefix("OLD-"), "legacy")
        .route(KeyShape::prefix("NEW-"), "main")
        .create("main")
        .import_on_activate(["legacy"], mapping())
        .build()
        .unwrap();
    assert!(router.activate(activation("OLD-1")).await.unwrap().id.as_str().starts_with("main:"));
    let at_main = main.keys().await.pop().unwrap();
    main.memory
        .update(&at_main.id, anykey_core::LicensePatch::new().status(StatusChange::Disable))
        .await
        .unwrap();
    assert_eq!(verdict(&router, "OLD-1").await, "disabled", "what the target says is in force");
    // The id that the app stored before it had a router.
    router.deactivate(DeactivateRequest::new(code("OLD-1"), seat.id)).await.unwrap();
    assert_eq!(legacy.seats(&old.id).await, 0);
    // A key of the target is none of the source's business.
    main.issue("NEW-1");
    legacy.asked();
    router.activate(activation("NEW-1")).await.unwrap();
    assert!(legacy.asked().is_empty());
}

/// How the key is at the source, and why nothing is created.
#[tokio::test]
async fn what_the_source_does_not_accept_or_the_mapping_does_not_cover_creates_nothing() {
    let change = |change: fn(&mut CreateRequest)| {
        let mut request = terms();
        change(&mut request);
        request
    };
    for (what, request) in [
        ("another product", change(|key| key.product = ProductId::from("pdt_2"))),
        ("another customer", change(|key| key.customer = Some("cus_2".into()))),
        ("no seats", change(|key| key.activation_limit = ActivationLimit::NotAllowed)),
    ] {
        let (main, legacy) = vendors();
        legacy.insert(request);
        let answer = importing([&main, &legacy]).activate(activation("AAAA")).await;
        match what {
            "no seats" => assert!(answer.is_err()),
            _ => assert!(answer.unwrap().id.as_str().starts_with("legacy:"), "{what}"),
        }
        assert!(!main.asked().contains(&Operation::Create) && main.keys().await.is_empty(), "{what}");
    }
    for ended in [false, true] {
        let (main, legacy) = vendors();
        match ended {
            true => drop(legacy.insert(change(|key| key.expiry = Expiry::At(Timestamp::UNIX_EPOCH)))),
            false => legacy.issue_disabled("AAAA").await,
        }
        let refused = importing([&main, &legacy]).activate(activation("AAAA")).await.unwrap_err();
        let expected = if ended { "expired" } else { "disabled" };
        assert_eq!(reason(&refused).unwrap().name(), expected);
        assert!(!main.asked().contains(&Operation::Create) && main.keys().await.is_empty());
    }
    let (main, legacy) = vendors();
    let unknown = importing([&main, &legacy]).activate(activation("AAAA")).await.unwrap_err();
    assert_eq!(reason(&unknown).unwrap().name(), "unknown_key");
    assert!(!main.asked().contains(&Operation::Create) && !legacy.asked().contains(&Operation::Activate));
}

#[tokio::test]
async fn a_key_that_may_have_ended_stays_where_it_is_accepted() {
    let (main, legacy) = vendors();
    legacy.insert(terms());
    legacy.name_no_time();
    let seat = importing([&main, &legacy]).activate(activation("AAAA")).await.unwrap();
    assert!(seat.id.as_str().starts_with("legacy:") && main.keys().await.is_empty());
}

#[tokio::test]
async fn a_key_with_a_limit_of_uses_stays_where_they_are_counted() {
    let (main, legacy) = vendors();
    let key = legacy.insert(terms());
    legacy.memory.update(&key.id, anykey_core::LicensePatch::new().usage_limit(10)).await.unwrap();
    let seat = importing([&main, &legacy]).activate(activation("AAAA")).await.unwrap();
    assert!(seat.id.as_str().starts_with("legacy:") && main.keys().await.is_empty());
}

#[tokio::test]
async fn a_key_that_the_target_refuses_is_not_activated_at_the_source() {
    let (main, legacy) = vendors();
    legacy.insert(terms());
    let router = importing([&main, &legacy]);
    router.activate(activation("AAAA")).await.unwrap();
    let key = main.keys().await.pop().unwrap();
    main.memory
        .update(&key.id, anykey_core::LicensePatch::new().status(StatusChange::Disable))
        .await
        .unwrap();
    // Dodo refuses a disabled key as it does an unknown one.
    for is_vague in [false, true] {
        if is_vague {
            main.set_vague();
        }
        legacy.asked();
        for router in [&router, &importing([&main, &legacy])] {
            let refused = router.activate(activation("AAAA")).await.unwrap_err();
            assert_eq!(reason(&refused).unwrap().name(), "disabled");
        }
        assert!(!legacy.asked().contains(&Operation::Activate));
    }
}

#[tokio::test]
async fn what_an_activation_would_do_is_said_without_doing_it() {
    let (main, legacy) = vendors();
    legacy.insert(terms());
    let mut other = terms_of("BBBB");
    other.product = ProductId::from("pdt_2");
    legacy.insert(other);
    main.issue("CCCC");
    legacy.issue_disabled("DDDD").await;
    let router = importing([&main, &legacy]);
    let mut wanted = terms();
    (wanted.product, wanted.customer) = ("new_product".into(), Some("new_customer".into()));
    assert_eq!(router.preview_import(&code("AAAA")).await.unwrap(), ImportPreview::Created(Box::new(wanted)));
    let stays = |provider: &str, reason: Option<&str>| ImportPreview::Stays {
        provider: provider.into(),
        reason: reason.map(Into::into),
    };
    let unmapped = stays("legacy", Some("its product is not in the mapping"));
    assert_eq!(router.preview_import(&code("BBBB")).await.unwrap(), unmapped);
    assert_eq!(router.preview_import(&code("CCCC")).await.unwrap(), stays("main", None));
    for (text, expected) in [("DDDD", "disabled"), ("EEEE", "unknown_key")] {
        let refused = router.preview_import(&code(text)).await.unwrap_err();
        assert_eq!(reason(&refused).unwrap().name(), expected);
    }
    assert!(main.asked().iter().chain(&legacy.asked()).all(|asked| *asked == Operation::Validate));
}

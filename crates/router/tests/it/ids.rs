use anykey_core::{
    Activation, CreateRequest, CustomerId, DeactivateRequest, ErrorKind, EventKind, GrantedKey, LicenseEvent,
    LicenseKey, LicensePatch, LicenseProvider, LicenseProviderExt, Operation, ProductId, RefusalReason,
    RenewRequest, Timestamp,
};
use anykey_router::KeyShape;

use crate::fixture::{activation, chain, code, over, request, vendors, word};

fn names(id: &str) -> bool {
    id.starts_with("legacy:") && !id.starts_with("legacy:legacy:")
}

fn check_key(key: &LicenseKey) {
    let customer = key.customer.as_ref().map_or("", CustomerId::as_str);
    let product = key.product.as_ref().map_or("", ProductId::as_str);
    assert!([key.id.as_str(), customer, product].into_iter().all(names), "{key:?}");
    assert_eq!(key.provider, "legacy");
}

fn check_activation(activation: &Activation) {
    assert!(names(activation.id.as_str()) && names(activation.key_id.as_ref().unwrap().as_str()));
    assert!(names(activation.product.as_ref().unwrap().as_str()));
    activation.key.iter().for_each(|key| check_key(key));
}

#[tokio::test]
async fn every_id_carries_the_name_and_leads_back() {
    let (main, legacy) = vendors();
    // The same ids at both: only the name tells them apart.
    main.issue("MAIN");
    let router = over([&main, &legacy]).chain(["main", "legacy"]).create("legacy").build().unwrap();
    let created = router.create(CreateRequest::new(code("AAAA"), "cus_1", "pdt_1")).await.unwrap();
    check_key(&created);
    check_key(&router.get(&created.id).await.unwrap());
    check_key(&router.update(&created.id, LicensePatch::new().usage(7)).await.unwrap());
    let seat = router.activate(activation("AAAA")).await.unwrap();
    check_activation(&seat);
    assert!(seat.key.is_some());
    let validation = router.validate(request("AAAA").activation(seat.id.as_str())).await.unwrap();
    check_key(&validation.key.unwrap());
    check_activation(&validation.activation.unwrap());
    let renamed = router.rename_activation(&seat.id, "desktop").await.unwrap();
    check_activation(&renamed);
    check_activation(&router.renew(RenewRequest::new(code("AAAA"), seat.id.as_str())).await.unwrap());
    assert_eq!(router.activations(&created.id).await.unwrap().len(), 1);
    let rotated = router.rotate(&created.id).await.unwrap();
    check_key(&rotated);
    assert_eq!(rotated.id, created.id);
    router.deactivate(DeactivateRequest::new(rotated.code, seat.id.as_str())).await.unwrap();
    assert!(router.activations(&created.id).await.unwrap().is_empty());
    assert!(main.asked().is_empty(), "each id led to its own provider");
}

#[tokio::test]
async fn an_id_without_a_name_is_an_invalid_request_and_asks_nobody() {
    let (main, legacy) = vendors();
    let router = chain([&main, &legacy]);
    for id in ["key_1", "other:key_1", "", "main", "Main:key_1"] {
        let errors = [
            router.get(&id.into()).await.unwrap_err(),
            router.update(&id.into(), LicensePatch::new().usage(1)).await.unwrap_err(),
            router.rotate(&id.into()).await.unwrap_err(),
            router.activations(&id.into()).await.unwrap_err(),
            router.rename_activation(&id.into(), "x").await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!((error.kind(), error.provider()), (ErrorKind::InvalidRequest, Some("all")), "{id}");
            assert!(error.message().contains("`main:` or `legacy:`"), "{error}");
        }
    }
    assert!(main.asked().is_empty() && legacy.asked().is_empty());
}

#[tokio::test]
async fn a_former_name_in_an_id_is_accepted_and_a_new_id_has_the_present_one() {
    let (main, legacy) = vendors();
    let key = legacy.issue("AAAA");
    let router = over([&main, &legacy]).chain(["main", "legacy"]).alias("old", "legacy").build().unwrap();
    let read = router.get(&format!("old:{}", key.id).into()).await.unwrap();
    check_key(&read);
    assert_eq!(router.split_id("old:key_1"), Some(("legacy", "key_1")));
    assert_eq!(router.split_id(&read.id), Some(("legacy", key.id.as_str())));
    assert_eq!(router.split_id("key_1"), None);
}

#[tokio::test]
async fn a_required_product_of_another_provider_is_the_wrong_one() {
    let (main, legacy) = vendors();
    let key = legacy.issue("AAAA");
    let router = chain([&main, &legacy]);
    for (product, customer, expected) in [
        ("legacy:pdt_1", "legacy:cus_1", "valid"),
        ("pdt_1", "cus_1", "valid"),
        ("main:pdt_1", "legacy:cus_1", "wrong_product"),
        ("legacy:pdt_1", "main:cus_1", "wrong_customer"),
        ("legacy:pdt_2", "legacy:cus_1", "wrong_product"),
    ] {
        let request = request("AAAA").product(product).customer(customer).increment_usage(1);
        assert_eq!(word(router.validate(request).await), expected, "{product} {customer}");
    }
    assert_eq!(legacy.memory.get(&key.id).await.unwrap().usage.unwrap().used, 2, "a refusal counts nothing");
    // What the vendor refuses itself stays its refusal.
    legacy.memory.disable(&key.id).await.unwrap();
    assert_eq!(word(router.validate(request("AAAA").product("main:pdt_1")).await), "disabled");
}

#[tokio::test]
async fn a_seat_of_the_provider_that_its_name_says_is_looked_for_nowhere_else() {
    let (main, legacy) = vendors();
    main.issue("AAAA");
    legacy.issue("AAAA");
    let router = chain([&main, &legacy]);
    let seat = router.activate(activation("AAAA")).await.unwrap().id;
    let other = seat.as_str().replace("main:", "legacy:");
    let answer = router.validate(request("AAAA").activation(other)).await.unwrap();
    assert_eq!(answer.refusal().unwrap().reason, RefusalReason::UnknownActivation);
}

#[tokio::test]
async fn an_event_of_a_provider_names_keys_that_the_router_reads() {
    let (main, legacy) = vendors();
    let key = legacy.issue("AAAA");
    let router =
        over([&main, &legacy]).route(KeyShape::prefix("M-"), "main").chain(["legacy"]).build().unwrap();
    let mut event =
        LicenseEvent::new("legacy", "msg_1", EventKind::Updated, "license.updated", Timestamp::UNIX_EPOCH);
    event.key_id = Some(key.id.clone());
    event.customer = key.customer.clone();
    event.product = key.product.clone();
    event.sold_product = key.product.clone();
    event.granted_keys = Some(vec![GrantedKey::new(key.id.clone(), Timestamp::UNIX_EPOCH)]);
    event.key = Some(key);
    let named = router.event(event.clone());
    assert_eq!((&*named.provider, &*named.id), ("legacy", "msg_1"));
    check_key(named.key.as_ref().unwrap());
    assert!(named.key_ids().all(|id| names(id.as_str())));
    assert_eq!(named.key_ids().count(), 1);
    let sold = [&named.product, &named.sold_product].map(|product| product.as_ref().unwrap().as_str());
    assert!(sold.into_iter().all(names) && names(named.customer.as_ref().unwrap().as_str()));
    check_key(&named.read_key(&router).await.unwrap().unwrap());
    assert_eq!(legacy.asked(), [Operation::Get]);

    event.provider = "elsewhere".into();
    assert_eq!(router.event(event.clone()), event);
}

#[tokio::test]
async fn a_proof_is_verified_without_asking_a_vendor() {
    let (main, legacy) = vendors();
    legacy.issue("AAAA");
    let router = chain([&main, &legacy]);
    let seat = router.activate(activation("AAAA").offline_proof()).await.unwrap();
    let proof = seat.proof.unwrap();
    main.asked();
    legacy.asked();
    let proven = chain([&main, &legacy]).verify_proof(&proof, &code("AAAA")).unwrap();
    check_key(&proven.key.unwrap());
    assert_eq!(proven.activation, Some(seat.id));
    assert_eq!(router.verify_proof(&proof, &code("BBBB")).unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert!(main.asked().is_empty() && legacy.asked().is_empty());
}

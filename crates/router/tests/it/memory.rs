use anykey_core::{LicenseProvider, LicenseProviderExt, Operation};

use crate::fixture::{activation, chain, over, vendors, verdict};

#[tokio::test]
async fn the_provider_that_knows_a_code_is_asked_first_the_next_time() {
    let (main, legacy) = vendors();
    legacy.issue("AAAA");
    let router = chain([&main, &legacy]);
    for _ in 0..3 {
        assert_eq!(verdict(&router, "AAAA").await, "valid");
    }
    assert_eq!([main.asked().len(), legacy.asked().len()], [1, 3]);
    router.activate(activation("AAAA")).await.unwrap();
    assert_eq!((main.asked(), legacy.asked()), (vec![], vec![Operation::Activate]));
}

#[tokio::test]
async fn a_code_that_moved_is_found_again() {
    let (main, legacy) = vendors();
    let key = legacy.issue("AAAA");
    let router = chain([&main, &legacy]);
    assert_eq!(verdict(&router, "AAAA").await, "valid");
    legacy.memory.rotate(&key.id).await.unwrap();
    main.issue("AAAA");
    let seat = router.activate(activation("AAAA")).await.unwrap();
    assert!(seat.id.as_str().starts_with("main:"));
    assert_eq!(legacy.asked(), [Operation::Validate, Operation::Activate]);
    assert_eq!(verdict(&router, "AAAA").await, "valid");
    assert_eq!(legacy.asked(), []);
}

/// As without a memory: a vendor that comes earlier in the chain decides.
#[tokio::test]
async fn a_remembered_refusal_does_not_outrank_the_chain() {
    let (main, legacy) = vendors();
    let key = legacy.issue("AAAA");
    let router = chain([&main, &legacy]);
    assert_eq!(verdict(&router, "AAAA").await, "valid");
    legacy.memory.disable(&key.id).await.unwrap();
    assert_eq!(verdict(&router, "AAAA").await, "disabled");
    main.issue("AAAA");
    legacy.asked();
    assert_eq!(verdict(&router, "AAAA").await, "valid");
    assert_eq!(legacy.asked(), [Operation::Validate], "it is asked once");
    assert_eq!(verdict(&router, "AAAA").await, "valid");
    assert_eq!(legacy.asked(), []);
}

#[tokio::test]
async fn without_a_memory_the_chain_is_asked_each_time() {
    let (main, legacy) = vendors();
    legacy.issue("AAAA");
    let router = over([&main, &legacy]).chain(["main", "legacy"]).remembered_codes(0).build().unwrap();
    for _ in 0..3 {
        assert_eq!(verdict(&router, "AAAA").await, "valid");
    }
    assert_eq!(main.asked().len(), 3);
}

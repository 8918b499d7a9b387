//! A provider under the name that a configuration gives it.
#![allow(missing_docs, clippy::unwrap_used)]

use anykey_core::adapter::Named;
use anykey_core::{
    ActivateRequest, ActivationId, CreateRequest, DeactivateRequest, ErrorKind, InMemoryProvider, KeyCode,
    LicenseKeyId, LicensePatch, LicenseProvider, LicenseProviderExt, ListQuery, ManualClock, Timestamp,
    ValidateRequest,
};
use futures_util::TryStreamExt;

fn code(number: usize) -> KeyCode {
    KeyCode::parse(&format!("AAAA-BBBB-{number}")).unwrap()
}

fn shop(name: &str, keys: usize) -> Named<InMemoryProvider> {
    let provider = InMemoryProvider::with_clock(ManualClock::at(Timestamp::UNIX_EPOCH));
    for number in 0..keys {
        provider.insert(CreateRequest::new(code(number), "cus", "pdt")).unwrap();
    }
    Named::new(name.to_owned(), provider)
}

#[tokio::test]
async fn every_key_and_every_error_carries_the_configured_name() {
    let main = shop("main", 1);
    assert_eq!((main.vendor(), main.name()), ("memory", "main"));
    let id = main.find(&code(0)).await.unwrap().unwrap().id;
    let keys = [
        main.get(&id).await.unwrap(),
        main.update(&id, LicensePatch::new().usage(1)).await.unwrap(),
        main.create(CreateRequest::new(code(9), "cus", "pdt")).await.unwrap(),
        main.validate(ValidateRequest::new(code(0))).await.unwrap().key.unwrap(),
        *main.activate(ActivateRequest::new(code(0), "laptop")).await.unwrap().key.unwrap(),
        main.rotate(&id).await.unwrap(),
    ];
    assert!(keys.iter().all(|key| key.provider == "main"), "{keys:?}");

    let unknown = LicenseKeyId::from("key_none");
    let seat = ActivationId::from("act_none");
    let errors = [
        main.get(&unknown).await.unwrap_err(),
        main.update(&unknown, LicensePatch::new().usage(1)).await.unwrap_err(),
        main.rotate(&unknown).await.unwrap_err(),
        main.activations(&unknown).await.unwrap_err(),
        main.rename_activation(&seat, "label").await.unwrap_err(),
        main.create(CreateRequest::new(code(9), "cus", "pdt")).await.unwrap_err(),
        main.activate(ActivateRequest::new(code(7), "label")).await.unwrap_err(),
        main.deactivate(DeactivateRequest::new(code(7), seat.clone())).await.unwrap_err(),
    ];
    assert!(errors.iter().all(|error| error.provider() == Some("main")), "{errors:?}");
}

#[tokio::test]
async fn a_listing_goes_on_under_the_name_and_under_no_other() {
    let (main, other) = (shop("main", 250), shop("other", 250));
    let page = main.list(ListQuery::new().page_size(100).pages_ahead(2)).await.unwrap();
    let next = page.next.unwrap();
    assert!(next.as_str().starts_with("main:"), "{next}");
    assert!(page.ahead.iter().all(|token| token.as_str().starts_with("main:")));
    assert_eq!(
        other.list(ListQuery::new().page(next.clone())).await.unwrap_err().kind(),
        ErrorKind::InvalidRequest
    );
    assert_eq!(main.list(ListQuery::new().page(next)).await.unwrap().items.len(), 100);

    let keys: Vec<_> = main.keys(ListQuery::new()).prefetch(4).try_collect().await.unwrap();
    assert_eq!(keys.len(), 250);
    assert!(keys.iter().all(|key| key.provider == "main"));
}

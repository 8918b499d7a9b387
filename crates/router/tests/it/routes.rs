use anykey_core::{ErrorKind, KeyCode, KeyHint, LicenseProvider, Operation};
use anykey_router::{KeyPattern, KeyShape};

use crate::fixture::{activation, over, request, vendors, verdict, word};
use crate::vendor::Vendor;

const UUID: &str = "1c285b2d-6ce6-4bc7-b8be-adb6a7e304da";

#[tokio::test]
async fn a_code_with_a_shape_is_shown_to_no_other_vendor() {
    let (main, legacy) = vendors();
    let router = over([&main, &legacy])
        .route(KeyShape::prefix("ACME-"), "main")
        .route(KeyShape::pattern(KeyPattern::Uuid), "legacy")
        .chain(["legacy", "main"])
        .build()
        .unwrap();
    for (text, asks_main, asks_legacy) in
        [("ACME-1", true, false), ("acme-1", true, false), (UUID, false, true), ("other", true, true)]
    {
        // Neither has it, and one of them is down: even then the other one is not asked.
        for is_down in [false, true] {
            main.set_down(is_down);
            let expected = if is_down && asks_main { "no answer" } else { "unknown_key" };
            assert_eq!(verdict(&router, text).await, expected, "{text}");
            word(router.validate(request(text).increment_usage(1)).await);
            router.activate(activation(text)).await.unwrap_err();
            let asked = [!main.asked().is_empty(), !legacy.asked().is_empty()];
            assert_eq!(asked, [asks_main, asks_legacy], "{text}");
        }
    }
}

#[tokio::test]
async fn a_code_with_a_shape_needs_no_read_before_a_seat_is_taken() {
    let (main, legacy) = vendors();
    main.issue("ACME-1");
    let router = over([&main, &legacy]).route(KeyShape::prefix("ACME-"), "main").chain(["legacy"]).build();
    router.unwrap().activate(activation("ACME-1")).await.unwrap();
    assert_eq!(main.asked(), [Operation::Activate]);
}

#[tokio::test]
async fn the_first_route_that_describes_a_code_counts() {
    let (main, legacy) = vendors();
    legacy.issue("ACME-PRO-1");
    main.issue("ACME-1");
    let router = over([&main, &legacy])
        .route(KeyShape::prefix("ACME-PRO-"), "legacy")
        .route(KeyShape::prefix("ACME-"), "main")
        .build()
        .unwrap();
    assert_eq!([verdict(&router, "ACME-PRO-1").await, verdict(&router, "ACME-1").await], ["valid"; 2]);
    assert_eq!([main.asked().len(), legacy.asked().len()], [1, 1]);
}

/// Nobody said that the key is unknown: a route may be missing.
#[tokio::test]
async fn a_code_of_no_shape_is_no_refusal_where_there_is_no_chain() {
    let (main, legacy) = vendors();
    let routes =
        over([&main, &legacy]).route(KeyShape::prefix("A-"), "main").route(KeyShape::prefix("B-"), "legacy");
    let error = routes.build().unwrap().validate(request("C-1")).await.unwrap_err();
    assert_eq!((error.kind(), error.provider()), (ErrorKind::InvalidRequest, Some("all")));
    assert!(error.message().contains("`routes`") && error.refusal().is_none(), "{error}");
    assert!(main.asked().is_empty() && legacy.asked().is_empty());
}

/// A key keeps its code when it moves to another vendor, and the seat that it has there counts.
#[tokio::test]
async fn the_name_in_an_activation_outranks_the_shape() {
    let (main, legacy) = vendors();
    main.issue(UUID);
    let seat = main.memory.activate(activation(UUID)).await.unwrap().id;
    let router =
        over([&main, &legacy]).route(KeyShape::pattern(KeyPattern::Uuid), "legacy").chain(["main"]).build();
    let request = request(UUID).activation(format!("main:{seat}"));
    assert!(router.unwrap().validate(request).await.unwrap().is_valid());
    assert!(legacy.asked().is_empty());
}

#[derive(Debug)]
struct Hinting(Vendor);

#[anykey_core::async_trait]
impl LicenseProvider for Hinting {
    fn vendor(&self) -> &str {
        self.0.vendor()
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn capabilities(&self) -> anykey_core::Capabilities {
        self.0.capabilities()
    }

    fn key_hint(&self, _: &KeyCode) -> Option<KeyHint> {
        Some(KeyHint::Length)
    }

    async fn validate(
        &self,
        request: anykey_core::ValidateRequest,
    ) -> anykey_core::Result<anykey_core::Validation> {
        self.0.validate(request).await
    }
}

#[test]
fn a_hint_is_given_when_no_vendor_takes_the_code_for_one_of_its_own() {
    let build = |chain: &[&'static str]| {
        let vendor = |name| std::sync::Arc::new(Hinting(Vendor::new(name)));
        anykey_router::Router::builder("all")
            .provider(vendor("main"))
            .provider(vendor("second"))
            .provider(std::sync::Arc::new(Vendor::new("legacy")))
            .route(KeyShape::prefix("M-"), "main")
            .route(KeyShape::prefix("L-"), "legacy")
            .chain(chain.iter().copied())
            .build()
            .unwrap()
    };
    let hint = |chain: &[&'static str], text: &str| build(chain).key_hint(&crate::fixture::code(text));
    assert_eq!(hint(&["main", "second"], "X"), Some(KeyHint::Length));
    assert_eq!(hint(&["main", "second", "legacy"], "X"), None);
    assert_eq!(hint(&["main", "second", "legacy"], "M-1"), Some(KeyHint::Length));
    assert_eq!(hint(&["main", "second"], "L-1"), None);
}

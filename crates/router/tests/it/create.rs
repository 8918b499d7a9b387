use anykey_core::{CreateRequest, ErrorKind, LicenseProvider, Operation};
use anykey_router::{KeyShape, Router};

use crate::fixture::{code, over, vendors, verdict};
use crate::vendor::Vendor;

fn request(text: &str, customer: &str, product: &str) -> CreateRequest {
    CreateRequest::new(code(text), customer, product)
}

fn router(vendors: [&Vendor; 2]) -> Router {
    let router = over(vendors).route(KeyShape::prefix("OLD-"), "legacy").chain(["main", "legacy"]);
    router.create("main").build().unwrap()
}

#[tokio::test]
async fn a_key_is_created_where_its_product_or_customer_says_else_where_the_configuration_does() {
    let (main, legacy) = vendors();
    let router = router([&main, &legacy]);
    for (number, (customer, product, at_main)) in [
        ("cus", "pdt", true),
        ("cus", "legacy:pdt", false),
        ("legacy:cus", "pdt", false),
        ("legacy:cus", "legacy:pdt", false),
        ("main:cus", "pdt", true),
    ]
    .into_iter()
    .enumerate()
    {
        let text = format!("CODE-{number}");
        let key = router.create(request(&text, customer, product)).await.unwrap();
        let name = if at_main { "main" } else { "legacy" };
        assert_eq!(key.product.unwrap().as_str(), format!("{name}:pdt"));
        assert_eq!(key.customer.unwrap().as_str(), format!("{name}:cus"));
        assert_eq!([main.asked().len(), legacy.asked().len()], [usize::from(at_main), usize::from(!at_main)]);
        assert_eq!(verdict(&router, &text).await, "valid");
        let other = if at_main { &legacy } else { &main };
        assert!(other.asked().is_empty(), "the router knows where it has created the key");
        main.asked();
        legacy.asked();
    }
}

#[tokio::test]
async fn a_key_that_nobody_could_find_is_not_created() {
    let (main, legacy) = vendors();
    let without_chain = over([&main, &legacy])
        .route(KeyShape::prefix("OLD-"), "legacy")
        .route(KeyShape::prefix("M-"), "main")
        .create("main")
        .build()
        .unwrap();
    let unset = over([&main, &legacy]).chain(["main", "legacy"]).build().unwrap();
    let router = router([&main, &legacy]);
    for (router, request, expected) in [
        (&router, request("OLD-1", "cus", "pdt"), "the shape of a code of `legacy`"),
        (&without_chain, request("X-1", "cus", "pdt"), "not the shape of a code of `main`"),
        (
            &router,
            request("A-1", "main:cus", "legacy:pdt"),
            "the product is of `legacy`, the customer of `main`",
        ),
        (&unset, request("A-1", "cus", "pdt"), "`create` is not set"),
    ] {
        let error = router.create(request).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::InvalidRequest, Some(Operation::Create)));
        assert!(error.message().contains(expected), "{error}");
    }
    assert!(main.asked().is_empty() && legacy.asked().is_empty());
}

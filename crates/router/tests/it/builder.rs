use std::sync::Arc;

use anykey_core::{Capability, ErrorKind, LicenseProvider, Operation};
use anykey_router::{KeyShape, Router, RouterBuilder};

use crate::vendor::Vendor;

fn builder() -> RouterBuilder {
    let builder = Router::builder("all").provider(Arc::new(Vendor::new("main")));
    builder.provider(Arc::new(Vendor::new("legacy")))
}

fn both() -> RouterBuilder {
    builder().chain(["main", "legacy"])
}

fn prefix(text: &str) -> KeyShape {
    KeyShape::prefix(text)
}

fn with(provider: Vendor) -> RouterBuilder {
    both().provider(Arc::new(provider))
}

#[test]
fn an_error_names_the_field_and_what_to_change() {
    let without_reads = Vendor::lacking("seats-only", &[Capability::ValidateWithoutSeat]);
    let cases: Vec<(RouterBuilder, &str)> = vec![
        (both().route(prefix("A"), "mian"), "`routes[0].to`: there is no provider called `mian`"),
        (builder().chain(["main", "legcy"]), "`chain[1]`: there is no provider called `legcy`"),
        (both().create("mian"), "`create`: there is no provider called `mian`"),
        (builder().chain([""; 0]), "`chain` is empty"),
        (builder(), "`routes`: there is no route, and no `chain` either"),
        (builder().chain(["main", "legacy", "main"]), "`chain[2]`: `main` is in the chain already"),
        (builder().chain(["main"]), "no route leads to `legacy`"),
        (builder().chain(["main"]).create("legacy"), "`create`: no route leads to `legacy`"),
        (both().route(prefix(""), "main"), "`routes[0]` describes no code"),
        (
            both().route(prefix("A-"), "main").route(prefix("a-b-"), "legacy"),
            "`routes[1]` never counts, since `routes[0]` describes the same codes",
        ),
        (
            with(without_reads.clone()).chain(["main", "legacy", "seats-only"]),
            "`chain[2]`: `seats-only` cannot recognise a key without one of its activations",
        ),
        (with(Vendor::new("main")), "two providers are called `main`"),
        (with(Vendor::new("all")), "two providers are called `all`"),
        (with(Vendor::new("a:b")), "the provider `a:b` needs another name"),
    ];
    for (builder, expected) in cases {
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some("all")));
        assert_eq!(error.operation(), Some(Operation::Configure));
        assert!(error.message().contains(expected), "{error}");
    }
    assert!(with(without_reads).route(prefix("C-"), "seats-only").build().is_ok());
}

#[test]
fn a_router_has_its_own_name_and_word() {
    let router = both().build().unwrap();
    assert_eq!((router.name(), router.vendor()), ("all", "router"));
    assert_eq!(router.provider_names().collect::<Vec<_>>(), ["main", "legacy"]);
    assert_eq!(router.provider("legacy").unwrap().name(), "legacy");
    assert!(router.provider("other").is_none());
}

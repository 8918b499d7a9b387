//! What is refused when a router that imports keys is built.

use anykey_core::{Capability, ErrorKind};
use anykey_router::Mapping;

use crate::fixture::{over, vendors};
use crate::import::mapping;
use crate::vendor::Vendor;

#[test]
fn who_cannot_take_part_is_named_with_what_is_missing() {
    let build = |main: &Vendor, legacy: &Vendor| {
        let router = over([main, legacy]).chain(["main", "legacy"]).create("main");
        router.import_on_activate(["legacy"], mapping()).build()
    };
    let (main, legacy) = vendors();
    build(&main, &legacy).unwrap();
    let lacking = |name, capability| Vendor::lacking(name, &[capability]);
    for (main, legacy, expected) in [
        (
            lacking("main", Capability::Create),
            legacy.clone(),
            "`create`: no key can be imported to `main`, which takes no key with a given code, or its credential may not",
        ),
        (lacking("main", Capability::Activate), legacy.clone(), "`main`, which has no activations"),
        (
            main.clone(),
            lacking("legacy", Capability::Validate),
            "`import_on_activate[0]`: no key of `legacy` can be imported, which cannot validate keys",
        ),
    ] {
        let error = build(&main, &legacy).unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some("all")), "{error}");
        assert!(error.message().contains(expected), "{error}");
    }
    // Without a chain of several, nothing else asks for it.
    let seat_first = lacking("legacy", Capability::ValidateWithoutSeat);
    let router = over([&main, &seat_first]).chain(["main"]).create("main");
    let router = router.route(anykey_router::KeyShape::prefix("OLD-"), "legacy");
    let error = router.import_on_activate(["legacy"], mapping()).build().unwrap_err();
    assert!(error.message().contains("`legacy` can be imported, which cannot recognise a key"), "{error}");
}

#[test]
fn an_import_from_nobody_to_nobody_or_without_a_mapping_is_an_error() {
    let (main, legacy) = vendors();
    let router = || over([&main, &legacy]).chain(["main", "legacy"]);
    let without = |change: fn(&mut Mapping)| {
        let mut mapping = mapping();
        change(&mut mapping);
        mapping
    };
    let none: [&str; 0] = [];
    for (router, expected) in [
        (router().import_on_activate(["legacy"], mapping()), "`create`: `import_on_activate` needs"),
        (router().create("main").import_on_activate(none, mapping()), "`import_on_activate` is empty"),
        (router().create("main").import_on_activate(["main"], mapping()), "`main` is `create`"),
        (router().create("main").import_on_activate(["other"], mapping()), "no provider called `other`"),
        (
            router().create("main").import_on_activate(["legacy", "legacy"], mapping()),
            "`import_on_activate[1]`: `legacy` is there already",
        ),
        (
            router()
                .create("main")
                .import_on_activate(["legacy"], without(|mapping| mapping.products.clear())),
            "`mapping`: it has neither `products`",
        ),
        (
            router()
                .create("main")
                .import_on_activate(["legacy"], without(|mapping| mapping.customers.clear())),
            "`mapping`: it has neither `customers`",
        ),
    ] {
        let error = router.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains(expected), "{error}");
    }
}

//! The chapters of the guide. Their listings are the doctests of this package.

macro_rules! chapters {
    ($($name:ident)*) => {
        $(
            #[doc = include_str!(concat!("src/", stringify!($name), ".md"))]
            pub mod $name {}
        )*
    };
}

chapters! {
    introduction
    server
    desktop
    tool
    administration
    adapter
    verdict
    offline
    webhooks
    testing
    security
    operating
    migrating
    leaving_lemon_squeezy
    capabilities
    answers
    errors
    glossary
    comparison
    upgrading
}

//! A vendor's own builder, with the HTTP types that it takes.

use std::time::Duration;

use anykey::http::RetryPolicy;

pub fn patient() -> RetryPolicy {
    RetryPolicy::new().with_max_attempts(5).with_cap(Duration::from_secs(20))
}

#[cfg(all(feature = "dodo", feature = "reqwest"))]
pub fn dodo(transport: anykey::http::ReqwestTransport) -> anykey::Result<anykey::dodo::DodoProvider> {
    let builder = anykey::dodo::DodoProvider::builder().transport(std::sync::Arc::new(transport));
    builder.retry(patient()).product("pdt_1").build()
}

#[cfg(all(feature = "polar", feature = "hyper"))]
pub fn polar(transport: anykey::http::HyperTransport) -> anykey::Result<anykey::polar::PolarProvider> {
    let organization = "57a10a51-653a-449f-a259-1c70a3bbc826";
    let builder =
        anykey::polar::PolarProvider::builder(organization).transport(std::sync::Arc::new(transport));
    builder.retry(patient()).build()
}

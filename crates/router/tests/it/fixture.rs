//! Two vendors and what is asked of a router over them.

use std::sync::Arc;

use anykey_core::{
    ActivateRequest, KeyCode, LicenseProvider, RefusalReason, Result, ValidateRequest, Validation,
};
use anykey_router::{Router, RouterBuilder};

use crate::vendor::Vendor;

pub(crate) fn code(text: &str) -> KeyCode {
    KeyCode::parse(text).unwrap()
}

pub(crate) fn request(text: &str) -> ValidateRequest {
    ValidateRequest::new(code(text))
}

pub(crate) fn activation(text: &str) -> ActivateRequest {
    ActivateRequest::new(code(text), "laptop")
}

/// The vendors `main` and `legacy`.
pub(crate) fn vendors() -> (Vendor, Vendor) {
    (Vendor::new("main"), Vendor::new("legacy"))
}

pub(crate) fn over(vendors: [&Vendor; 2]) -> RouterBuilder {
    let [main, legacy] = vendors.map(|vendor| Arc::new(vendor.clone()));
    Router::builder("all").provider(main).provider(legacy)
}

/// A router that asks `main` and then `legacy`.
pub(crate) fn chain(vendors: [&Vendor; 2]) -> Router {
    over(vendors).chain(["main", "legacy"]).build().unwrap()
}

/// What the router says of a code, in one word.
pub(crate) async fn verdict(router: &Router, text: &str) -> &'static str {
    word(router.validate(request(text)).await)
}

pub(crate) fn word(answer: Result<Validation>) -> &'static str {
    match answer {
        Ok(validation) => validation.refusal().map_or("valid", |refusal| refusal.reason.name()),
        Err(error) => reason(&error).map_or("no answer", RefusalReason::name),
    }
}

pub(crate) fn reason(error: &anykey_core::Error) -> Option<RefusalReason> {
    error.refusal().map(|refusal| refusal.reason)
}

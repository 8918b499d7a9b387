//! The suite through the cache, over every provider of this workspace.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod cached;
mod dodo;
mod polar;

use std::time::Duration;

use anykey_testkit::conformance::MemorySubject;

use cached::Cached;
use dodo::Dodo;
use polar::Polar;

anykey_testkit::conformance!(memory, Cached::over(MemorySubject::new()));
anykey_testkit::conformance!(
    memory_that_only_shares_requests,
    Cached::with(MemorySubject::new(), |cache| cache
        .positive_ttl(Duration::ZERO)
        .negative_ttl(Duration::ZERO))
);
anykey_testkit::conformance!(polar_public_plane, Cached::over(Polar::public()));
anykey_testkit::conformance!(polar_organization_plane, Cached::over(Polar::organization()));

// Dodo's validation does not tell when the key ends, so a yes may outlive it by its time to live. The suite looks a
// second before the end and at the end.
anykey_testkit::conformance!(
    dodo_device_plane,
    Cached::with(Dodo::device(), |cache| cache.positive_ttl(Duration::from_secs(1)))
);
anykey_testkit::conformance!(
    dodo_management_plane,
    Cached::with(Dodo::management(), |cache| cache.positive_ttl(Duration::from_secs(1)))
);

//! `access()` does not allocate.
//!
//! A separate binary, because the counter replaces the allocator of the whole process.
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::Arc;

use anykey_core::{CreateRequest, InMemoryProvider, KeyCode, LicenseProviderExt, Timestamp};
use anykey_guard::{Guard, Installation, MemoryStore, Policy};

#[tokio::test]
async fn access_allocates_nothing_in_any_state_and_on_any_thread() {
    let vendor = InMemoryProvider::new(Timestamp::now);
    let code = KeyCode::parse("AAAA-BBBB").unwrap();
    let key = vendor.insert(CreateRequest::new(code.clone(), "cus_1", "pdt_1")).unwrap();
    let store = MemoryStore::new(Installation::from_identity("studio", "machine-1").unwrap());
    let guard = Guard::open(store, Arc::new(vendor.clone()), Policy::default()).unwrap();

    assert_eq!(allocations(&guard, false), 0, "not activated");
    guard.activate(code).await.unwrap();
    assert_eq!(allocations(&guard, true), 0, "granted");
    vendor.disable(&key.id).await.unwrap();
    guard.refresh().await.unwrap();
    assert_eq!(allocations(&guard, false), 0, "refused");
    let vendor_changed =
        std::thread::scope(|scope| scope.spawn(|| allocations(&guard, false)).join().unwrap());
    assert_eq!(vendor_changed, 0, "on another thread");
}

fn allocations(guard: &Guard, allowed: bool) -> u64 {
    let counted = allocation_counter::measure(|| {
        for _ in 0..100 {
            assert_eq!(guard.access().is_allowed(), allowed);
        }
    });
    counted.count_total
}

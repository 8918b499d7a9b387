use anykey_cache::CachedProvider;
use anykey_core::{LicenseProvider, LicenseProviderExt};

use crate::fixture::{Fixture, request};

const PLANTED: &str = "PLANTED-1C285B2D-E304DA";

#[tokio::test]
async fn debug_prints_no_key() {
    let fixture = Fixture::new();
    let key = fixture.issue(PLANTED);
    fixture.vendor.hold();
    let waiting = fixture.spawn(request(PLANTED)).await;
    let mut printed = format!("{:?}", fixture.cached);
    fixture.vendor.resume();
    waiting.await.unwrap().unwrap();
    fixture.cached.disable(&key.id).await.unwrap();
    fixture.is_valid(PLANTED).await;
    let builder = CachedProvider::builder(fixture.vendor.clone());
    printed +=
        &format!("{:?} {:#?} {builder:?} {:?}", fixture.cached, fixture.cached, fixture.cached.stats());
    for secret in ["1C285B2D", "E304DA", "cus_1"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert_eq!(fixture.cached.name(), "memory");
}

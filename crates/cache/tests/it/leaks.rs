use anykey_cache::CachedProvider;
use anykey_core::{LicenseProvider, LicenseProviderExt};

use crate::world::{World, request};

const PLANTED: &str = "PLANTED-1C285B2D-E304DA";

#[tokio::test]
async fn a_cache_prints_no_key() {
    let world = World::new();
    let key = world.issue(PLANTED);
    world.vendor.hold();
    let waiting = world.spawn(request(PLANTED)).await;
    let mut printed = format!("{:?}", world.cached);
    world.vendor.let_go();
    waiting.await.unwrap().unwrap();
    world.cached.disable(&key.id).await.unwrap();
    world.is_valid(PLANTED).await;
    let builder = CachedProvider::builder(world.vendor.clone());
    printed += &format!("{:?} {:#?} {builder:?} {:?}", world.cached, world.cached, world.cached.stats());
    for secret in ["1C285B2D", "E304DA", "cus_1"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert_eq!(world.cached.name(), "memory");
}

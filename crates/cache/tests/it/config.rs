use std::time::Duration;

use anykey_cache::{CacheConfig, CachedProvider};
use anykey_core::{InMemoryProvider, LicenseProvider, Timestamp};

fn vendor() -> InMemoryProvider {
    InMemoryProvider::new(Timestamp::now)
}

#[test]
fn absent_fields_have_the_defaults_of_the_builder() {
    let config: CacheConfig = toml::from_str("").unwrap();
    assert_eq!(config, CacheConfig::default());
    assert_eq!(format!("{:?}", config.wrap(vendor())), format!("{:?}", CachedProvider::new(vendor())));
}

#[test]
fn every_limit_can_be_configured() {
    let config: CacheConfig =
        toml::from_str("positive_ttl_seconds = 60\nnegative_ttl_seconds = 0\ncapacity = 5").unwrap();
    let built = CachedProvider::builder(vendor())
        .positive_ttl(Duration::from_secs(60))
        .negative_ttl(Duration::ZERO)
        .capacity(5)
        .build();
    assert_eq!(format!("{:?}", config.wrap(vendor())), format!("{built:?}"));
}

#[test]
fn a_typo_is_an_error_that_names_the_field() {
    let error = toml::from_str::<CacheConfig>("positive_ttl = 60").unwrap_err();
    assert!(error.message().contains("unknown field `positive_ttl`"), "{error}");
}

#[test]
fn a_cached_provider_has_the_name_and_capabilities_of_its_provider() {
    let cached = CachedProvider::new(vendor());
    assert_eq!(cached.name(), "memory");
    assert_eq!(cached.capabilities(), vendor().capabilities());
}

use std::sync::Arc;

use anykey::dodo::{self, DodoProvider};
use anykey::{Clock, Environment, Result};
use anykey_dodo_sim::{ApiKeyScope, DodoSim, EndpointSpec, KeySpec, Purchase};
use anykey_http::Pacer;

use super::shop::{Fate, SampleKeys, Shop, days_from, not_opened, remember, take_seats};
use super::webhooks::{Webhooks, address};

/// Dodo Payments' test mode with a shop of `keys` keys, the newest made now and each older one a day before.
///
/// The vendor tells each of them to the address `webhooks` with its own name behind it, and what happens later.
///
/// # Errors
///
/// Only when the simulator turns down what is made here.
pub async fn dodo_shop(clock: impl Into<Clock>, keys: u32, webhooks: Option<&str>) -> Result<Shop> {
    let clock = clock.into();
    let now = clock.now();
    let sim = DodoSim::new(clock);
    let endpoint = webhooks
        .map(|url| sim.add_webhook_endpoint(EndpointSpec::new(address(url, dodo::NAME))))
        .transpose()
        .map_err(not_opened)?;
    let product = sim.add_product("Editor Pro");
    let customers = [
        sim.add_customer("Ada Example", "ada@example.com"),
        sim.add_customer("Grace Example", "grace@example.com"),
    ];
    let provider = DodoProvider::builder()
        .environment(Environment::Sandbox)
        .transport(Arc::new(sim.clone()))
        .device_pacer(Pacer::unlimited())
        .build()?;
    let mut samples = SampleKeys::default();
    for ((fate, customer), age) in
        Fate::of(keys).zip(customers.iter().cycle()).zip((0..i64::from(keys)).rev())
    {
        let spec = KeySpec {
            product: Some(product.clone()),
            customer: Some(customer.clone()),
            activations_limit: (fate != Fate::Special).then_some(3),
            expires_at: fate.end(now),
            created_at: Some(days_from(now, -age)),
            purchase: match fate {
                Fate::Subscribed => Purchase::Subscription,
                Fate::Special => Purchase::None,
                _ => Purchase::OneTime,
            },
            ..KeySpec::default()
        };
        let issued = sim.issue(spec).map_err(not_opened)?;
        take_seats(&provider, &issued.key, fate).await?;
        if fate == Fate::Disabled {
            sim.disable(&issued.id);
        }
        remember(&mut samples, &issued.key, fate);
    }
    Ok(Shop {
        provider: dodo::NAME,
        token: sim.api_key(ApiKeyScope::ReadWrite),
        webhooks: endpoint.map(|endpoint| Webhooks::new(endpoint.secret, sim.clone())),
        transport: Arc::new(sim),
        organization_id: None,
        samples,
    })
}

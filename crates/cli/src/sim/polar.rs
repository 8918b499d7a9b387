use std::sync::Arc;

use anykey::polar::{self, PolarProvider};
use anykey::{Clock, Environment, LicenseKeyId, LicensePatch, LicenseProvider, Result, StatusChange};
use anykey_http::Pacer;
use anykey_polar_sim::{
    ActivationSpec, BenefitSpec, CustomerSpec, EndpointSpec, Environment as Installation, GrantSpec,
    PolarSim, Release, Scope,
};

use super::shop::{Fate, SampleKeys, Shop, not_opened, remember, take_seats};
use super::webhooks::{Webhooks, address};

/// Polar's server with an organization that has granted `keys` keys.
///
/// The vendor tells each of them to the address `webhooks` with its own name behind it, and what happens later.
///
/// # Errors
///
/// Only when the simulator turns down what is made here.
pub async fn polar_shop(clock: impl Into<Clock>, keys: u32, webhooks: Option<&str>) -> Result<Shop> {
    let clock = clock.into();
    let now = clock.now();
    let sim =
        PolarSim::builder(clock).environment(Installation::Development).release(Release::October2026).build();
    let endpoint = webhooks
        .map(|url| sim.add_webhook_endpoint(EndpointSpec::new(address(url, polar::NAME))))
        .transpose()
        .map_err(not_opened)?;
    let organization = sim.organization_id();
    let token = sim
        .organization_token(organization, [Scope::LicenseKeysRead, Scope::LicenseKeysWrite])
        .map_err(not_opened)?;
    let seats = ActivationSpec { limit: 3, enable_customer_admin: true };
    let benefit = BenefitSpec { prefix: Some("EDITOR".to_owned()), ..BenefitSpec::default() };
    let with_seats = BenefitSpec { activations: Some(seats), ..benefit.clone() };
    let with_seats = sim.add_benefit(with_seats).map_err(not_opened)?;
    let metered = sim.add_benefit(BenefitSpec { limit_usage: Some(100), ..benefit }).map_err(not_opened)?;
    let mut customers = Vec::new();
    for (name, email) in [("Ada Example", "ada@example.com"), ("Grace Example", "grace@example.com")] {
        let customer = CustomerSpec {
            name: Some(name.to_owned()),
            email: Some(email.to_owned()),
            ..CustomerSpec::default()
        };
        customers.push(sim.add_customer(customer).map_err(not_opened)?);
    }
    let provider = PolarProvider::builder(organization.to_string())
        .environment(Environment::Sandbox)
        .token(token.clone())
        .transport(Arc::new(sim.clone()))
        .management_pacer(Pacer::unlimited())
        .build()?;
    let mut samples = SampleKeys::default();
    for (fate, customer) in Fate::of(keys).zip(customers.iter().cycle()) {
        let granted = sim
            .grant(match fate {
                Fate::Subscribed => GrantSpec::subscription(with_seats, *customer),
                Fate::Special => GrantSpec::order(metered, *customer),
                _ => GrantSpec::order(with_seats, *customer),
            })
            .map_err(not_opened)?;
        take_seats(&provider, &granted.key, fate).await?;
        let mut patch = LicensePatch::new();
        if let Some(end) = fate.end(now) {
            patch = patch.expiry(end);
        }
        if fate == Fate::Disabled {
            patch = patch.status(StatusChange::Disable);
        }
        if patch != LicensePatch::new() {
            provider.update(&LicenseKeyId::from(granted.id.to_string()), patch).await?;
        }
        remember(&mut samples, &granted.key, fate);
    }
    Ok(Shop {
        provider: polar::NAME,
        webhooks: endpoint.map(|endpoint| Webhooks::new(endpoint.secret, sim.clone())),
        transport: Arc::new(sim),
        token,
        organization_id: Some(organization.to_string()),
        samples,
    })
}

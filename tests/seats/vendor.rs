//! Both vendors with some keys, and the ways to them: a device's, a seller's, and one without faults.

use std::sync::Arc;

use anykey::{Clock, InstallationMark, KeyCode, LicenseKeyId, LicenseProvider, ManualClock};
use anykey_dodo::DodoProvider;
use anykey_dodo_sim::{ApiKeyScope, DodoSim, KeySpec};
use anykey_http::{HttpTransport, Pacer};
use anykey_polar::PolarProvider;
use anykey_polar_sim::{ActivationSpec, BenefitSpec, CustomerSpec, GrantSpec, PolarSim, Scope};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Vendor {
    Dodo,
    Polar,
}

pub(crate) struct Shop {
    pub(crate) transport: Arc<dyn HttpTransport>,
    pub(crate) keys: Vec<(LicenseKeyId, KeyCode)>,
    vendor: Vendor,
    organization: String,
    token: String,
}

impl Vendor {
    /// A shop with `keys` keys of `seats` seats each.
    pub(crate) fn shop(self, keys: usize, seats: u32) -> Shop {
        let clock = Clock::from(ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap()));
        match self {
            Self::Dodo => {
                let sim = DodoSim::new(clock);
                let activations_limit = Some(i32::try_from(seats).unwrap());
                let spec = KeySpec { activations_limit, ..KeySpec::default() };
                let issued = sim.issue_many(keys, &spec).unwrap();
                let key =
                    |key: anykey_dodo_sim::IssuedKey| (key.id.as_str().into(), KeyCode::verbatim(key.key));
                Shop {
                    keys: issued.into_iter().map(key).collect(),
                    vendor: self,
                    organization: String::new(),
                    token: sim.api_key(ApiKeyScope::ReadWrite),
                    transport: Arc::new(sim),
                }
            }
            Self::Polar => {
                let sim = PolarSim::new(clock);
                let activations = Some(ActivationSpec { limit: seats, enable_customer_admin: false });
                let benefit = sim.add_benefit(BenefitSpec { activations, ..BenefitSpec::default() }).unwrap();
                let customer = sim.add_customer(CustomerSpec::default()).unwrap();
                let sold = sim.grant_all((0..keys).map(|_| GrantSpec::order(benefit, customer))).unwrap();
                let key = |key: anykey_polar_sim::GrantedKey| {
                    (key.id.to_string().as_str().into(), KeyCode::verbatim(key.key))
                };
                Shop {
                    keys: sold.into_iter().map(key).collect(),
                    vendor: self,
                    organization: sim.organization_id().to_string(),
                    token: sim.organization_token(sim.organization_id(), [Scope::LicenseKeysWrite]).unwrap(),
                    transport: Arc::new(sim),
                }
            }
        }
    }
}

impl Shop {
    pub(crate) fn organization(&self) -> &str {
        &self.organization
    }

    /// What ships in the app: no credential.
    pub(crate) fn device(&self, transport: Arc<dyn HttpTransport>) -> Arc<dyn LicenseProvider> {
        self.provider(transport, false)
    }

    /// What the seller's server uses.
    pub(crate) fn seller(&self, transport: Arc<dyn HttpTransport>) -> Arc<dyn LicenseProvider> {
        self.provider(transport, true)
    }

    /// The marks of all seats of `key` at the vendor.
    pub(crate) async fn marks(&self, key: &LicenseKeyId) -> Vec<InstallationMark> {
        let seats = self.seller(self.transport.clone()).activations(key).await.unwrap();
        seats
            .iter()
            .map(|seat| InstallationMark::in_label(&seat.label).expect("every seat is marked"))
            .collect()
    }

    fn provider(&self, transport: Arc<dyn HttpTransport>, with_token: bool) -> Arc<dyn LicenseProvider> {
        match self.vendor {
            Vendor::Dodo => {
                let mut builder = DodoProvider::builder()
                    .base_url("http://localhost".parse().unwrap())
                    .transport(transport)
                    .device_pacer(Pacer::unlimited())
                    .management_pacer(Pacer::unlimited());
                if with_token {
                    builder = builder.token(self.token.as_str());
                }
                Arc::new(builder.build().unwrap())
            }
            Vendor::Polar => {
                let mut builder = PolarProvider::builder(self.organization.as_str())
                    .transport(transport)
                    .device_pacer(Pacer::unlimited())
                    .management_pacer(Pacer::unlimited());
                if with_token {
                    builder = builder.token(self.token.as_str());
                }
                Arc::new(builder.build().unwrap())
            }
        }
    }
}

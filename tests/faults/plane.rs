//! The providers under test: each vendor in each plane, on its simulator, with one key and one seat.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anykey::{
    ActivateRequest, ActivationId, Clock, CustomerId, KeyCode, LicenseKeyId, LicenseProvider, ManualClock,
    ProductId,
};
use anykey_dodo::{DodoProvider, LicenseKeysApi};
use anykey_dodo_sim::{ApiKeyScope, DodoSim, KeySpec};
use anykey_http::{HttpTransport, Pacer, RetryPolicy};
use anykey_polar::PolarProvider;
use anykey_polar_sim::{ActivationSpec, BenefitSpec, CustomerSpec, GrantSpec, PolarSim, Scope};
use anykey_testkit::transport::RecordingTransport;
use url::Url;

use crate::call::Call;
use crate::trouble::Trouble;
use crate::watch::Watch;

/// The code of the key, which nothing may print.
pub(crate) const CODE: &str = "PLANTED-4f1c9d27-CODE";
const EMAIL: &str = "planted.buyer@example.com";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plane {
    DodoDevice,
    DodoManagement,
    DodoGrants,
    PolarPublic,
    PolarPortal,
    PolarOrganization,
}

/// A provider, what it knows, and the record of what it sends.
pub(crate) struct World {
    pub(crate) provider: Arc<dyn LicenseProvider>,
    pub(crate) key: LicenseKeyId,
    pub(crate) code: KeyCode,
    pub(crate) seat: ActivationId,
    pub(crate) customer: CustomerId,
    pub(crate) product: ProductId,
    pub(crate) secrets: Vec<String>,
    recording: RecordingTransport<Arc<dyn HttpTransport>>,
    fresh: AtomicU32,
}

/// A vendor with one key, before a provider talks to it.
pub(crate) struct Shop {
    pub(crate) vendor: Arc<dyn HttpTransport>,
    organization: String,
    credential: Option<String>,
    key: String,
    customer: String,
    product: String,
}

impl Plane {
    pub(crate) const ALL: [Self; 6] = [
        Self::DodoDevice,
        Self::DodoManagement,
        Self::DodoGrants,
        Self::PolarPublic,
        Self::PolarPortal,
        Self::PolarOrganization,
    ];

    pub(crate) const fn is_polar(self) -> bool {
        matches!(self, Self::PolarPublic | Self::PolarPortal | Self::PolarOrganization)
    }

    pub(crate) const fn calls(self) -> &'static [Call] {
        use Call::*;
        match self {
            Self::DodoDevice => &[Validate, ValidateSeat, Activate, Deactivate],
            Self::DodoManagement => {
                &[List, Get, Create, Update, Activations, Validate, ValidateSeat, Activate, Deactivate]
            }
            Self::DodoGrants => &[List, Get, Activations],
            Self::PolarPublic => &[Validate, ValidateSeat, ValidateCounted, Activate, Deactivate],
            Self::PolarPortal => {
                &[List, Get, Rotate, Validate, ValidateSeat, ValidateCounted, Activate, Deactivate]
            }
            Self::PolarOrganization => &[
                List,
                Get,
                Update,
                Rotate,
                Activations,
                Validate,
                ValidateSeat,
                ValidateCounted,
                Activate,
                Deactivate,
            ],
        }
    }

    /// Every pair of a plane and one of its calls.
    pub(crate) fn cases() -> impl Iterator<Item = (Self, Call)> {
        Self::ALL.into_iter().flat_map(|plane| plane.calls().iter().map(move |call| (plane, *call)))
    }

    pub(crate) fn shop(self) -> Shop {
        let clock = Clock::from(ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap()));
        if self.is_polar() { self.polar_shop(clock) } else { self.dodo_shop(clock) }
    }

    /// A new shop with a key and a seat; from then on `trouble` is on every request.
    pub(crate) async fn world(self, trouble: &Trouble) -> World {
        let shop = self.shop();
        let vendor = trouble.on(shop.vendor.clone());
        self.world_of(shop, vendor, |_| {}).await
    }

    pub(crate) async fn world_of(
        self,
        shop: Shop,
        transport: Arc<dyn HttpTransport>,
        tune: impl FnOnce(&mut Tuning),
    ) -> World {
        let calm = self.provider(&shop, shop.vendor.clone(), Tuning::default());
        let code = KeyCode::parse(CODE).unwrap();
        let seat = calm.activate(ActivateRequest::new(code.clone(), "first")).await.unwrap();
        let recording = RecordingTransport::new(transport);
        let mut tuning = Tuning::default();
        tune(&mut tuning);
        let secrets = shop.credential.iter().cloned().chain([CODE.to_owned(), EMAIL.to_owned()]);
        World {
            provider: self.provider(&shop, Arc::new(recording.clone()), tuning),
            key: shop.key.as_str().into(),
            code,
            seat: seat.id,
            customer: shop.customer.as_str().into(),
            product: shop.product.as_str().into(),
            secrets: secrets.collect(),
            recording,
            fresh: AtomicU32::new(0),
        }
    }

    fn dodo_shop(self, clock: Clock) -> Shop {
        let sim = DodoSim::new(clock);
        let customer = sim.add_customer("Buyer", EMAIL);
        let spec = KeySpec {
            key: Some(CODE.to_owned()),
            customer: Some(customer),
            activations_limit: Some(5),
            ..KeySpec::default()
        };
        let issued = sim.issue(spec).unwrap();
        let credential = (self != Self::DodoDevice).then(|| sim.api_key(ApiKeyScope::ReadWrite));
        Shop {
            vendor: Arc::new(sim),
            organization: String::new(),
            credential,
            key: issued.id,
            customer: issued.customer_id,
            product: issued.product_id,
        }
    }

    fn polar_shop(self, clock: Clock) -> Shop {
        let sim = PolarSim::new(clock);
        let email = Some(EMAIL.to_owned());
        let customer = sim.add_customer(CustomerSpec { email, ..CustomerSpec::default() }).unwrap();
        let activations = Some(ActivationSpec { limit: 5, enable_customer_admin: true });
        let benefit = sim.add_benefit(BenefitSpec { activations, ..BenefitSpec::default() }).unwrap();
        let sold = sim.grant(GrantSpec::order(benefit, customer).key(CODE)).unwrap();
        let organization = sim.organization_id();
        let credential = match self {
            Self::PolarPortal => Some(sim.customer_session(customer).unwrap()),
            Self::PolarOrganization => {
                Some(sim.organization_token(organization, [Scope::LicenseKeysWrite]).unwrap())
            }
            _ => None,
        };
        Shop {
            vendor: Arc::new(sim),
            organization: organization.to_string(),
            credential,
            key: sold.id.to_string(),
            customer: customer.to_string(),
            product: benefit.to_string(),
        }
    }

    fn provider(
        self,
        shop: &Shop,
        transport: Arc<dyn HttpTransport>,
        tuning: Tuning,
    ) -> Arc<dyn LicenseProvider> {
        // Before the first call of the process: `tracing` caches whether anybody listens.
        let _listens = Watch::start();
        let Tuning { base_url, retry, deadline } = tuning;
        if !self.is_polar() {
            let mut builder = DodoProvider::builder()
                .base_url(base_url)
                .transport(transport)
                .retry(retry)
                .device_pacer(Pacer::unlimited())
                .management_pacer(Pacer::unlimited());
            if self == Self::DodoGrants {
                builder = builder.license_keys(LicenseKeysApi::Grants);
            }
            if let Some(deadline) = deadline {
                builder = builder.deadline(deadline);
            }
            if let Some(credential) = &shop.credential {
                builder = builder.token(credential.as_str());
            }
            return Arc::new(builder.build().unwrap());
        }
        let mut builder = PolarProvider::builder(shop.organization.as_str())
            .base_url(base_url)
            .transport(transport)
            .retry(retry)
            .device_pacer(Pacer::unlimited())
            .management_pacer(Pacer::unlimited());
        if let Some(deadline) = deadline {
            builder = builder.deadline(deadline);
        }
        builder = match (&shop.credential, self) {
            (Some(session), Self::PolarPortal) => builder.session_token(session.as_str()),
            (Some(token), _) => builder.token(token.as_str()),
            (None, _) => builder,
        };
        Arc::new(builder.build().unwrap())
    }
}

/// What a case may choose about the provider.
pub(crate) struct Tuning {
    pub(crate) base_url: Url,
    pub(crate) retry: RetryPolicy,
    pub(crate) deadline: Option<std::time::Duration>,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            base_url: Url::parse("https://vendor.example").unwrap(),
            retry: RetryPolicy::new(),
            deadline: None,
        }
    }
}

impl World {
    /// How many requests were sent.
    pub(crate) fn sent(&self) -> usize {
        self.recording.requests().len()
    }

    pub(crate) fn fresh_code(&self) -> String {
        format!("{CODE}-{}", self.fresh.fetch_add(1, Ordering::Relaxed))
    }
}

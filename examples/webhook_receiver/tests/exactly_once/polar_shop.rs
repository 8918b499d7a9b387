//! A seller at Polar.

use anykey::{Clock, ErrorKind, LicenseKey, LicensePatch, LicenseProvider, SignedDuration, StatusChange};
use anykey_polar_sim::kit::WebhookSender;
use anykey_polar_sim::{
    BenefitSpec, CustomerSpec, EndpointSpec, GrantSpec, PolarSim, Release, Timeframe, Ttl, Uuid,
};
use serde_json::json;

use crate::random::Random;
use crate::shop::CUSTOMERS;

pub(crate) struct PolarShop {
    pub(crate) sim: PolarSim,
    pub(crate) webhook_secret: String,
    customers: Vec<Uuid>,
    benefits: [Uuid; 2],
    keys: Vec<Uuid>,
}

impl PolarShop {
    pub(crate) fn open(clock: impl Into<Clock>) -> Self {
        // The first release that tells of rotations.
        let sim = PolarSim::builder(clock).release(Release::October2026).build();
        let endpoint =
            sim.add_webhook_endpoint(EndpointSpec::new("http://receiver.test/webhooks/polar")).unwrap();
        sim.change_webhook_quirks(|quirks| {
            quirks.seed = 7;
            quirks.duplicates = 8;
            quirks.lost_answers = 6;
            quirks.overtaking = 20;
            quirks.max_delay = SignedDuration::from_secs(90);
            quirks.unknown_events = 2;
        });
        let customers = (0..CUSTOMERS).map(|_| sim.add_customer(CustomerSpec::default()).unwrap()).collect();
        let year = Some(Ttl { count: 1, timeframe: Timeframe::Year });
        let benefits = [None, year]
            .map(|expires| sim.add_benefit(BenefitSpec { expires, ..BenefitSpec::default() }).unwrap());
        Self { sim, webhook_secret: endpoint.secret, customers, benefits, keys: Vec::new() }
    }

    pub(crate) async fn change(&mut self, provider: &dyn LicenseProvider, random: &mut Random) {
        let drawn = random.below(100);
        let key = match self.keys.len() {
            0 => None,
            count => self.keys.get(random.often_recent(count)).copied(),
        };
        let Some(key) = key.filter(|_| drawn >= 40) else { return self.sell(random) };
        let id = key.to_string().into();
        match drawn {
            40..55 => allowed(provider.rotate(&id).await),
            55..70 => self.sim.renew_grant(key).unwrap(),
            70..78 => self.sim.end_grant(key).unwrap(),
            78..84 => self.sim.resume_grant(key).unwrap(),
            84 => self.sim.announce("benefit_grant.updated", &json!({"planted": "nobody can read this"})),
            85..88 => {
                let spec = GrantSpec::order(self.benefits[0], self.customers[random.below(CUSTOMERS)]);
                self.sim.fail_grant(&spec, "planted").unwrap();
            }
            _ => {
                let status =
                    [StatusChange::Disable, StatusChange::Enable, StatusChange::Revoke][random.below(3)];
                allowed(provider.update(&id, LicensePatch::new().status(status)).await);
            }
        }
        self.sim.run_jobs();
    }

    fn sell(&mut self, random: &mut Random) {
        let customer = self.customers[random.below(CUSTOMERS)];
        let spec = match random.below(3) {
            0 => GrantSpec::subscription(self.benefits[0], customer),
            benefit => GrantSpec::order(self.benefits[benefit - 1], customer),
        };
        self.keys.push(self.sim.grant(spec).unwrap().id);
    }
}

/// A revoked key cannot be rotated, among others; anything else is a fault of the test.
fn allowed(changed: anykey::Result<LicenseKey>) {
    if let Err(error) = changed {
        assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    }
}

//! A seller at Dodo.

use anykey::{Clock, SignedDuration};
use anykey_dodo_sim::kit::WebhookSender;
use anykey_dodo_sim::{DodoSim, EndpointSpec, IssuedKey, KeySpec, Purchase, SubscriptionState};
use serde_json::json;

use crate::random::Random;
use crate::shop::CUSTOMERS;

pub(crate) struct DodoShop {
    pub(crate) sim: DodoSim,
    pub(crate) webhook_secret: String,
    keys: Vec<IssuedKey>,
}

impl DodoShop {
    pub(crate) fn open(clock: impl Into<Clock>) -> Self {
        let sim = DodoSim::new(clock);
        let endpoint =
            sim.add_webhook_endpoint(EndpointSpec::new("http://receiver.test/webhooks/dodo")).unwrap();
        sim.change_webhook_quirks(|quirks| {
            quirks.seed = 7;
            quirks.duplicates = 8;
            quirks.lost_answers = 6;
            quirks.overtaking = 20;
            // Short: a request tells the state of when it is sent, and this is before the next change.
            quirks.max_delay = SignedDuration::from_secs(4);
            quirks.unknown_events = 2;
        });
        // Otherwise the vendor sends no event, and no receiver can know.
        sim.change_event_quirks(|quirks| quirks.disabling_has_events = true);
        Self { sim, webhook_secret: endpoint.secret, keys: Vec::new() }
    }

    pub(crate) fn change(&mut self, random: &mut Random) {
        let drawn = random.below(100);
        if drawn < 40 || self.keys.is_empty() {
            return self.sell(random);
        }
        let key = self.keys.get(random.often_recent(self.keys.len())).unwrap().clone();
        match (drawn, &key.subscription_id, &key.payment_id) {
            (40..52, _, _) => drop(self.sim.disable(&key.id)),
            (52..64, _, _) => drop(self.sim.enable(&key.id)),
            (64..68, _, _) => drop(self.sim.revoke(&key.id)),
            (68, _, _) => {
                self.sim.announce("entitlement_grant.delivered", json!({"planted": "nobody can read this"}));
            }
            (69..75, Some(subscription), _) => {
                self.keys.extend(self.sim.change_plan(subscription, "pdt_other"))
            }
            (75..80, Some(subscription), _) => {
                let state = [SubscriptionState::Ended, SubscriptionState::Expired][random.below(2)];
                self.sim.set_subscription(subscription, state);
            }
            (80..90, Some(subscription), _) => {
                self.sim.set_subscription(subscription, SubscriptionState::OnHold);
                self.sim.set_subscription(subscription, SubscriptionState::Active);
            }
            (_, Some(subscription), _) => drop(self.sim.renew(subscription)),
            (69..85, None, Some(payment)) => drop(self.sim.refund(payment)),
            _ => self.sell(random),
        }
    }

    fn sell(&mut self, random: &mut Random) {
        let purchase = [Purchase::OneTime, Purchase::Subscription][random.below(2)].clone();
        let expires_at = (purchase == Purchase::OneTime && random.below(2) == 0)
            .then(|| "2030-01-01T00:00:00Z".parse().unwrap());
        let customer = Some(format!("cus_{}", random.below(CUSTOMERS)));
        let spec = KeySpec { customer, purchase, expires_at, ..KeySpec::default() };
        self.keys.push(self.sim.issue(spec).unwrap());
    }
}

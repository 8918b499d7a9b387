//! A seller at two vendors, and what happens to what was sold.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anykey::{
    Config, LicenseProviderExt, ListQuery, ManualClock, Providers, Registry, SignedDuration, Timestamp,
    WebhookReceiver,
};
use anykey_dodo_sim::ApiKeyScope;
use anykey_dodo_sim::kit::{DeliveryId, DeliveryOutcome, WebhookSender};
use anykey_polar_sim::Scope;
use anykey_testkit::LoopbackServer;
use bytes::Bytes;
use futures_util::TryStreamExt;
use http::{Request, StatusCode};

use crate::dodo_shop::DodoShop;
use crate::polar_shop::PolarShop;
use crate::random::Random;
use crate::table::{KeyRow, Name};

pub(crate) const CUSTOMERS: usize = 60;

pub(crate) struct Shop {
    pub(crate) clock: ManualClock,
    pub(crate) config: String,
    dodo: DodoShop,
    polar: PolarShop,
    providers: Providers,
    receivers: BTreeMap<String, Arc<dyn WebhookReceiver>>,
    random: Random,
    _servers: [LoopbackServer; 2],
}

/// A request of either vendor.
pub(crate) struct Sending {
    pub(crate) vendor: &'static str,
    pub(crate) request: Request<Bytes>,
    id: SendingId,
}

#[derive(Clone, Copy)]
enum SendingId {
    Dodo(DeliveryId),
    Polar(DeliveryId),
}

/// What the vendor makes of an answer.
pub(crate) enum Outcome {
    Settled,
    Retried,
    GivenUp,
}

impl Shop {
    pub(crate) async fn open(folder: &Path) -> Self {
        let start: Timestamp = "2026-11-02T10:00:00Z".parse().unwrap();
        let clock = ManualClock::at(start);
        let (dodo, polar) = (DodoShop::open(clock.clone()), PolarShop::open(clock.clone()));
        let organization = polar.sim.organization_id();
        let scopes = [Scope::LicenseKeysRead, Scope::LicenseKeysWrite];
        let secret = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::write(&path, text).unwrap();
            format!("{{ file = {:?} }}", path.to_str().unwrap())
        };
        let servers = [
            LoopbackServer::start(Arc::new(dodo.sim.clone())).await.unwrap(),
            LoopbackServer::start(Arc::new(polar.sim.clone())).await.unwrap(),
        ];
        let config = format!(
            "default = \"dodo\"\n\
             [providers.dodo]\nprovider = \"dodo\"\npacing = false\nbase_url = \"{}\"\ntoken = {}\n\
             webhook_secrets = [{}]\n\
             [providers.polar]\nprovider = \"polar\"\npacing = false\nbase_url = \"{}\"\ntoken = {}\n\
             webhook_secrets = [{}]\norganization_id = \"{organization}\"\n",
            servers[0].url(),
            secret("dodo_token", &dodo.sim.api_key(ApiKeyScope::ReadOnly)),
            secret("dodo_webhooks", &dodo.webhook_secret),
            servers[1].url(),
            secret("polar_token", &polar.sim.organization_token(organization, scopes).unwrap()),
            secret("polar_webhooks", &polar.webhook_secret),
        );
        let parsed = Config::from_toml(&config).unwrap();
        let receiver = |name: &str| {
            let receiver = Registry::builtin().build_webhooks(name, parsed.provider(name).unwrap());
            (name.to_owned(), receiver.unwrap())
        };
        let receivers = parsed.names().map(receiver).collect();
        let providers = Providers::open(&parsed).unwrap();
        Self { clock, config, dodo, polar, providers, receivers, random: Random(3), _servers: servers }
    }

    /// One change at either vendor.
    pub(crate) async fn change(&mut self) {
        self.clock.advance(SignedDuration::from_millis(1_500));
        self.dodo.change(&mut self.random);
        let polar = self.providers.get("polar").unwrap();
        self.polar.change(&*polar, &mut self.random).await;
    }

    /// What is due, but no more than `most` of either vendor.
    pub(crate) fn take(&self, most: usize) -> Vec<Sending> {
        let dodo = std::iter::from_fn(|| self.dodo.sim.next_delivery()).take(most).map(|delivery| Sending {
            vendor: "dodo",
            request: delivery.request,
            id: SendingId::Dodo(delivery.id),
        });
        let polar = std::iter::from_fn(|| self.polar.sim.next_delivery()).take(most);
        dodo.chain(polar.map(|delivery| Sending {
            vendor: "polar",
            request: delivery.request,
            id: SendingId::Polar(delivery.id),
        }))
        .collect()
    }

    pub(crate) fn answered(&self, sending: &Sending, answer: Option<StatusCode>) -> Outcome {
        match sending.id {
            SendingId::Dodo(id) => match self.dodo.sim.answered(id, answer) {
                DeliveryOutcome::Retried { .. } => Outcome::Retried,
                DeliveryOutcome::GivenUp => Outcome::GivenUp,
                _ => Outcome::Settled,
            },
            SendingId::Polar(id) => match self.polar.sim.answered(id, answer) {
                DeliveryOutcome::Retried { .. } => Outcome::Retried,
                DeliveryOutcome::GivenUp => Outcome::GivenUp,
                _ => Outcome::Settled,
            },
        }
    }

    pub(crate) fn next_delivery_at(&self) -> Option<Timestamp> {
        [self.dodo.sim.next_delivery_at(), self.polar.sim.next_delivery_at()].into_iter().flatten().min()
    }

    pub(crate) fn undelivered(&self) -> usize {
        self.dodo.sim.undelivered() + self.polar.sim.undelivered()
    }

    pub(crate) fn receiver(&self, vendor: &str) -> &dyn WebhookReceiver {
        &**self.receivers.get(vendor).unwrap()
    }

    /// Every key, as the vendors themselves list it.
    pub(crate) async fn truth(&self) -> BTreeMap<Name, KeyRow> {
        let mut truth = BTreeMap::new();
        for (name, provider) in self.providers.iter() {
            let mut keys = provider.keys(ListQuery::new());
            while let Some(key) = keys.try_next().await.unwrap() {
                truth.insert((name.to_owned(), key.id.to_string()), KeyRow::of(&key));
            }
        }
        truth
    }
}

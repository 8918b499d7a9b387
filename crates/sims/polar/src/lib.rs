//! Polar's license-key API in memory, for tests and demonstrations.
//!
//! [`PolarSim`] behaves as the vendor's server does, down to texts, headers and the order of checks,
//! and is an [`HttpTransport`](anykey_core::HttpTransport): give it to the adapter, or to any client that can use one, in place
//! of the network. Everything under `/v1/customer-portal/license-keys` and `/v1/license-keys` is
//! there, and `POST /v1/customer-sessions/`; every other path is unknown.
//!
//! Methods do what happens outside the API: sales, refunds, deletions of customers, tokens. Time comes from the given clock only, and identifiers repeat with the seed.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use anykey_core::{ManualClock, Timestamp};
//! use anykey_core::HttpTransport;
//! use anykey_polar_sim::{BenefitSpec, CustomerSpec, GrantSpec, PolarSim};
//!
//! let sim = PolarSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
//! let customer = sim.add_customer(CustomerSpec::default())?;
//! let benefit = sim.add_benefit(BenefitSpec::default())?;
//! let sold = sim.grant(GrantSpec::order(benefit, customer))?;
//!
//! let body = format!(r#"{{"key":"{}","organization_id":"{}"}}"#, sold.key, sim.organization_id());
//! let request = http::Request::post("https://api.polar.sh/v1/customer-portal/license-keys/validate")
//!     .header("content-type", "application/json")
//!     .header("content-length", body.len())
//!     .body(body.into())?;
//! assert_eq!(sim.send(request).await?.status(), 200);
//! assert_eq!(sim.key(sold.id).map(|key| key.validations), Some(1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! # Requirements on requests
//!
//! A `POST`, `PUT` or `PATCH` without a `Content-Length` header is refused with 411, as on the wire:
//! set the header even if the transport that is used in production would add it. The address
//! that rate limits go by is taken from `True-Client-IP`, else it is the same for every request.
//!
//! # Webhooks
//!
//! Endpoints are [added](PolarSim::add_webhook_endpoint) by a method, and get the events from then on: `benefit_grant.*`, `customer.state_changed` 15 seconds after the last change of a
//! customer, and `benefit.updated`. The recorded [`Release`] sends nothing for an update or a rotation of
//! a key; [`Release::October2026`] does, and names the version of its payloads. The vendor's attempt to
//! keep the events of the last minute in order is not simulated.
//!
//! # Not simulated
//!
//! OAuth and browser sessions, the network's own faults, and the edge in front of the
//! real API. Avatar addresses have the right shape but not the right digest.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod access;
mod authentication;
mod cors;
mod dashboard;
mod documents;
mod error;
mod ids;
mod jobs;
mod json;
mod key_edits;
mod key_status;
mod lifecycle;
mod moment;
mod operations;
mod options;
mod overlaps;
mod pipeline;
mod rate_limit;
mod records;
mod reply;
mod routes;
mod server;
mod simulated;
mod specs;
mod state;
mod switches;
mod tokens;
mod validation;
mod webhooks;

pub use anykey_sim_kit as kit;
pub use error::SimError;
pub use options::{ApiVersion, Environment, RateGroup, Release, Scope};
pub use server::{PolarSim, PolarSimBuilder};
pub use simulated::{SIMULATOR, SimulatedPolar};
pub use specs::{
    ActivationSpec, BenefitSpec, BillingAddress, CustomerSpec, GrantSpec, GrantedKey, KeyState, MemberSpec,
    OrganizationSpec, Timeframe, Ttl,
};
#[doc(no_inline)]
pub use uuid::Uuid;
pub use webhooks::{EndpointSpec, WebhookEndpoint, WebhookSecret};

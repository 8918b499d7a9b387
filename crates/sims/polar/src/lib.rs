//! A simulator of Polar's license-key API, in memory, for tests and demonstrations.
//!
//! [`PolarSim`] behaves like the vendor's server, including texts, headers and the order of checks. It is an
//! [`HttpTransport`](anykey_core::HttpTransport): pass it to the adapter, or to any other client of that trait,
//! instead of a network transport. It simulates everything under `/v1/customer-portal/license-keys` and
//! `/v1/license-keys`, `POST /v1/customer-sessions/` and `GET /v1/benefit-grants/`; every other path is unknown.
//!
//! Its methods are the actions outside the API: sales, refunds, deletions of customers, tokens. Time is the given
//! clock, and ids are determined by the seed.
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
//! A `POST`, `PUT` or `PATCH` without a `Content-Length` header is answered with 411, as by the real server: set the
//! header even if the transport in production adds it. The client address for rate limits is the header
//! `True-Client-IP`; without it, all requests have the same address.
//!
//! # Webhooks
//!
//! [`add_webhook_endpoint`](PolarSim::add_webhook_endpoint) adds an endpoint, which receives later events:
//! `benefit_grant.*`, `customer.state_changed` 15 seconds after the last change of a customer, and `benefit.updated`.
//! The recorded [`Release`] sends nothing for an update or a rotation of a key; [`Release::October2026`] does, and
//! its payloads contain their version. The vendor's best-effort ordering of the events of the last minute is not
//! simulated.
//!
//! # Not simulated
//!
//! OAuth and browser sessions, network faults, and the CDN in front of the real API. Avatar URLs have the right shape
//! but not the right digest.
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
mod key_actions;
mod key_edits;
mod key_records;
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

/// The example of the README, which is tested with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

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

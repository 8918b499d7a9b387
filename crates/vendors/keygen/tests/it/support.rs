//! A simulated vendor, providers for it, and scripted answers.

use std::sync::Arc;

use anykey_core::{KeyCode, ManualClock, RefusalReason, Result, ValidateRequest, Validation};
use anykey_http::Pacer;
use anykey_keygen::{KeygenBuilder, KeygenProvider};
use anykey_keygen_sim::kit::SimulatedVendor;
use anykey_keygen_sim::{IssuedLicense, KeygenSim, LicenseSpec, PolicySpec, SimulatedKeygen};
use anykey_testkit::transport::{RecordedRequest, ScriptedTransport};

pub(crate) const CODE: &str = "C1B6DE-39A6E3-DE1529-8559A0-4AF593-V3";
pub(crate) const LICENSE: &str = "aaaaaaaa-0000-4000-8000-000000000001";
pub(crate) const MACHINE: &str = "bbbbbbbb-0000-4000-8000-000000000002";
pub(crate) const PRODUCT: &str = "cccccccc-0000-4000-8000-000000000003";
pub(crate) const POLICY: &str = "dddddddd-0000-4000-8000-000000000004";
pub(crate) const OWNER: &str = "eeeeeeee-0000-4000-8000-000000000005";

pub(crate) fn code(text: &str) -> KeyCode {
    KeyCode::parse(text).unwrap()
}

/// A provider on scripted answers, with a token.
pub(crate) fn scripted(transport: &ScriptedTransport) -> KeygenProvider {
    KeygenProvider::builder("demo")
        .token("admin-planted")
        .policy(PRODUCT, POLICY)
        .transport(Arc::new(transport.clone()))
        .pacer(Pacer::unlimited())
        .build()
        .unwrap()
}

/// The requests that were sent, each with method, path, query, credential and body.
pub(crate) fn sent(transport: &ScriptedTransport) -> Vec<String> {
    transport.assert_finished();
    transport.requests().iter().map(wire).collect()
}

fn wire(request: &RecordedRequest) -> String {
    let credential = request.header("authorization").unwrap_or("-");
    let target = request.uri().path_and_query().unwrap();
    format!("{} {target} | {credential} | {}", request.method(), request.text().unwrap())
}

pub(crate) struct Fixture {
    pub(crate) clock: ManualClock,
    pub(crate) vendor: SimulatedKeygen,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let clock = ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap());
        let vendor = SimulatedKeygen::new(KeygenSim::new(clock.clone()).unwrap());
        Self { clock, vendor }
    }

    pub(crate) fn sim(&self) -> &KeygenSim {
        self.vendor.sim()
    }

    pub(crate) fn builder(&self) -> KeygenBuilder {
        KeygenProvider::builder(self.sim().account_id())
            .transport(self.vendor.transport())
            .pacer(Pacer::unlimited())
    }

    pub(crate) fn device(&self) -> KeygenProvider {
        self.builder().build().unwrap()
    }

    pub(crate) fn management(&self) -> KeygenProvider {
        self.builder().token(self.sim().admin_token()).build().unwrap()
    }

    /// A license of a new policy of the first product.
    pub(crate) fn issue(&self, policy: PolicySpec) -> IssuedLicense {
        let policy = self.sim().add_policy(&self.vendor.products()[0], policy);
        self.sim().issue(LicenseSpec { policy: Some(policy), ..LicenseSpec::default() }).unwrap()
    }
}

pub(crate) fn request(license: &IssuedLicense) -> ValidateRequest {
    ValidateRequest::new(code(&license.key))
}

/// The verdict and Keygen's word for it.
pub(crate) fn said(validation: Result<Validation>) -> (Option<RefusalReason>, String) {
    let validation = validation.unwrap();
    let reason = validation.refusal().map(|refusal| refusal.reason);
    (reason, validation.status_word.unwrap_or_default().into())
}

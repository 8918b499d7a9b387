//! The conformance suite.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anykey::adapter::KeyCodeExt as _;
use anykey::{
    ActivationLimit, KeyCode, LicenseKeyId, LicenseProvider, ManualClock, StatusChange, Timestamp,
    async_trait,
};
use anykey_testkit::conformance::{IssueSpec, IssuedKey, Subject, Which};

use crate::acme::AcmeProvider;

struct Acme {
    provider: AcmeProvider,
    clock: ManualClock,
    sold: AtomicU32,
}

impl Acme {
    fn new() -> Self {
        Self {
            provider: AcmeProvider::default(),
            clock: ManualClock::at(Timestamp::UNIX_EPOCH),
            sold: AtomicU32::new(0),
        }
    }
}

#[async_trait]
impl Subject for Acme {
    fn provider(&self) -> Arc<dyn LicenseProvider> {
        Arc::new(self.provider.clone())
    }

    /// Acme keeps no customers, and its codes do not expire.
    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        let plain = spec.customer == Which::First
            && spec.seat_lifetime.is_none()
            && !spec.by_subscription
            && !spec.other_environment;
        let product = if spec.product == Which::First { "app" } else { "other-app" };
        let seats = match spec.activation_limit {
            ActivationLimit::AtMost(seats) => seats,
            ActivationLimit::NotAllowed => 0,
            _ => return None,
        };
        if !plain || spec.expires_at.is_some() || spec.usage_limit.is_some() {
            return None;
        }
        let number = self.sold.fetch_add(1, Ordering::Relaxed);
        let code = KeyCode::verbatim(format!("ACME-SECRET-{number:04}"));
        let id = self.provider.sell(code.clone(), product.into(), seats);
        Some(IssuedKey::new(id, code, product, "anybody"))
    }

    /// Acme cannot disable a code.
    async fn set_status(&self, _: &LicenseKeyId, _: StatusChange) -> Option<()> {
        None
    }

    fn clock(&self) -> &ManualClock {
        &self.clock
    }
}

anykey_testkit::conformance!(acme, Acme::new());

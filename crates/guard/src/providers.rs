//! The providers that a guard can ask.

use std::sync::Arc;

use anykey_core::LicenseProvider;

use crate::machine::ProviderInfo;
use crate::record::ProofSubject;
use crate::{HeldProof, Issuer, SeatRecord};

/// The providers of a guard: the current one, then the former ones.
#[derive(Clone, Debug)]
pub(crate) struct Providers(Vec<Arc<dyn LicenseProvider>>);

impl Providers {
    pub(crate) fn new(current: Arc<dyn LicenseProvider>, former: Vec<Arc<dyn LicenseProvider>>) -> Self {
        Self(std::iter::once(current).chain(former).collect())
    }

    /// These providers as the former ones of `current`.
    pub(crate) fn with_current(&self, current: Arc<dyn LicenseProvider>) -> Self {
        Self::new(current, self.0.clone())
    }

    /// The provider at an index of [`info`](Self::info).
    pub(crate) fn get(&self, at: usize) -> Option<&Arc<dyn LicenseProvider>> {
        self.0.get(at)
    }

    /// Verifies the proof in a record that was read, and removes it when the provider of its vendor does not accept it.
    pub(crate) fn verify_proof(&self, record: &mut SeatRecord) {
        let Some(held) = &mut record.held else { return };
        let Some(unverified) = held.proof.take() else { return };
        let mut of_vendor = self.0.iter().filter(|one| Issuer::of(&***one).is_same_account(&held.issuer));
        let subject =
            ProofSubject { code: &held.code, activation: held.activation.as_ref(), mark: record.mark };
        held.proof = of_vendor.find_map(|one| HeldProof::verified(&**one, subject, unverified.proof.clone()));
    }

    /// What the rules about seats have to know about each provider.
    pub(crate) fn info(&self) -> Vec<ProviderInfo> {
        let info = |provider: &Arc<dyn LicenseProvider>| ProviderInfo {
            issuer: Issuer::of(&**provider),
            capabilities: provider.capabilities(),
        };
        self.0.iter().map(info).collect()
    }
}

use std::sync::Arc;

use anykey_core::LicenseProvider;

use crate::Issuer;
use crate::machine::Reach;

/// The providers that a guard can ask: the current one, and those that the app sold through before.
#[derive(Clone, Debug)]
pub(crate) struct Providers(Vec<Arc<dyn LicenseProvider>>);

impl Providers {
    pub(crate) fn new(current: Arc<dyn LicenseProvider>, former: Vec<Arc<dyn LicenseProvider>>) -> Self {
        Self(std::iter::once(current).chain(former).collect())
    }

    /// The same providers behind `current`.
    pub(crate) fn behind(&self, current: Arc<dyn LicenseProvider>) -> Self {
        Self::new(current, self.0.clone())
    }

    pub(crate) fn get(&self, at: usize) -> Option<&Arc<dyn LicenseProvider>> {
        self.0.get(at)
    }

    /// What the rules about seats have to know of them.
    pub(crate) fn reach(&self) -> Vec<Reach> {
        let reach = |provider: &Arc<dyn LicenseProvider>| Reach {
            issuer: Issuer::of(&**provider),
            capabilities: provider.capabilities(),
        };
        self.0.iter().map(reach).collect()
    }
}

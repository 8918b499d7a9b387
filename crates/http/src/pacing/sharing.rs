//! How the clients of a provider get pacers that are shared.

use std::fmt;
use std::sync::Arc;

use super::Pacer;

/// Makes the pacers of a provider shared with other processes, for registries: an
/// [extension](anykey_core::adapter::BuildContext::with_extension) that each client of an adapter applies to its pacer.
///
/// ```
/// use anykey_http::{Pacer, SharedPacing};
///
/// // A store of budgets calls `Pacer::shared` here.
/// let sharing = SharedPacing::new(|_account, pacer: &Pacer| pacer.clone());
/// ```
#[derive(Clone)]
pub struct SharedPacing(Arc<Share>);

type Share = dyn Fn(&str, &Pacer) -> Pacer + Send + Sync;

impl SharedPacing {
    /// Makes a pacer shared by `share`, which gets the name of its account and the pacer. The account is named after
    /// the vendor's address and the limits, such as `api.acme.test-3x1000`: letters, digits, `.`, `-` and `_`.
    #[must_use]
    pub fn new(share: impl Fn(&str, &Pacer) -> Pacer + Send + Sync + 'static) -> Self {
        Self(Arc::new(share))
    }

    /// The shared form of `pacer` for the vendor at `address`. One without limits is not shared.
    pub(crate) fn share(&self, address: &str, pacer: &Pacer) -> Pacer {
        if pacer.limits().is_empty() {
            return pacer.clone();
        }
        (self.0)(&super::account::name(address, pacer.limits()), pacer)
    }
}

impl fmt::Debug for SharedPacing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedPacing").finish_non_exhaustive()
    }
}

//! What a test can look at without a request.

use super::GumroadSim;

/// Lookups for tests. They count as no request and need no token.
impl GumroadSim {
    /// The use counter of the license of a sale; `None` if it is unknown.
    #[must_use]
    pub fn uses(&self, sale_id: &str) -> Option<u64> {
        let state = self.lock();
        let license = state.sale_by_id(sale_id)?.license?;
        state.licenses.get(&license).map(|license| license.uses)
    }

    /// Whether the license of a sale is disabled; `None` if it is unknown.
    #[must_use]
    pub fn is_disabled(&self, sale_id: &str) -> Option<bool> {
        let state = self.lock();
        let license = state.sale_by_id(sale_id)?.license?;
        state.licenses.get(&license).map(|license| license.disabled)
    }

    /// The current license key of a sale; `None` if it is unknown.
    #[must_use]
    pub fn license_key(&self, sale_id: &str) -> Option<String> {
        let state = self.lock();
        let license = state.sale_by_id(sale_id)?.license?;
        state.licenses.get(&license).map(|license| license.key.clone())
    }

    /// The number of sales of this seller, test purchases included.
    #[must_use]
    pub fn sale_count(&self) -> usize {
        self.lock().sales.values().filter(|sale| sale.seller == self.seller).count()
    }
}

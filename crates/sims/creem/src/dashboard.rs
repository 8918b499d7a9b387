//! The seller's actions: selling licenses, disabling them, subscriptions, API keys.

use std::sync::Arc;

use anykey_core::Timestamp;
use anykey_sim_kit::KeyTaken;

use super::key_spec::{IssuedKey, KeySpec};
use super::records::{ApiKey, Customer, License, Product};
use super::time::to_millis;
use super::{CreemSim, Mode};

/// Actions of the seller in the dashboard, and purchases. Each method acts for the store of this handle.
///
/// They take effect at once and count as no request.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_creem_sim::{CreemSim, KeySpec, LicenseStatus};
///
/// # fn main() -> Result<(), anykey_creem_sim::KeyTaken> {
/// let sim = CreemSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let monthly = sim.issue(KeySpec { by_subscription: true, ..KeySpec::default() })?;
/// assert!(sim.activate(&monthly.id, "laptop").is_some());
/// assert_eq!(sim.license_status(&monthly.id), Some(LicenseStatus::Active));
///
/// assert!(sim.end_subscription(&monthly.id));
/// assert_eq!(sim.license_status(&monthly.id), Some(LicenseStatus::Expired));
/// # Ok(())
/// # }
/// ```
impl CreemSim {
    /// The id of the store that this handle acts for.
    #[must_use]
    pub fn store_id(&self) -> &str {
        &self.store
    }

    /// Adds another store and returns a handle that acts for it. As transports both handles are the same; the licenses
    /// of one store are unknown to the API keys of another.
    #[must_use]
    pub fn other_store(&self) -> Self {
        let store = self.lock().add_store();
        Self { clock: self.clock.clone(), state: self.state.clone(), store }
    }

    /// Adds a customer and returns the id.
    pub fn add_customer(&self, name: &str, email: &str) -> String {
        let mut state = self.lock();
        let id = state.ids.id("cust_");
        if let Some(store) = state.database.stores.get_mut(&self.store) {
            store.customers.push(Customer { id: Arc::clone(&id), name: name.into(), email: email.into() });
        }
        id.to_string()
    }

    /// Adds a product and returns the id.
    pub fn add_product(&self, name: &str) -> String {
        let mut state = self.lock();
        let id = state.ids.id("prod_");
        if let Some(store) = state.database.stores.get_mut(&self.store) {
            store.products.push(Product { id: Arc::clone(&id), name: name.into() });
        }
        id.to_string()
    }

    /// Completes a checkout, which issues its licenses; returns the first one.
    ///
    /// # Errors
    ///
    /// [`KeyTaken`] if `spec` names a key string that exists.
    ///
    /// A checkout of several units has a license for each; the others are in the list of the customer's licenses.
    pub fn issue(&self, spec: KeySpec) -> Result<IssuedKey, KeyTaken> {
        let now = self.now();
        self.lock().issue(&self.store, spec, now)
    }

    /// Disables the license with this id; false if it is unknown.
    ///
    /// It sends no event: the vendor has none about a license's state (documentation, 2026).
    pub fn disable(&self, id: &str) -> bool {
        self.change(id, |license| license.disabled = true)
    }

    /// Enables the license with this id; false if it is unknown.
    pub fn enable(&self, id: &str) -> bool {
        self.change(id, |license| license.disabled = false)
    }

    /// Sets or clears the expiry of the license with this id; false if it is unknown.
    pub fn set_expiry(&self, id: &str, at: Option<Timestamp>) -> bool {
        self.change(id, |license| license.expires_at = at.map(to_millis))
    }

    /// Refunds the order of the license with this id, which disables its licenses; false if it is unknown.
    ///
    /// The vendor's events about refunds say nothing about licenses; that they are disabled is a choice.
    pub fn refund(&self, id: &str) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let Some(order) = state.database.licenses.get(id).map(|license| Arc::clone(&license.order)) else {
            return false;
        };
        for license in state.database.licenses.values_mut().filter(|license| license.order == order) {
            license.disabled = true;
        }
        state.announce_refund(id, now);
        true
    }

    /// Opens a dispute about the order of the license with this id, which changes no license; false if it is unknown.
    pub fn dispute(&self, id: &str) -> bool {
        let now = self.now();
        self.lock().announce_dispute(id, now)
    }

    /// Ends the subscription of the license with this id, so that the license expires; false without a subscription.
    pub fn end_subscription(&self, id: &str) -> bool {
        self.move_subscription(id, true, "expired")
    }

    /// Resumes the subscription of the license with this id; false without a subscription.
    pub fn resume_subscription(&self, id: &str) -> bool {
        self.move_subscription(id, false, "active")
    }

    /// Activates the license with this id as another device does, and returns the instance's id. `None` if the license
    /// is unknown, disabled or expired, or has no free seat.
    pub fn activate(&self, id: &str, name: &str) -> Option<String> {
        let now = self.now();
        let mut state = self.lock();
        let license = state.database.licenses.get(id)?;
        if license.is_full() || license.disabled || license.is_expired(now) {
            return None;
        }
        state.add_instance(id, name, now).map(|instance| instance.to_string())
    }

    /// Sets the word that documents of the license with this id have as `status`; `None` restores the real status. The
    /// behaviour of the license does not change. False if it is unknown.
    pub fn force_status_word(&self, id: &str, word: Option<&str>) -> bool {
        self.change(id, |license| license.status_word = word.map(str::to_owned))
    }

    /// Creates an API key of this store for one mode, with every scope.
    #[must_use]
    pub fn api_key(&self, mode: Mode) -> String {
        self.add_api_key(mode, true)
    }

    /// Creates an API key of this store for one mode, without the scopes of the simulated calls.
    ///
    /// Calls with it are answered with 403.
    #[must_use]
    pub fn api_key_without_scopes(&self, mode: Mode) -> String {
        self.add_api_key(mode, false)
    }

    /// Revokes an API key with immediate effect; false if it is unknown or already revoked.
    pub fn revoke_api_key(&self, api_key: &str) -> bool {
        self.lock().database.api_keys.remove(api_key).is_some()
    }

    fn add_api_key(&self, mode: Mode, scoped: bool) -> String {
        let mut state = self.lock();
        let key = state.ids.id(mode.key_prefix()).to_string();
        let record = ApiKey { store: Arc::clone(&self.store), mode, scoped };
        state.database.api_keys.insert(key.clone(), record);
        key
    }

    /// Changes a license without an event; false if it is unknown.
    fn change(&self, id: &str, change: impl FnOnce(&mut License)) -> bool {
        self.lock().database.licenses.get_mut(id).map(change).is_some()
    }

    /// Sets whether a subscription is paid, for all licenses that follow it, and sends its event.
    fn move_subscription(&self, id: &str, unpaid: bool, status: &str) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let found = state.database.licenses.get(id).and_then(|license| license.subscription.clone());
        let Some(subscription) = found else { return false };
        for license in state.database.licenses.values_mut() {
            if license.subscription.as_ref() == Some(&subscription) {
                license.unpaid = unpaid;
            }
        }
        state.announce_subscription(id, status, now);
        true
    }
}
